"""Rows as files for spreadsheets: CSV that opens right in Norwegian Excel, and XLSX with typed cells (S20)."""

import csv
import datetime
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": CSV, "xlsx": XLSX}

# Signs that are no signs: XML cannot hold them, and a whole list must not fail on one.
NO_SIGNS = "\ufffe\uffff"
SHEET_NAME = 31
# What no name ends with when it is made shorter.
LITTLE_WORDS = frozenset("av fra for i med og om på til".split())
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, full-width signs included; numbers and dates stay what they are.

    Signs that XML cannot hold are left out.
    """
    if not isinstance(value, str):
        return value
    value = "".join(sign for sign in value if sign in "\t\r\n" or not _is_unseen(sign))
    plain = unicodedata.normalize("NFKC", value).lstrip()
    return f"'{value}" if value.startswith(FORMULA_STARTS) or plain.startswith(FORMULA_STARTS) else value


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in NO_SIGNS


def rows_file(rows: Iterable[Sequence[Any]], kind: str, title: str) -> bytes:
    """The rows as a file of `kind`, which is one of TYPES; `title` is the name of the sheet."""
    return csv_file(rows) if kind == "csv" else xlsx_file(rows, title)


def dated_name(begins: str, name: str, kind: str) -> str:
    """What the file is called when it is saved today: gruppeliste-solbakken-barnehage-2026-11-22.csv."""
    parts = [begins, slug_of(name), timezone.localdate().isoformat()]
    return "-".join(part for part in parts if part) + f".{kind}"


def slug_of(words: str) -> str:
    """`words` as a part of the name of a file, at most 60 signs: "Sektor: Barnehage" is sektor-barnehage."""
    plain = words.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return slugify(plain)[:60].strip("-")


def sheet_title(number: int, title: str) -> str:
    """A name that Excel takes: at most 31 signs, none of those it forbids, no two alike, no word cut in two."""
    words = "".join(sign for sign in title if sign not in "[]:*?/\\'").split()
    room = SHEET_NAME - len(f"{number} ")
    while len(words) > 1 and (len(" ".join(words)) > room or words[-1] in LITTLE_WORDS):
        words.pop()
    return f"{number} {' '.join(words)[:room].rstrip(',. ')}".strip()


def file_answer(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, under this name."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})


def csv_file(rows: Iterable[Sequence[Any]]) -> bytes:
    """Semicolons, CRLF and a mark of order, as Excel with Norwegian settings wants them."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless("" if value is None else value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """One sheet; the first row is its head."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 32
    for number, row in enumerate(rows):
        sheet.append([cell_of(sheet, value, is_head=number == 0) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell_of(sheet: Any, value: Any, *, is_head: bool = False) -> WriteOnlyCell:
    """A cell of a sheet that is written row by row; a text is never a formula, a date looks like one."""
    value = harmless(value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # openpyxl takes a text that begins with = for a formula unless it is told.
        cell.data_type = "s"
    elif isinstance(value, datetime.date):
        cell.number_format = "yyyy-mm-dd"
    if is_head:
        cell.font = Font(bold=True)
    return cell
