"""Lists of rows as files, however long: CSV while it is read, and XLSX row by row on disk (L10, S20)."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook

from lms.reports.lists import PIECE
from mentoring.spreadsheet import cell_of, harmless

# Excel itself takes a million, but whoever asks would wait too long.
MOST_IN_EXCEL = 100_000


def csv_pieces(head: Iterable[list[Any]], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """The file piece by piece: semicolons, CRLF and a mark of order, as Excel with Norwegian settings wants them."""
    yield b"\xef\xbb\xbf" + _lines(head)
    left = iter(rows)
    while piece := list(islice(left, PIECE)):
        yield _lines(piece)


def xlsx_on_disk(head: list[list[Any]], rows: Iterable[list[Any]], title: str) -> IO[bytes]:
    """The file, open at its beginning; it is gone when it is closed. The last row of `head` names the columns."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 32
    for row in head:
        sheet.append([cell_of(sheet, value, is_head=row is head[-1]) for value in row])
    for row in rows:
        # No text that could be a formula is left, so plain values will do, and take half the time.
        sheet.append([harmless(value) for value in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless("" if value is None else value) for value in row] for row in rows)
    return text.getvalue().encode()
