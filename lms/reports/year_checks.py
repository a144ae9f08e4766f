"""What does not add up in a year, said in sentences and never silently put right (R071, R088, R101, R108)."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from lms.reports.models import CapacityRow, ScoreRow

CAUTION_BELOW = 20


def response_rate(answered: int | None, invited: int | None) -> int | None:
    """Answered of invited in whole percent, half up; None when it cannot be told (R087)."""
    if answered is None or not invited:
        return None
    return int((Decimal(100 * answered) / invited).quantize(Decimal(1), ROUND_HALF_UP))


def use_of(row: CapacityRow) -> int | None:
    """Completed of all places in whole percent (R074)."""
    return response_rate(row.completed, row.places)


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
    if row.offered is not None and row.offered > row.places:
        flags.append(
            _("%(title)s: %(offered)s fikk plass, men det var %(places)s plasser. Noen kan være gitt på nytt.")
            % {"title": row.title, "offered": row.offered, "places": row.places}
        )
    return flags


def score_flags(rows: Iterable[ScoreRow]) -> list[str]:
    """Where a source printed another N, and where few answered. Each survey, or event of one, is told once."""
    rows = list(rows)
    flags: dict[str, None] = {}
    for row in rows:
        name = row.item if asked_apart(other for other in rows if other.survey == row.survey) else row.survey
        if row.stated_n is not None and row.stated_n != row.answered:
            text = _("%(survey)s: kilden oppgir N = %(stated)s i tabellen, men %(answered)s svarte.")
            flags[text % {"survey": name, "stated": row.stated_n, "answered": row.answered}] = None
        rate = response_rate(row.answered, row.invited)
        if rate is not None and 100 * (row.answered or 0) < CAUTION_BELOW * (row.invited or 0):
            text = _("%(survey)s: %(rate)s\xa0%% svarte. Resultatet må brukes med forsiktighet.")
            flags[text % {"survey": name, "rate": rate}] = None
    return list(flags)


def asked_apart(rows: Iterable[ScoreRow]) -> bool:
    """Whether the rows of one survey were answered by different people, as for events one by one."""
    return len({(row.answered, row.invited) for row in rows}) > 1


def _sum(*numbers: int | None) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None
