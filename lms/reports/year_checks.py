"""What does not add up in a year, said in sentences and never silently put right (R071, R088, R101, R108)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lms.reports.models import CapacityRow, Offering, OtherFigure, ScoreRow, StayRow, WebFigure
from lms.reports.year_labels import says_a_year
from mentoring.rounds import Figures

CAUTION_BELOW = 20
# The headings that rows stand under in the report; other figures have their own.
TABLES = {
    CapacityRow: gettext_lazy("Kapasitet og søknader"),
    StayRow: gettext_lazy("Deltakere på opphold og samlinger"),
    Offering: gettext_lazy("Tilbud"),
    WebFigure: gettext_lazy("Nettet"),
    ScoreRow: gettext_lazy("Tilbakemeldinger"),
}


def share_of(part: int | None, whole: int | None) -> int | None:
    """`part` of `whole` in whole percent, half up; None when it cannot be told (R074, R087)."""
    if part is None or not whole:
        return None
    return int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))


response_rate = share_of


def use_of(row: CapacityRow) -> int | None:
    """Completed of all places in whole percent (R074)."""
    return share_of(row.completed, row.places)


def capacity_flags(row: CapacityRow) -> list[str]:
    """The two sums of an application table, and offers beyond the places. Nothing is said where a number lacks."""
    flags = []
    answered = _sum(row.offered, row.other_offer, row.refused)
    if row.applied is not None and answered is not None and answered != row.applied:
        flags.append(
            _("%(title)s: %(applied)s søkte, men %(answered)s fikk svar (plass, annet tilbud eller avslag).")
            % {"title": row.title, "applied": row.applied, "answered": answered}
        )
    ended = _sum(row.completed, row.transferred, row.withdrawn)
    if row.offered is not None and ended is not None and ended != row.offered:
        flags.append(
            _("%(title)s: %(offered)s fikk plass, men %(ended)s har gjennomført, flyttet eller trukket seg.")
            % {"title": row.title, "offered": row.offered, "ended": ended}
        )
    return flags + _too_many(row.title, row.offered, row.places)


def round_flags(name: str, told: Figures) -> list[str]:
    """The same two sums for a round of our own, with where the rest is (R071, R073)."""
    flags = []
    if told.gap:
        words = {"name": name, "applied": told.applied, "answered": told.applied - told.gap}
        text = _("%(name)s: %(applied)s søkte, men %(answered)s fikk svar (plass, annet tilbud eller avslag).") % words
        rest = {"waiting": told.waiting, "undecided": told.undecided, "early": told.withdrew_early}
        where = _("%(waiting)s står på venteliste, %(undecided)s er ikke besvart, %(early)s trakk seg før svar.")
        flags.append(f"{text} {where % rest}")
    if told.open:
        words = {"name": name, "offered": told.offered, "ended": told.offered - told.open, "open": told.open}
        text = _("%(name)s: %(offered)s fikk plass, men %(ended)s har gjennomført, flyttet eller trukket seg.") % words
        still = ngettext(
            "%(open)s har plassen og er ikke ferdig.", "%(open)s har plassen og er ikke ferdige.", told.open
        )
        flags.append(f"{text} {still % words}")
    return flags + (_too_many(name, told.offered, told.capacity) if told.capacity else [])


def _too_many(title: str, offered: int | None, places: int | None) -> list[str]:
    if offered is None or places is None or offered <= places:
        return []
    text = ngettext(
        "%(title)s: %(offered)s fikk plass, men det var %(places)s plass. Den kan være gitt på nytt.",
        "%(title)s: %(offered)s fikk plass, men det var %(places)s plasser. Noen kan være gitt på nytt.",
        places,
    )
    return [text % {"title": title, "offered": offered, "places": places}]


def unfilled_flags(year: int) -> dict[type, list[str]]:
    """Rows that were taken along or begun and have no number yet, by the kind of row."""
    stays = list(StayRow.objects.filter(year=year).order_by("pk"))
    told = {row.title for row in stays if row.count is not None}
    scores = list(ScoreRow.objects.filter(year=year).order_by("pk"))
    scored = {row.survey for row in scores if row.mean is not None}
    offerings = [row for row in Offering.objects.filter(year=year).order_by("pk") if row.number is None]
    names: dict[type, list[str]] = {
        CapacityRow: _names(CapacityRow.objects.filter(year=year, applied=None, completed=None)),
        ScoreRow: [f"{TABLES[ScoreRow]}, {row.survey}" for row in scores if row.survey not in scored],
        StayRow: _names(row for row in stays if row.title not in told),
        Offering: _names(offerings),
        WebFigure: _names(WebFigure.objects.filter(year=year, count=None)),
        OtherFigure: _names(OtherFigure.objects.filter(year=year, count=None)),
    }
    return {kind: [_unfilled(name) for name in dict.fromkeys(own)] for kind, own in names.items()}


def name_of(row: Any) -> str:
    """A row by its table and its name, for instance «Nettet, forsiden (sidevisninger)»: two tables may name one."""
    if isinstance(row, OtherFigure):
        return f"{row.section}, {row.what}"
    if isinstance(row, ScoreRow):
        return f"{TABLES[ScoreRow]}, {row.survey}: {row.item}"
    if isinstance(row, WebFigure):
        return f"{TABLES[WebFigure]}, {row.place} ({row.get_what_display()})"
    name = row.title or row.get_kind_display() if isinstance(row, Offering) else row.title
    return f"{TABLES[type(row)]}, {name}"


def _names(rows: Any) -> list[str]:
    rows = rows.order_by("pk") if isinstance(rows, QuerySet) else rows
    return [name_of(row) for row in rows]


def _unfilled(name: str) -> str:
    text = _("%(name)s: tallene mangler.") % {"name": name}
    return f"{text} {_('Det står et år i navnet. Se om det stemmer.')}" if says_a_year(name) else text


def score_flags(rows: Iterable[ScoreRow]) -> list[str]:
    """Where a source printed another N, and where few answered. Each survey, or event of one, is told once."""
    rows = list(rows)
    flags: dict[str, None] = {}
    for row in rows:
        name = row.item if asked_apart(other for other in rows if other.survey == row.survey) else row.survey
        if row.stated_n is not None and row.stated_n != row.answered:
            text = _("%(survey)s: kilden oppgir N = %(stated)s i tabellen, men %(answered)s svarte.")
            flags[text % {"survey": name, "stated": row.stated_n, "answered": row.answered}] = None
        if needs_caution(row):
            text = _("%(survey)s: %(rate)s\xa0%% svarte. Resultatet må brukes med forsiktighet.")
            flags[text % {"survey": name, "rate": response_rate(row.answered, row.invited)}] = None
        if is_few(row):
            text = _("%(survey)s: færre enn %(few)s svarte, så gjennomsnittet er utelatt.")
            flags[text % {"survey": name, "few": settings.SURVEY_MEAN_FROM}] = None
    return list(flags)


def question_flags(year: int, rows: Iterable[ScoreRow]) -> list[str]:
    """Where a question lacks years that its survey has, is on another scale, or is not asked any more (R084, R085)."""
    told = list(rows)
    flags = []
    for survey in dict.fromkeys(row.survey for row in told):
        own = [row for row in told if row.survey == survey]
        now = {row.item: row for row in own if row.year == year}
        if not now or asked_apart(now.values()):
            continue
        years = {row.year for row in own if row.mean is not None}
        for item, row in now.items():
            others = [other for other in own if other.item == item]
            changed = sorted({other.year for other in others if other.scale != row.scale})
            lacks = sorted(years - {other.year for other in others})
            words = {"survey": survey, "item": item, "years": _listed(changed or lacks), "year": year}
            if changed:
                text = _("%(survey)s: «%(item)s» hadde en annen skala i %(years)s, og de tallene vises ikke.")
                flags.append(text % words)
            if lacks:
                words["years"] = _listed(lacks)
                flags.append(_("%(survey)s: «%(item)s» har ikke tall for %(years)s.") % words)
        for item in dict.fromkeys(row.item for row in own if row.item not in now):
            words = {"survey": survey, "item": item, "year": year}
            flags.append(_("%(survey)s: «%(item)s» ble stilt før, men ikke i %(year)s.") % words)
    return flags


def asked_apart(rows: Iterable[ScoreRow]) -> bool:
    """Whether the rows of one survey were answered by different people, as for events one by one."""
    return len({(row.answered, row.invited) for row in rows}) > 1


def is_few(row: ScoreRow) -> bool:
    """Whether so few answered that a mean is not shown (R090)."""
    return row.answered is not None and row.answered < settings.SURVEY_MEAN_FROM


def needs_caution(row: ScoreRow) -> bool:
    """Whether less than a fifth answered; exactly a fifth does not (R088)."""
    if row.answered is None or not row.invited:
        return False
    return 100 * row.answered < CAUTION_BELOW * row.invited


def _listed(years: Iterable[int]) -> str:
    return _(" og ").join(map(str, years))


def _sum(*numbers: int | None) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
