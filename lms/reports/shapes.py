"""What numbers are shown as: single figures, and tables. The same for page, CSV and Excel."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from lms.reports.selection import Selection


@dataclass(frozen=True)
class Figure:
    """A number, what it counts, and the same number of the period before (None where that says nothing).

    `share` is whole percent of those enrolled, where it is a part of them.
    """

    key: str
    title: str
    value: int
    definition: str
    before: int | None = None
    share: int | None = None


@dataclass(frozen=True)
class FigureGroup:
    """Figures that belong together under a heading."""

    key: str
    title: str
    figures: list[Figure]


@dataclass(frozen=True)
class Table:
    """A table as it is shown and exported. The first columns are words, the others numbers; `total` sums the latter
    where that makes sense, for people cannot be added up. `narrower` is, for each row, the address that shows only it.
    """

    key: str
    title: str
    columns: list[str]
    rows: list[list[Any]]
    definition: str
    total: list[Any] = field(default_factory=list)
    chart: bool = False
    narrower: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """Everything that is shown for a selection, and when it was counted (R105). `left_out` says what could not be."""

    chosen: Selection
    counted_at: datetime.datetime
    groups: list[FigureGroup]
    tables: list[Table]
    left_out: list[str] = field(default_factory=list)
    lessons_at: datetime.datetime | None = None

    def figure(self, group: str, key: str) -> Figure:
        """The figure with this key in the group with that one. Raises StopIteration for another."""
        figures = next(found.figures for found in self.groups if found.key == group)
        return next(figure for figure in figures if figure.key == key)

    def table(self, key: str) -> Table | None:
        """The table with this key, if it has rows."""
        return next((table for table in self.tables if table.key == key), None)
