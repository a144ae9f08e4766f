"""A release as tables. Everything is read from the stored numbers, so what somebody chooses only picks cells (P15)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.accounts.models import User
from lms.norwegian import in_norwegian_order
from lms.openfigures.models import Release
from lms.openfigures.protection import ALL

# Bars are drawn in hundredths of the longest.
WIDTH = 100


@dataclass(frozen=True)
class Row:
    """A line of a table: people enrolled and people who have completed; None is hidden. `width` is that of the bar of
    each, in hundredths of the longest."""

    name: str
    enrolled: int | None
    completed: int | None
    width: tuple[float, float] = (0, 0)


@dataclass(frozen=True)
class Table:
    """Rows under a heading, with what they are all together."""

    key: str
    title: str
    head: str
    rows: list[Row]
    total: Row
    summary: str


@dataclass(frozen=True)
class Grid:
    """All counties by all sectors, of one state."""

    key: str
    title: str
    sectors: list[str]
    rows: list[tuple[str, list[int | None]]]


class Figures:
    """The numbers of a release by place and sector, and the names that go with them."""

    def __init__(self, release: Release):
        self.release = release
        numbers = release.numbers
        self._people = {(place, sector): (shown, done) for place, sector, shown, done in numbers["people"]}
        self.events: dict[str, int | None] = {name: count or None for name, count in numbers["events"].items()}
        labels = {str(key): str(label) for key, label in User.Sector.choices}
        counties = sorted(numbers["counties"], key=lambda county: in_norwegian_order(county[1]))
        self.counties: dict[str, str] = dict(counties) | {"": _("Ikke oppgitt")}
        told = dict.fromkeys(sector for _place, sector in self._people if sector not in {"", ALL})
        self.sectors: dict[str, str] = {key: labels.get(key, key) for key in told} | {"": _("Ikke oppgitt")}
        towns = sorted(numbers["municipalities"], key=lambda town: in_norwegian_order(town[1]))
        self.towns: dict[str, tuple[str, str]] = {number: (name, county) for number, name, county in towns}

    def row(self, name: str, place: str = ALL, sector: str = ALL) -> Row:
        """The numbers of a place and a sector under `name`."""
        enrolled, completed = self._people[place, sector]
        return Row(name, enrolled or None, completed or None)

    def tables(self, county: str | None, sector: str | None) -> list[Table]:
        """What is shown of a choice: by county, by sector, or for both chosen nothing but their own line."""
        tables = []
        if county is None:
            rows = [self.row(name, number, sector or ALL) for number, name in self.counties.items()]
            tables.append(_table("fylke", _("Etter fylke"), _("Fylke"), rows, self.chosen(county, sector)))
        if sector is None:
            rows = [self.row(name, county or ALL, key) for key, name in self.sectors.items()]
            tables.append(_table("sektor", _("Etter sektor"), _("Sektor"), rows, self.chosen(county, sector)))
        towns = [(number, name) for number, (name, of) in self.towns.items() if of == county]
        if towns and sector is None:
            rows = [self.row(name, number) for number, name in towns]
            tables.append(_table("kommune", _("Etter kommune"), _("Kommune"), rows, self.chosen(county, sector)))
        return tables

    def chosen(self, county: str | None, sector: str | None) -> Row:
        """The line of what was chosen; all of Norway when nothing was."""
        names = [
            self.counties[county] if county is not None else "",
            self.sectors[sector] if sector is not None else "",
        ]
        place, work = (ALL if value is None else value for value in (county, sector))
        return self.row(", ".join(name for name in names if name) or _("Alle"), place, work)

    def grids(self) -> list[Grid]:
        """The whole table of counties and sectors, once for each state."""
        titles = {"enrolled": _("Påmeldte etter fylke og sektor"), "completed": _("Fullført etter fylke og sektor")}
        places = [*self.counties.items(), (ALL, _("Alle"))]
        works = [*self.sectors, ALL]
        return [
            Grid(
                state,
                title,
                [*self.sectors.values(), _("Alle")],
                [(name, [getattr(self.row("", place, work), state) for work in works]) for place, name in places],
            )
            for state, title in titles.items()
        ]


def _table(key: str, title: str, head: str, rows: list[Row], total: Row) -> Table:
    top = max((row.enrolled or 0 for row in rows), default=0)
    drawn = [
        Row(row.name, row.enrolled, row.completed, (_share(row.enrolled, top), _share(row.completed, top)))
        for row in rows
    ]
    return Table(key, title, head, drawn, total, _summary(rows))


def _share(value: int | None, top: int) -> float:
    return round(WIDTH * (value or 0) / top, 1) if top else 0


def _summary(rows: Iterable[Row]) -> str:
    shown = sorted((row for row in rows if row.enrolled), key=lambda row: -(row.enrolled or 0))
    if not shown:
        return _("Alle linjene er skjult ennå: de gjelder for få.")
    words = {"name": shown[0].name, "count": f"{shown[0].enrolled:,}".replace(",", "\xa0"), "shown": len(shown)}
    text = ngettext(
        "Flest påmeldte: %(name)s, minst %(count)s. Det vises tall på %(shown)s linje.",
        "Flest påmeldte: %(name)s, minst %(count)s. Det vises tall på %(shown)s linjer.",
        len(shown),
    )
    return text % words
