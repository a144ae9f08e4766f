"""The report of a calendar year: tables with totals that are sums, and what does not add up (R100-R108)."""

import datetime
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.reports import queries
from lms.reports.figures import Table
from lms.reports.models import CapacityRow, ClosedYear, Correction, KnownGap, Offering, ScoreRow, StayRow, WebFigure
from lms.reports.selection import Selection
from lms.reports.year_checks import asked_apart, capacity_flags, response_rate, score_flags, use_of

MEAN_FROM = 5


@dataclass(frozen=True)
class YearReport:
    """The report of a year: as it is now, or as it was when the year was closed, with what was corrected since."""

    year: int
    as_of: datetime.datetime
    tables: list[Table]
    flags: list[str]
    closed: ClosedYear | None
    corrections: list[Correction]


def year_report(year: int) -> YearReport:
    """The report of `year`; a closed year says what it said then (R105)."""
    closed = ClosedYear.objects.filter(year=year).select_related("closed_by").first()
    if closed is None:
        return YearReport(year, timezone.now(), year_tables(year), year_flags(year), None, [])
    corrections = list(closed.corrections.select_related("by"))
    return YearReport(year, closed.closed_at, frozen_tables(closed), closed.flags, closed, corrections)


def year_tables(year: int) -> list[Table]:
    """The tables of `year` in the order of the report, without empty ones. What nobody knows is blank, not zero."""
    tables = [
        _offerings(year),
        _own_offerings(year),
        _capacity(year),
        _stays(year),
        _family_offerings(year),
        _web(year),
        *_scores(year),
    ]
    return [table for table in tables if table.rows]


def year_flags(year: int) -> list[str]:
    """What does not add up in `year`, and what is known of its sources."""
    capacity = [flag for row in CapacityRow.objects.filter(year=year).order_by("pk") for flag in capacity_flags(row)]
    scores = score_flags(ScoreRow.objects.filter(year=year).order_by("pk"))
    return capacity + scores + list(KnownGap.objects.filter(year=year).order_by("pk").values_list("text", flat=True))


def years_there() -> list[int]:
    """Years with registered rows or closed reports, and this one; newest first."""
    years = {timezone.localdate().year}
    for model in (Offering, CapacityRow, StayRow, WebFigure, ClosedYear):
        years |= set(model.objects.values_list("year", flat=True))
    return sorted(years, reverse=True)


def close_year(year: int, by: Any) -> ClosedYear:
    """Keeps the report of `year` as it is now. Raises ValidationError while the year goes on, or when it is closed."""
    if year >= timezone.localdate().year:
        raise ValidationError(_("Et år kan lukkes når det er over."))
    with transaction.atomic():
        closed, new = ClosedYear.objects.get_or_create(
            year=year,
            defaults={
                "closed_by": by,
                "tables": [asdict(table) for table in year_tables(year)],
                "flags": year_flags(year),
            },
        )
    if not new:
        raise ValidationError(_("Dette året er allerede lukket. Skriv en rettelse i stedet."))
    return closed


def correct_year(closed: ClosedYear, text: str, by: Any) -> Correction:
    """Puts a signed note beside a frozen report. Raises ValidationError without words."""
    if not text.strip():
        raise ValidationError(_("Skriv hva som er feil, og hva som er riktig."))
    return Correction.objects.create(closed=closed, text=text.strip(), by=by)


def frozen_tables(closed: ClosedYear) -> list[Table]:
    """The tables as they were when the year was closed."""
    return [Table(**table) for table in closed.tables]


def _offerings(year: int) -> Table:
    rows = [row for row in Offering.objects.filter(year=year).order_by("pk") if row.is_for_services]
    before = _of_year_before(year)
    cells = [
        [row.title or row.get_kind_display(), row.number, *_modes(row), *_shown(row), *before.get(row.kind, ["", ""])]
        for row in rows
    ]
    return Table(
        "systemrettede",
        _("Tilbud til tjenesteytere"),
        [*_offering_columns(), _("Antall året før"), _("Deltakelser året før")],
        cells,
        _("Deltakelser er oppmøter: den som er med to ganger, teller to ganger. Ulike personer står for seg."),
        total=_total(cells, 1, range(1, 7)),
    )


def _of_year_before(year: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in Offering.objects.filter(year=year - 1):
        number, participants = found.get(row.kind, [0, None])
        known = row.participants if participants is None else participants + (row.participants or 0)
        found[row.kind] = [number + row.number, known]
    return {kind: [number, "" if people is None else people] for kind, (number, people) in found.items()}


def _offering_columns() -> list[str]:
    modes = [_("Fysisk"), _("Digitalt"), _("Telefon"), _("Begge deler")]
    return [_("Type"), _("Antall"), *modes, _("Deltakelser"), _("Ulike personer"), _("Merknad")]


def _modes(row: Offering) -> list[int]:
    return [row.physical, row.digital, row.phone, row.hybrid]


def _shown(row: Offering) -> list[Any]:
    return ["" if row.participants is None else row.participants, "" if row.people is None else row.people, row.detail]


def _own_offerings(year: int) -> Table:
    """What the product counts itself, by course and for groups."""
    chosen = Selection(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    people, groups = queries.enrolment_figures(chosen), queries.group_figures(chosen)
    meetings, certificates = queries.meeting_figures(chosen), queries.certificate_figures(chosen)
    rows = [
        [_("Nye påmeldinger til nettkurs"), people["newly_enrolled"]],
        [_("Påmeldte ved utgangen av året"), people["enrolled"]],
        [_("Fullførte nettkurs i året"), people["newly_completed"]],
        [_("Kursbevis for nettkurs"), certificates["of_courses"]],
        [_("Grupper startet i året"), groups["started_in_period"]],
        [_("Møter holdt i grupper"), meetings["meetings"]],
        [_("Oppmøter på møtene"), meetings["attendances"]],
        [_("Ulike personer som møtte"), meetings["people"]],
        [_("Kursbevis for opplæringspakker"), certificates["of_packages"]],
    ]
    return Table(
        "egne",
        _("Nettkurs og opplæringspakker"),
        [_("Hva"), _("Antall")],
        rows if any(row[1] for row in rows) else [],
        _("Telt av systemet fra påmeldinger, fullføringer og oppmøter."),
    )


def _capacity(year: int) -> Table:
    rows = CapacityRow.objects.filter(year=year).order_by("pk")
    numbers = ("applied", "offered", "other_offer", "refused", "completed", "transferred", "withdrawn")
    cells = [
        [row.title, row.rounds, row.capacity, *(_blank(getattr(row, name)) for name in numbers), _percent(use_of(row))]
        for row in rows
    ]
    named = [CapacityRow._meta.get_field(name).verbose_name for name in ("title", "rounds", "capacity", *numbers)]
    return Table(
        "kapasitet",
        _("Kapasitet og søknader"),
        [*(str(name).capitalize() for name in named), _("Utnyttet")],
        cells,
        _("Utnyttet er gjennomførte av alle plassene i rundene. Tomt felt: ikke oppgitt."),
    )


def _stays(year: int) -> Table:
    rows = list(StayRow.objects.filter(year=year).order_by("pk"))
    titles = list(dict.fromkeys(row.title for row in rows))
    counts = {(row.title, row.who): row.count for row in rows}
    kinds = list(StayRow.Who)
    persons = [kind for kind in kinds if kind != StayRow.Who.FAMILIES]
    cells = [
        [
            title,
            *(_blank(counts.get((title, kind))) for kind in kinds),
            sum(counts.get((title, kind), 0) for kind in persons),
        ]
        for title in titles
    ]
    return Table(
        "opphold",
        _("Deltakere på opphold og samlinger"),
        [_("Tilbud"), *(str(kind.label).capitalize() for kind in kinds), _("Personer i alt")],
        cells,
        _("Familier er ikke personer og er ikke med i summen av personer."),
        total=_total(cells, 1, range(1, len(kinds) + 2)),
    )


def _family_offerings(year: int) -> Table:
    rows = [row for row in Offering.objects.filter(year=year).order_by("pk") if not row.is_for_services]
    cells = [[row.title or row.get_kind_display(), row.number, *_modes(row), *_shown(row)] for row in rows]
    return Table(
        "lokale",
        _("Lokale tilbud til barn og familie"),
        _offering_columns(),
        cells,
        _("Deltakelser er oppmøter."),
        total=_total(cells, 1, range(1, 7)),
    )


def _web(year: int) -> Table:
    rows = WebFigure.objects.filter(year=year).order_by("what", "-count", "pk")
    return Table(
        "nett",
        _("Nettet"),
        [_("Hva som telles"), _("Hvor"), _("Antall"), _("Kilde")],
        [[row.get_what_display(), row.place, row.count, row.source] for row in rows],
        _("Besøkende, sidevisninger og avspillinger er tre ulike ting og legges aldri sammen."),
    )


def _scores(year: int) -> list[Table]:
    rows = list(ScoreRow.objects.filter(year__in=[year - 2, year - 1, year]).order_by("survey", "pk"))
    surveys = [list(own) for _survey, own in groupby(rows, key=lambda row: row.survey)]
    # In the order they were registered.
    return [_score_table(year, own[0].survey, own) for own in sorted(surveys, key=lambda own: own[0].pk)]


def _score_table(year: int, survey: str, rows: list[ScoreRow]) -> Table:
    """One survey with the two years before beside it. A mean of fewer than five answers is not shown (R086, R090)."""
    years = [year - 2, year - 1, year]
    now = {row.item: row for row in rows if row.year == year}
    means = {(row.item, row.year): _mean(row) for row in rows}
    apart = asked_apart(now.values())
    cells = [
        [item, *([_blank(row.answered)] if apart else []), *(means.get((item, each), "") for each in years)]
        for item, row in now.items()
    ]
    # Means on different scales are never set side by side (R084).
    scales = {row.scale for row in rows}
    words = [_("Skala fra 1 til %(scale)s.") % {"scale": scale} for scale in sorted(scales)]
    if now and not apart:
        words += _answered(next(iter(now.values())))
    return Table(
        f"skar-{min(row.pk for row in rows)}",
        survey,
        [_("Spørsmål"), *([_("Svar")] if apart else []), *map(str, years)],
        cells if len(scales) == 1 else [],
        " ".join(words),
    )


def _answered(row: ScoreRow) -> list[str]:
    if row.answered is None:
        return []
    rate = response_rate(row.answered, row.invited)
    if rate is None:
        return [_("%(count)s svarte.") % {"count": row.answered}]
    text = _("%(count)s av %(invited)s svarte, %(rate)s\xa0%%.")
    return [text % {"count": row.answered, "invited": row.invited, "rate": rate}]


def _mean(row: ScoreRow) -> str:
    if row.mean is None or (row.answered is not None and row.answered < MEAN_FROM):
        return ""
    return str(row.mean.quantize(Decimal("0.1"))).replace(".", ",")


def _blank(value: int | None) -> Any:
    return "" if value is None else value


def _percent(value: int | None) -> str:
    return "" if value is None else f"{value}\xa0%"


def _total(rows: list[list[Any]], words: int, columns: Iterable[int]) -> list[Any]:
    """The sums of `columns`, blank elsewhere: a total is always worked out (R101)."""
    if not rows:
        return []
    summed = set(columns)
    sums = [sum(row[index] or 0 for row in rows) if index in summed else "" for index in range(words, len(rows[0]))]
    return [_("Sum"), *[""] * (words - 1), *sums]
