"""The same figures as files: CSV that opens right in Norwegian Excel, and XLSX with real numbers (S20, I27)."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from lms.reports.figures import Report

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, full-width signs included; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value.lstrip())
    return f"'{value}" if value.startswith(FORMULA_STARTS) or plain.startswith(FORMULA_STARTS) else value


def rows_of(report: Report) -> Iterator[list[Any]]:
    """Everything on the page, row by row: first what it is of and when it was counted, then figures, then tables."""
    chosen = report.chosen
    yield [_("Interne tall. Små tall kan vise hvem det gjelder.")]
    yield [_("Periode"), chosen.start.isoformat(), chosen.end.isoformat()]
    yield [_("Utvalg"), chosen.address()]
    yield [_("Talt"), date_format(localtime(report.counted_at), "SHORT_DATETIME_FORMAT")]
    yield []
    yield [_("Tall"), _("I perioden"), _("Perioden før"), _("Hva som telles")]
    for group in report.groups:
        yield [group.title]
        for figure in group.figures:
            yield [figure.title, figure.value, figure.before, figure.definition]
    for table in report.tables:
        yield []
        yield [table.title]
        yield list(table.columns)
        yield from table.rows
        if table.total:
            yield list(table.total)


def csv_of(report: Report) -> bytes:
    """Semicolons, CRLF and a mark of order, as Excel with Norwegian settings wants them."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless("" if value is None else value) for value in row] for row in rows_of(report))
    return text.getvalue().encode("utf-8-sig")


def xlsx_of(report: Report) -> bytes:
    """One sheet of figures and one for each table."""
    book = Workbook(write_only=True)
    figures = book.create_sheet(_("Tall"))
    figures.column_dimensions["A"].width, figures.column_dimensions["D"].width = 34, 90
    tables = {table.title: table for table in report.tables}
    for row in rows_of(report):
        if row and row[0] in tables and len(row) == 1:
            break
        figures.append([_cell(figures, value, bold=len(row) == 1) for value in row])
    for table in report.tables:
        sheet = book.create_sheet(table.title[:31])
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 30
        sheet.append([_cell(sheet, title, bold=True) for title in table.columns])
        for row in [*table.rows, *([table.total] if table.total else [])]:
            sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def file_name(report: Report, ending: str) -> str:
    """For instance refleks-tall-2026-01-01-2026-11-22-fylke-03.csv."""
    chosen = report.chosen
    parts = {
        "kurs": chosen.course and str(chosen.course)[:8],
        "pakke": chosen.package,
        "gruppetype": chosen.kind,
        "sektor": chosen.sector,
        "yrke": chosen.profession,
        "fylke": chosen.county,
        "kommune": chosen.municipality,
    }
    named = [f"{name}-{value}".replace("_", "-") for name, value in parts.items() if value]
    return "-".join(["refleks-tall", chosen.start.isoformat(), chosen.end.isoformat(), *named]) + f".{ending}"


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, "" if value is None else value)
    if isinstance(value, str):
        # openpyxl takes a text that begins with = for a formula unless it is told.
        cell.data_type = "s"
        cell.value = harmless(value)
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
