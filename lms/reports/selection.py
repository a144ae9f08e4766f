"""What somebody wants numbers of: a period and whom, as it stands in the address (R104)."""

import datetime
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True)
class Selection:
    """A period, both days included, local dates; and which people. Empty means all.

    `county` is a two-digit number, `municipality` a four-digit one, both as text (I26). `package` and `kind` choose
    people by the groups they are or were in. `level` is "1", "2" or "3": a course of "1-2" is of both.
    """

    start: datetime.date
    end: datetime.date
    course: UUID | None = None
    package: int | None = None
    kind: str = ""
    sector: str = ""
    profession: str = ""
    county: str = ""
    municipality: str = ""
    level: str = ""

    @property
    def since(self) -> datetime.datetime:
        """The first moment of the period."""
        return _midnight(self.start)

    @property
    def until(self) -> datetime.datetime:
        """The first moment after the period."""
        return _midnight(self.end + datetime.timedelta(days=1))

    @property
    def before(self) -> "Selection":
        """The period of the same length just before; what began with the year has the same days of the year before."""
        if (self.start.month, self.start.day) == (1, 1) and self.start.year == self.end.year:
            return replace(self, start=_year_before(self.start), end=_year_before(self.end))
        length = self.end - self.start
        end = self.start - datetime.timedelta(days=1)
        return replace(self, start=end - length, end=end)

    def address(self, **changes: Any) -> str:
        """The selection as the query of an address, without what is empty."""
        named = {
            "fra": self.start.isoformat(),
            "til": self.end.isoformat(),
            "kurs": self.course,
            "niva": self.level,
            "pakke": self.package,
            "gruppetype": self.kind,
            "sektor": self.sector,
            "yrke": self.profession,
            "fylke": self.county,
            "kommune": self.municipality,
        } | changes
        return urlencode({name: str(value) for name, value in named.items() if value})

    def learners(self, prefix: str) -> Q:
        """The condition on people; `prefix` leads from a row to its person, for instance "learner__"."""
        wanted = {
            "sector": self.sector,
            "profession": self.profession,
            "municipality__county_number": self.county,
            "municipality": self.municipality,
            "group_memberships__group__package": self.package,
            "group_memberships__group__kind": self.kind,
        }
        return Q(**{prefix + name: value for name, value in wanted.items() if value})

    @property
    def looks_at_groups(self) -> bool:
        """Whether people are chosen by their groups."""
        return bool(self.package or self.kind)

    @property
    def told(self) -> dict[str, str]:
        """What people must have told of themselves, by the names of `lms.tallies.rows`."""
        wanted = {
            "sector": self.sector,
            "profession": self.profession,
            "county": self.county,
            "place": self.municipality,
        }
        return {name: value for name, value in wanted.items() if value}

    @property
    def levels(self) -> list[str]:
        """The levels a course may say when it is of the one that was chosen."""
        return [level for level in ("1", "1-2", "2", "3") if self.level and self.level in level]

    def groups(self, prefix: str = "") -> Q:
        """The condition on groups: where they are, what they take. Sector and profession say nothing of a group."""
        wanted = {
            "package__course__translation_key": self.course,
            "package": self.package,
            "kind": self.kind,
            "municipality__county_number": self.county,
            "municipality": self.municipality,
            "package__course__level__in": self.levels,
        }
        return Q(**{prefix + name: value for name, value in wanted.items() if value})


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), OSLO)


def _year_before(day: datetime.date) -> datetime.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
