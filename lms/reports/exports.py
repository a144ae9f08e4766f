"""The same figures as files: CSV that opens right in Norwegian Excel, and XLSX with real numbers (S20, I27)."""

import datetime
import io
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook

from lms.reports.selection import Selection
from lms.reports.shapes import Report, Table
from mentoring.spreadsheet import cell_of, csv_file, sheet_title, slug_of

# Of a file name without its ending: every file system takes it.
MOST_SIGNS = 195


def head_of(report: Report, words: list[str]) -> list[list[Any]]:
    """What stands over the tables of the numbers: what they are of, when they were counted, and each figure.

    `words` say what was chosen beside the period.
    """
    chosen = report.chosen
    head: list[list[Any]] = [
        [_("Interne tall. Små tall kan vise hvem det gjelder.")],
        [_("Periode"), chosen.start.isoformat(), chosen.end.isoformat()],
        *selection_rows(chosen, words),
        [_("Talt"), when(report.counted_at)],
        [],
        [_("Tall"), _("I perioden"), _("Perioden før"), _("Hva som telles")],
    ]
    for group in report.groups:
        head.append([group.title])
        head += [[figure.title, figure.value, figure.before, figure.definition] for figure in group.figures]
    return head


def selection_rows(chosen: Selection, words: list[str]) -> list[list[Any]]:
    """What was chosen, as the page says it, and the address that shows the same."""
    return [[_("Utvalg"), "; ".join(words) or _("alle")], [_("Adresse"), f"{reverse('numbers')}?{chosen.address()}"]]


def csv_of(head: list[list[Any]], tables: list[Table]) -> bytes:
    """What stands on top, then each table with its title and what it counts."""
    rows = list(head)
    for table in tables:
        rows += [[], [table.title], [table.definition], list(table.columns), *table.rows]
        rows += [list(table.total)] if table.total else []
    return csv_file(rows)


def xlsx_of(head: list[list[Any]], tables: list[Table]) -> bytes:
    """One sheet of what stands on top, and one for each table."""
    book = Workbook(write_only=True)
    first = book.create_sheet(_("Tall"))
    first.column_dimensions["A"].width, first.column_dimensions["D"].width = 34, 90
    for row in head:
        first.append([cell_of(first, value, is_head=len(row) == 1) for value in row])
    for number, table in enumerate(tables, start=1):
        sheet = book.create_sheet(sheet_title(number, table.title))
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 30
        sheet.append([cell_of(sheet, title, is_head=True) for title in table.columns])
        for row in [*table.rows, *([table.total] if table.total else [])]:
            sheet.append([cell_of(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def when(at: datetime.datetime) -> str:
    """A moment as it is written in Norway."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def file_name(chosen: Selection, ending: str, words: list[str], begins: str = "refleks-tall") -> str:
    """For instance refleks-tall-2026-01-01-2026-11-22-sektor-barnehage.csv, at most 200 signs; `words` as above."""
    named = [slug_of(each) for each in words]
    name = "-".join([begins, chosen.start.isoformat(), chosen.end.isoformat(), *named])
    return name[:MOST_SIGNS].rstrip("-") + f".{ending}"
