"""Bars as SVG made here: no script, no inline style. The table beside them says the same (A16)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.reports.shapes import Table

WIDTH, GAP, HEIGHT = 720, 4, 180
MOST_BARS = 60
MOST_ROWS = 12


@dataclass(frozen=True)
class Bar:
    """A bar in the units of the drawing, with the words that name it."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True)
class Chart:
    """Bars of one or two series side by side, and a sentence that says what they show."""

    bars: list[Bar]
    summary: str
    series: list[str]
    first: str
    last: str
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(table: Table) -> Chart | None:
    """The chart of `table`, or None for one that has none, is empty, has too many rows to draw, or bars in
    its rows."""
    if not table.chart or stands_in_rows(table) or len(table.rows) > MOST_BARS:
        return None
    top = max((value for row in table.rows for value in row[1:]), default=0)
    if not top:
        return None
    place = WIDTH / len(table.rows)
    series = len(table.columns) - 1
    width = max((place - GAP) / series, 1)
    bars = [
        _bar(
            index * place + number * width,
            width,
            value / top,
            number,
            f"{row[0]}, {table.columns[number + 1]}: {grouped(value)}",
        )
        for index, row in enumerate(table.rows)
        for number, value in enumerate(row[1:])
    ]
    summary = " ".join(_said(table, column) for column in range(1, series + 1))
    return Chart(bars, summary, table.columns[1:], str(table.rows[0][0]), str(table.rows[-1][0]), top)


def stands_in_rows(table: Table) -> bool:
    """Whether it is few numbers with long names: then the bars stand in the table itself, each beside its number."""
    return table.chart and len(table.columns) == 2 and len(table.rows) <= MOST_ROWS


def _said(table: Table, column: int) -> str:
    """The sum and the highest in words."""
    name, total = table.columns[column], sum(row[column] for row in table.rows)
    if not total:
        return _("%(name)s: ingen.") % {"name": name}
    most = max(table.rows, key=lambda row: row[column])
    return _("%(name)s: %(total)s til sammen, flest: %(most)s (%(high)s).") % {
        "name": name,
        "total": grouped(total),
        "most": most[0],
        "high": grouped(most[column]),
    }


def grouped(number: int) -> str:
    """A whole number in groups of three, as one writes it in Norway (I27)."""
    return f"{number:,}".replace(",", "\xa0")


def _bar(x: float, width: float, share: float, series: int, title: str) -> Bar:
    height = max(share * (HEIGHT - 10), 1 if share else 0)
    return Bar(round(x, 1), round(HEIGHT - height, 1), round(width, 1), round(height, 1), series, title)
