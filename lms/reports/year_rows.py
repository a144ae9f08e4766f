"""The tables of what is registered by hand, each with the years before beside it (R070-R074, R100-R103)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from lms.reports.models import CapacityRow, Offering, OtherFigure, StayRow, WebFigure
from lms.reports.year_checks import use_of
from lms.reports.year_labels import as_in
from lms.reports.year_table import PERCENT, YearTable, blank, total_of

BACK = (2, 1, 0)


def offering_tables(year: int, *, for_services: bool) -> list[YearTable]:
    """The offerings to services, or to children and families: how many, how people were there, and years before."""
    rows = [row for row in Offering.objects.filter(year=year).order_by("pk") if row.is_for_services == for_services]
    words = (_("Tilbud til tjenesteytere"), "systemrettede")
    if not for_services:
        words = (_("Lokale tilbud til barn og familie"), "lokale")
    return _together(
        year, [_offerings(*words, rows), _attendances(*words, rows)], _offerings_before(*words, year, for_services)
    )


def capacity_tables(year: int) -> list[YearTable]:
    """Applications and places as they were registered, and years before."""
    rows = list(CapacityRow.objects.filter(year=year).order_by("pk"))
    numbers = "rounds capacity applied offered other_offer refused completed transferred withdrawn".split()
    cells = [[row.title, *(blank(getattr(row, name)) for name in numbers), blank(use_of(row))] for row in rows]
    named = [str(CapacityRow._meta.get_field(name).verbose_name).capitalize() for name in ("title", *numbers)]
    table = YearTable(
        "kapasitet",
        _("Søknader og plasser"),
        [*named, _("Utnyttet")],
        cells,
        _("Utnyttet er gjennomførte av alle plassene i rundene. Tomt felt: ikke oppgitt."),
        section=section_of_capacity(),
        formats=[*[""] * len(named), PERCENT],
        notes=[_("%(title)s: telles i %(unit)s. %(detail)s") % _noted(row) for row in rows],
    )
    before = _beside(
        "kapasitet-ar",
        year,
        [(_("Søkte"), lambda row: row.applied), (_("Gjennomførte"), lambda row: row.completed)],
        CapacityRow.objects.all(),
        lambda row: row.title,
        section_of_capacity(),
        # Families of one and groups of another are not added up.
        is_summed=False,
    )
    return _together(year, [table], before)


def section_of_capacity() -> str:
    """The heading over applications, those registered and those that the product has."""
    return _("Kapasitet og søknader")


def stay_tables(year: int) -> list[YearTable]:
    """Who took part in stays, and years before."""
    rows = list(StayRow.objects.filter(year=year).order_by("pk"))
    kinds = list(StayRow.Who)
    counts = {(row.title, row.who): row.count for row in rows}
    cells = []
    for title in dict.fromkeys(row.title for row in rows):
        cells.append([title, *(blank(counts.get((title, kind))) for kind in kinds), blank(_persons(counts, title))])
    section = _("Deltakere på opphold og samlinger")
    table = YearTable(
        "opphold",
        _("Familier og personer på opphold og samlinger"),
        [_("Tilbud"), *(str(kind.label).capitalize() for kind in kinds), _("Personer i alt")],
        cells,
        _("Familier er ikke personer og er ikke med i summen av personer. Tomt felt: ingen, eller ikke oppgitt."),
        total=total_of(cells, range(1, len(kinds) + 2)),
        section=section,
    )
    return _together(year, [table], _stays_before(year, section))


def web_tables(year: int) -> list[YearTable]:
    """Visitors, page views and plays of films, each for itself, with the years before beside them (R064)."""
    rows = WebFigure.objects.filter(year__range=(year - 2, year)).order_by("-year", "-count", "pk")
    kinds = WebFigure.What.values
    found: dict[tuple[str, str, str], dict[int, Any]] = {}
    for row in sorted(rows, key=lambda row: kinds.index(row.what)):
        name = (str(row.get_what_display()).capitalize(), as_in(row.place, row.year, year), row.source)
        found.setdefault(name, {})[row.year] = row.count
    table = YearTable(
        "nett",
        _("Besøkende, sidevisninger og avspillinger"),
        [_("Hva som telles"), _("Hvor"), _("Kilde"), *_years(year)],
        [[*words, *_of_years(told, year)] for words, told in found.items()] if _is_told(found.values(), year) else [],
        _("Besøkende, sidevisninger og avspillinger er tre ulike ting og legges aldri sammen."),
        section=_("Nettet"),
    )
    return [table] if table.rows else []


def other_tables(year: int) -> list[YearTable]:
    """Other figures, a table for each heading they were given, with the years before beside them."""
    rows = list(OtherFigure.objects.filter(year__range=(year - 2, year)).order_by("pk"))
    sections = dict.fromkeys(row.section for row in rows if row.year == year)
    return [
        _others(year, section, [row for row in rows if as_in(row.section, row.year, year) == section])
        for section in sections
    ]


def _offerings(section: str, key: str, rows: list[Offering]) -> YearTable:
    cells = [[_named(row), blank(row.number), *_modes(row), *_took_part(row)] for row in rows]
    modes = [_("Fysisk"), _("Digitalt"), _("Telefon"), _("Begge deler")]
    return YearTable(
        key,
        _("Antall og deltakelser, %(section)s") % {"section": _within(section)},
        [_("Type"), _("Antall"), *modes, _("Deltakelser"), _("Ulike personer")],
        cells,
        _("Deltakelser er oppmøter: den som er med to ganger, teller to ganger. Ulike personer står for seg.")
        + " "
        + _("Tomt felt: ikke oppgitt."),
        total=total_of(cells, range(1, 7)),
        section=section,
        notes=[f"{_named(row)}: {row.detail}" for row in rows if row.detail],
    )


def _attendances(section: str, key: str, rows: list[Offering]) -> YearTable:
    """Attendances by form, where that is known of some: a hybrid day has some of each (R060, R102)."""
    cells = [[_named(row), *_by_form(row)] for row in rows if row.participants is not None]
    if all(cell == "" for row in cells for cell in row[1:4]):
        cells = []
    return YearTable(
        f"{key}-form",
        _("Deltakelser etter form, %(section)s") % {"section": _within(section)},
        [_("Type"), _("På stedet"), _("På nett"), _("På telefon"), _("Ikke fordelt"), _("Deltakelser")],
        cells,
        _("Hver deltakelse står i én kolonne. Ikke fordelt: kilden sier ikke hvor mange som var med på hver måte."),
        total=total_of(cells, range(1, 6)),
        section=section,
    )


def _by_form(row: Offering) -> list[Any]:
    known = row.attended
    if all(number is None for number in known):
        # Everything in one form tells it, but for a hybrid one.
        only = [place for place, number in enumerate(row.modes) if number]
        if len(only) == 1 and only[0] < len(known):
            known = [row.participants if place == only[0] else None for place in range(len(known))]
    rest = (row.participants or 0) - sum(number or 0 for number in known)
    return [*(blank(number) for number in known), rest or "", row.participants]


def _together(year: int, tables: list[YearTable], before: YearTable) -> list[YearTable]:
    """The tables with rows, the years before last; where nothing is told of them, the first table says so."""
    there = [table for table in tables if table.rows]
    if there and before.rows:
        return [*there, before]
    words = _("Tall for %(before)s og %(last)s er ikke registrert.") % {"before": year - 2, "last": year - 1}
    return [replace(table, notes=[*table.notes, words]) if not place else table for place, table in enumerate(there)]


def _offerings_before(section: str, key: str, year: int, for_services: bool) -> YearTable:
    local = {"kind": Offering.Kind.LOCAL_FAMILY}
    return _beside(
        f"{key}-ar",
        year,
        [(_("Antall"), lambda row: row.number), (_("Deltakelser"), lambda row: row.participants)],
        Offering.objects.exclude(**local) if for_services else Offering.objects.filter(**local),
        _named,
        section,
    )


def _beside(
    key: str,
    year: int,
    measures: list[tuple[str, Callable[[Any], int | None]]],
    rows: Any,
    name: Callable[[Any], str],
    section: str,
    *,
    is_summed: bool = True,
) -> YearTable:
    """Three years side by side, one row for each name there was; no rows when there is nothing of years before."""
    found: dict[str, dict[tuple[int, int], int]] = {}
    for row in rows.filter(year__range=(year - 2, year)).order_by("-year", "pk"):
        cells = found.setdefault(as_in(name(row), row.year, year), {})
        for place, (_title, count) in enumerate(measures):
            if (number := count(row)) is not None:
                cells[place, row.year] = cells.get((place, row.year), 0) + number
    years = [year - back for back in BACK]
    table = [
        [title, *(cells.get((place, each), "") for place in range(len(measures)) for each in years)]
        for title, cells in found.items()
    ]
    there = {each for cells in found.values() for _place, each in cells}
    return YearTable(
        key,
        _("Tre år side om side, %(section)s") % {"section": _within(section)},
        [_("Tilbud"), *(f"{title} {each}" for title, _count in measures for each in years)],
        table if there - {year} else [],
        _("Tomt felt: tallet finnes ikke for det året."),
        total=total_of(table, range(1, 1 + len(measures) * len(years))) if is_summed else [],
        section=section,
    )


def _stays_before(year: int, section: str) -> YearTable:
    people = StayRow.objects.exclude(who=StayRow.Who.FAMILIES)
    return _beside("opphold-ar", year, [(_("Personer"), lambda row: row.count)], people, lambda row: row.title, section)


def _persons(counts: dict[tuple[str, str], int | None], title: str) -> int | None:
    persons = [kind for kind in StayRow.Who.values if kind != StayRow.Who.FAMILIES]
    known = [counts[title, kind] or 0 for kind in persons if counts.get((title, kind)) is not None]
    return sum(known) if known else None


def _others(year: int, section: str, rows: list[OtherFigure]) -> YearTable:
    found: dict[tuple[str, str], dict[int, Any]] = {}
    for row in sorted(rows, key=lambda row: -row.year):
        found.setdefault((as_in(row.what, row.year, year), row.unit), {})[row.year] = row.count
    details = [f"{row.what}: {row.detail}" for row in rows if row.year == year and row.detail]
    before = [each for each in (year - 2, year - 1) if _is_told(found.values(), each)]
    return YearTable(
        f"andre-{min(row.pk for row in rows if row.year == year)}",
        section,
        [_("Hva som telles"), _("Enhet"), *map(str, [*before, year])],
        [[*words, *(blank(told.get(each)) for each in [*before, year])] for words, told in found.items()],
        "",
        section=_("Andre tall"),
        notes=details,
    )


def _within(section: str) -> str:
    """A heading inside a title, so that no two tables of a report are called the same."""
    return section[:1].lower() + section[1:]


def _named(row: Offering) -> str:
    return str(row.title or row.get_kind_display())


def _modes(row: Offering) -> list[Any]:
    # Where some form is told, the others are none.
    return ["" if row.number is None else mode or 0 for mode in row.modes]


def _took_part(row: Offering) -> list[Any]:
    return [blank(row.participants), blank(row.people)]


def _noted(row: CapacityRow) -> dict[str, str]:
    return {"title": row.title, "unit": row.unit, "detail": row.detail}


def _years(year: int) -> list[str]:
    return [str(year - back) for back in BACK]


def _of_years(told: dict[int, Any], year: int) -> list[Any]:
    return [blank(told.get(year - back)) for back in BACK]


def _is_told(rows: Iterable[dict[int, Any]], year: int) -> bool:
    return any(told.get(year) is not None for told in rows)
