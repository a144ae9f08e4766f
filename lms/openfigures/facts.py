"""The exact counts that a release is made from. They are counted, protected and forgotten; nothing keeps them."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from lms.accounts.models import Municipality, User
from lms.openfigures.protection import Label, Pair
from mentoring.models import Attendance, LearningGroup, Meeting
from modules.models import Attempt, Enrolment

OSLO = ZoneInfo("Europe/Oslo")
# Nobody is in this county: those who told none, and those whose municipality is no more.
UNTOLD = ""


@dataclass(frozen=True)
class Facts:
    """The counts at the end of a day, and the names of that day's counties and municipalities, both by number."""

    cells: dict[Label, Pair]
    towns: dict[str, dict[str, Pair]]
    counties: list[list[str]]
    municipalities: list[list[str]]
    events: dict[str, int]


def facts_of(day: datetime.date) -> Facts:
    """What had happened by the end of `day` in Oslo. Six queries, whatever the number of people."""
    until = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), OSLO)
    places = _places(day)
    county_of = {number: county for number, _name, county, _county_name in places}
    counties = sorted({(county, name) for _number, _town, county, name in places})
    people = _people(until)
    sectors = [*User.Sector.values, UNTOLD]
    cells = {(county, sector): [0, 0] for county in [*(number for number, _ in counties), UNTOLD] for sector in sectors}
    towns = {number: [0, 0] for number in county_of}
    for (town, sector), counts in people.items():
        _add(cells[county_of.get(town, UNTOLD), sector if sector in sectors else UNTOLD], counts)
        if town in towns:
            _add(towns[town], counts)
    by_county: dict[str, dict[str, Pair]] = {}
    for town, (enrolled, completed) in towns.items():
        by_county.setdefault(county_of[town], {})[town] = (enrolled, completed)
    return Facts(
        {label: (enrolled, completed) for label, (enrolled, completed) in cells.items()},
        by_county,
        [list(county) for county in counties],
        [[number, name, county] for number, name, county, _county_name in places],
        _events(until),
    )


def _places(day: datetime.date) -> list[tuple[str, str, str, str]]:
    there = Municipality.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return list(there.order_by("number").values_list("number", "name", "county_number", "county_name"))


def _people(until: datetime.datetime) -> dict[tuple[str, str], list[int]]:
    """People, not enrolments: who takes three courses is one (R103)."""
    found: dict[tuple[str, str], list[int]] = {}
    enrolled = Enrolment.objects.filter(enrolled_at__lt=until)
    completed = Attempt.objects.filter(enrolment__enrolled_at__lt=until, completed_at__lt=until)
    for index, (rows, prefix) in enumerate([(enrolled, "learner"), (completed, "enrolment__learner")]):
        for town, sector, people in _counted(rows, prefix):
            found.setdefault((town or UNTOLD, sector), [0, 0])[index] = people
    return found


def _counted(rows: QuerySet, learner: str) -> QuerySet:
    by = rows.order_by().values_list(f"{learner}__municipality_id", f"{learner}__sector")
    return by.annotate(people=Count(learner, distinct=True))


def _events(until: datetime.datetime) -> dict[str, int]:
    there = [Attendance.Status.THERE, Attendance.Status.DIGITAL]
    held = Q(meeting__status=Meeting.Status.HELD, meeting__starts_at__lt=until, status__in=there)
    came = Attendance.objects.filter(held).aggregate(
        attendances=Count("pk"), participants=Count("membership__member", distinct=True)
    )
    return {
        "groups": LearningGroup.objects.filter(started_at__lt=until).count(),
        "meetings": Meeting.objects.filter(status=Meeting.Status.HELD, starts_at__lt=until).count(),
        **came,
    }


def _add(cell: list[int], counts: list[int]) -> None:
    for index, count in enumerate(counts):
        cell[index] += count
