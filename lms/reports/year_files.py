"""The year as CSV that opens right in Norwegian Excel, and as XLSX with real numbers (S20, I27)."""

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from lms.reports.year_document import YearDocument, plain
from lms.reports.year_table import MEAN, PERCENT, YearTable
from mentoring.spreadsheet import cell_of, csv_file, sheet_title

WRITTEN = {MEAN: "0.0", PERCENT: '0" %"', "": "#,##0"}


def year_csv_of(document: YearDocument) -> bytes:
    """What stands over the tables, then each table as on the page. Numbers have a comma and no space in them."""
    rows: list[list[Any]] = [[document.title], [document.centre], [document.status]]
    for _heading, tables in document.sections:
        for number, table in tables:
            rows += [[], [caption_of(number, table)], list(table.columns), *_plain_rows(table)]
            rows += [[words] for words in [table.definition, *table.notes] if words]
    return csv_file([*rows, *_notes(document)])


def year_xlsx_of(document: YearDocument) -> bytes:
    """A sheet of what the report is and of what does not add up, and one for each table."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = plain(document.title), plain(document.centre)
    book.properties.language = "nb-NO"
    first = book.create_sheet(_("Rapporten"))
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 100, 40
    for row in [[document.title], [document.centre], [document.status], *_notes(document)]:
        cells = [cell_of(first, value, is_head=row == [document.title]) for value in row]
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        first.append(cells)
    for _heading, tables in document.sections:
        for number, table in tables:
            _add_sheet(book, number, table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def caption_of(number: int, table: YearTable) -> str:
    """«Tabell 3. Familier og personer på opphold og samlinger»."""
    return _("Tabell") + f" {number}. {table.title}"


def _add_sheet(book: Workbook, number: int, table: YearTable) -> None:
    sheet = book.create_sheet(sheet_title(number, plain(table.title)))
    for place in range(len(table.columns)):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = 44 if place == 0 else 14
    sheet.append([cell_of(sheet, caption_of(number, table), is_head=True)])
    sheet.append([])
    heads = [cell_of(sheet, name, is_head=True) for name in table.columns]
    for cell in heads:
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    sheet.append(heads)
    for row in table.rows:
        sheet.append(_cells(sheet, table, row, bold=False))
    if table.total:
        sheet.append(_cells(sheet, table, table.total, bold=True))
    sheet.append([])
    for words in [table.definition, *table.notes]:
        if words:
            sheet.append([cell_of(sheet, words)])


def _cells(sheet: Any, table: YearTable, row: list[Any], *, bold: bool) -> list[Any]:
    cells = [cell_of(sheet, None if value == "" else value, is_head=bold) for value in row]
    for place, cell in enumerate(cells):
        if isinstance(row[place], int | float):
            cell.number_format = WRITTEN[table.format_of(place)]
        elif bold:
            cell.font = Font(bold=True)
    return cells


def _plain_rows(table: YearTable) -> list[list[Any]]:
    rows = [*table.rows, *([table.total] if table.total else [])]
    return [[_written(value, table.format_of(place)) for place, value in enumerate(row)] for row in rows]


def _written(value: Any, written: str) -> Any:
    # With a dot, Norwegian Excel takes 6.5 for the sixth of May.
    if written == MEAN and isinstance(value, int | float):
        return f"{value:.1f}".replace(".", ",")
    if written == PERCENT and isinstance(value, int):
        return f"{value} %"
    return value


def _notes(document: YearDocument) -> list[list[Any]]:
    rows: list[list[Any]] = []
    if document.flags:
        rows += [[], [_("Merknader til tallene")], *([flag] for flag in document.flags)]
    if document.corrections:
        rows += [[], [_("Rettelser")], *([text, signed] for text, signed in document.corrections)]
    return rows
