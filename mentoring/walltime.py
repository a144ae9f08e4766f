"""Wall time: what the clock on the wall says, and which moment that is (R9, D14).

A clock that is put forward jumps over an hour, so some times do not exist; one that is put back shows an hour twice.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

OSLO = "Europe/Oslo"
MISSING, TWICE = "missing", "twice"


def problem_of(day: date, clock: time, zone: str = OSLO) -> str:
    """`missing` when the clock jumps over this time, `twice` when it shows it two times, otherwise empty (D14)."""
    first = datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone))
    second = first.replace(fold=1)
    if first.utcoffset() == second.utcoffset():
        return ""
    exists = first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None) == datetime.combine(day, clock)
    return TWICE if exists else MISSING


def utc_of(day: date, clock: time, fold: int = 0, zone: str = OSLO) -> datetime:
    """The moment in UTC; `fold` 1 is the second of two. A time that does not exist is read with the old offset."""
    local = datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone))
    if fold and problem_of(day, clock, zone) == TWICE:
        local = local.replace(fold=1)
    return local.astimezone(UTC)


def wall_of(moment: datetime, zone: str = OSLO) -> datetime:
    """What the clock on the wall shows at `moment`."""
    return moment.astimezone(ZoneInfo(zone))


def zone_words(moment: datetime, zone: str = OSLO) -> str:
    """The zone for people: "norsk tid, UTC+1"; another zone by its own name."""
    offset = wall_of(moment, zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    name = _("norsk tid") if zone == OSLO else zone
    return f"{name}, UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
