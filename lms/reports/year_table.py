"""A table of the year: typed cells that can be kept as JSON, and how they are written in bokmål (R094, R101, I27)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.translation import gettext as _

from lms.reports.shapes import Table

MEAN, PERCENT = "mean", "percent"


@dataclass(frozen=True)
class YearTable(Table):
    """A table with the heading it stands under, how each column is written, and words below it.

    Cells are texts, whole numbers and means; "" is what nobody knows. The words are the first column.
    """

    section: str = ""
    formats: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def format_of(self, column: int) -> str:
        """How the cells of `column` are written: MEAN, PERCENT, or "" for as they are."""
        return self.formats[column] if column < len(self.formats) else ""

    @property
    def shown_rows(self) -> list[list[str]]:
        """The rows as they are written in page, DOCX and PDF."""
        return [self._shown(row) for row in self.rows]

    @property
    def shown_total(self) -> list[str]:
        """The sums in the same way; empty where nothing is summed."""
        return self._shown(self.total)

    @property
    def numeric(self) -> list[bool]:
        """Of each column whether it holds numbers, which stand to the right."""
        columns = range(len(self.columns))
        return [all(_is_number(row[column]) or row[column] == "" for row in self.rows) for column in columns]

    def _shown(self, row: list[Any]) -> list[str]:
        return [shown(value, self.format_of(column)) for column, value in enumerate(row)]


def kept(told: dict[str, Any]) -> YearTable:
    """A table from what was kept of it, also by an older product that knew fewer fields."""
    known = {one.name for one in fields(YearTable)}
    return YearTable(**{name: value for name, value in told.items() if name in known})


def shown(value: Any, written: str = "") -> str:
    """A cell in bokmål: thousands apart by a no-break space, a mean with one decimal and comma."""
    if value is None or value == "":
        return ""
    if written == MEAN and _is_number(value):
        return f"{value:.1f}".replace(".", ",")
    if written == PERCENT and _is_number(value):
        return f"{value}\xa0%"
    return f"{value:,}".replace(",", "\xa0") if isinstance(value, int) else str(value)


def blank(value: Any) -> Any:
    """The cell of what nobody knows."""
    return "" if value is None else value


def total_of(rows: list[list[Any]], columns: Iterable[int]) -> list[Any]:
    """The sums of `columns`, blank elsewhere and where nothing is known: a total is always worked out (R101)."""
    if not rows:
        return []
    summed = set(columns)
    return [_("Sum")] + [
        _sum(row[index] for row in rows) if index in summed else "" for index in range(1, len(rows[0]))
    ]


def _sum(cells: Iterable[Any]) -> Any:
    known = [cell for cell in cells if _is_number(cell)]
    return sum(known) if known else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
