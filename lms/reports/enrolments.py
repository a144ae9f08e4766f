"""How many enrolments there are, in which state, and where they come from (R102, R103, R106, R107, B15).

The state of an enrolment is read from its first attempt, of which there is exactly one: completed, else stopped
(taken off the course), else under way (a lesson finished), else not begun. The four add up to all enrolments.
What happened in a period is what is true at its end and was not true at its beginning.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Cast, Substr

from lms.accounts.models import Municipality
from lms.reports.selection import OSLO, Selection
from lms.tallies.models import DayCount, MonthState
from lms.tallies.rows import STATES, Ground, ground, state_conditions, state_counts
from mentoring.models import Membership
from modules.models import CoursePage

Row = dict[str, Any]
# The figure of the period, and the state that it is the growth of.
NEWS = {"newly_enrolled": "enrolled", "newly_started": "begun", "newly_completed": "completed", "newly_stopped": "left"}
SHOWN = [name for name in STATES if name not in {"begun", "left"}]
# A side of the months' sums, and what can be asked of it.
SIDES = {
    MonthState.Side.PROFESSION: {"course_key", "sector", "profession"},
    MonthState.Side.PLACE: {"course_key", "sector", "place", "county"},
}
EVERYBODY = str(DayCount.Among.ALL)


def enrolment_figures(chosen: Selection) -> Row:
    """Enrolments as they stood at the end of the period, and what happened in it."""
    at_end, at_start = totals(chosen, chosen.until), totals(chosen, chosen.since)
    return {name: at_end[name] for name in SHOWN} | {
        name: at_end[state] - at_start[state] for name, state in NEWS.items()
    }


def totals(chosen: Selection, at: datetime.datetime) -> dict[str, int]:
    """The states of all that were chosen, at a moment; counted once in a report."""
    # The period says nothing of who is chosen, and neighbouring periods ask for the same moment.
    whom = replace(chosen, start=datetime.date.min, end=datetime.date.min)
    known = ground().known
    if (whom, at) not in known:
        rows = states(chosen, at, [])
        known[whom, at] = rows[0] if rows else dict.fromkeys(STATES, 0)
    return known[whom, at]


def by_sector_and_county(chosen: Selection) -> list[Row]:
    """The states by sector and county of the learner, largest first; an empty word where nobody told."""
    counties = dict(Municipality.objects.values_list("county_number", "county_name").order_by("valid_from"))
    rows = _split(chosen, "sector", "county")
    return [row | {"county_number": row["county"], "county": counties.get(row["county"])} for row in rows]


def by_profession(chosen: Selection) -> list[Row]:
    """The states by profession of the learner."""
    return _split(chosen, "profession")


def by_municipality(chosen: Selection) -> list[Row]:
    """The states by municipality of the learner, with its number as text."""
    places = {place.number: place for place in Municipality.objects.all()}
    rows = []
    for row in _split(chosen, "place"):
        place = places.get(row["place"])
        rows.append(row | {"municipality": place and place.name, "county": place and place.county_name})
    return rows


def by_course(chosen: Selection) -> list[Row]:
    """The states by course, under the course's key."""
    return [row | {"course": row["course_key"]} for row in _split(chosen, "course_key")]


def per_day(chosen: Selection) -> tuple[dict[datetime.date, int], dict[datetime.date, int]]:
    """New enrolments, and completions, by the Norwegian day of the period."""
    return _days(chosen, "enrolled_at", DayCount.What.ENROLLED), _days(chosen, "completed_at", DayCount.What.COMPLETED)


def new_per_month(chosen: Selection, days: tuple | None = None) -> list[Row]:
    """New enrolments and completions per month of the period, every month named, also empty ones."""
    return _folded(chosen, days or per_day(chosen), lambda day: day.replace(day=1))


def new_per_week(chosen: Selection, days: tuple | None = None) -> list[Row]:
    """The same per week, which begins on Monday."""
    return _folded(chosen, days or per_day(chosen), lambda day: day - datetime.timedelta(days=day.weekday()))


def time_to_complete(chosen: Selection) -> Row:
    """How long those who completed in the period took from enrolment, in four steps. One query."""
    took = F("completed_at") - F("enrolled_at")
    done = chosen_rows(chosen, ground()).filter(
        completed_at__gte=chosen.since, completed_at__lt=chosen.until, enrolled_at__lt=chosen.until
    )
    week, month, quarter = (datetime.timedelta(days=days) for days in (7, 30, 90))
    steps = {
        "within_a_week": Q(took__lt=week),
        "within_a_month": Q(took__gte=week, took__lt=month),
        "within_three_months": Q(took__gte=month, took__lt=quarter),
        "longer": Q(took__gte=quarter),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in steps.items()}
    return done.annotate(took=took).aggregate(**counts)


def state_of(chosen: Selection, name: str) -> Q:
    """The condition on rows that the figure `name` counts: a state at the end, or what happened in the period."""
    there = Q(enrolled_at__lt=chosen.until)
    if name not in NEWS:
        return there & state_conditions(chosen.until)[name]
    state = NEWS[name]
    before = Q(enrolled_at__lt=chosen.since) & state_conditions(chosen.since)[state]
    return there & state_conditions(chosen.until)[state] & ~before


def chosen_rows(chosen: Selection, here: Ground) -> QuerySet:
    """The enrolments of those who were chosen, whenever they were made."""
    rows = here.enrolments().filter(**chosen.told)
    courses = course_keys(chosen)
    if courses is not None:
        rows = rows.filter(course_key__in=courses)
    if chosen.looks_at_groups:
        wanted = {"group__package": chosen.package, "group__kind": chosen.kind}
        members = Membership.objects.filter(**{name: value for name, value in wanted.items() if value})
        rows = rows.filter(person__in=members.values("member"))
    return rows


def course_keys(chosen: Selection) -> list[UUID] | None:
    """The courses that were chosen, or None for all."""
    if chosen.course is None and not chosen.level:
        return None
    courses = CoursePage.objects.all()
    if chosen.course:
        courses = courses.filter(translation_key=chosen.course)
    if chosen.level:
        courses = courses.filter(level__in=chosen.levels)
    return list(courses.order_by("translation_key").values_list("translation_key", flat=True).distinct())


def states(chosen: Selection, at: datetime.datetime, by: list[str]) -> list[Row]:
    """The states at `at` of those who were chosen, split by the columns `by`."""
    here, courses = ground(), course_keys(chosen)
    is_one_course = "course_key" in by or (courses is not None and len(courses) == 1)
    # A person's first enrolment may be in a course that was not chosen.
    first_counts = here.is_kept and (courses is None or is_one_course)
    side = _side(chosen, by) if first_counts else None
    base = _base(side, at) if side else None
    if side is None or base is None:
        rows = chosen_rows(chosen, here).filter(enrolled_at__lt=at)
        counts = state_counts(at, is_kept=first_counts)
        found = grouped(rows, by, counts)
    else:
        sums = _kept_states(chosen, side, base, by, courses)
        if base < at:
            _add_changes(sums, chosen_rows(chosen, here), base, at, by)
        found = [dict(zip(by, key, strict=True)) | counts for key, counts in sums.items()]
    if is_one_course:
        for row in found:
            row["people"] = row["enrolled"]
    return found


def _side(chosen: Selection, by: Iterable[str]) -> str | None:
    """Which of the months' sums can tell, if any."""
    if chosen.looks_at_groups:
        return None
    asked = {*by, *chosen.told}
    return next((side for side, columns in SIDES.items() if asked <= columns), None)


def _base(side: str, at: datetime.datetime) -> datetime.datetime | None:
    """The last moment up to `at` that sums are kept of; None before the first of them."""
    kept = MonthState.objects.filter(side=side, at__lte=at).order_by("-at")
    return kept.values_list("at", flat=True).first()


def _kept_states(
    chosen: Selection, side: str, base: datetime.datetime, by: list[str], courses: list[UUID] | None
) -> dict[tuple, dict[str, int]]:
    """The sums of a moment, by the values of the columns `by`."""
    kept = MonthState.objects.filter(side=side, at=base, **chosen.told)
    if courses is not None:
        kept = kept.filter(course_key__in=courses)
    counts = {f"{name}_then": Sum(name) for name in STATES}
    return {
        tuple(row[name] for name in by): {name: row[f"{name}_then"] or 0 for name in STATES}
        for row in grouped(kept, by, counts)
    }


def _add_changes(
    sums: dict[tuple, dict[str, int]], rows: QuerySet, base: datetime.datetime, at: datetime.datetime, by: list[str]
) -> None:
    changed = Q()
    for field in ("enrolled_at", "began_at", "completed_at", "withdrawn_at"):
        changed |= Q(**{f"{field}__gte": base, f"{field}__lt": at})
    now, then = state_counts(at, is_kept=True), state_counts(base, is_kept=True, suffix="_then")
    for row in grouped(rows.filter(changed), by, now | then):
        into = sums.setdefault(tuple(row[name] for name in by), dict.fromkeys(STATES, 0))
        for name in STATES:
            into[name] += row[name] - row[f"{name}_then"]


def grouped(rows: QuerySet, by: list[str], counts: Mapping[str, Any]) -> list[Row]:
    """`counts` of `rows` for each value of the columns `by`, or of all of them together."""
    return list(rows.values(*by).annotate(**counts)) if by else [rows.aggregate(**counts)]


def _split(chosen: Selection, *by: str) -> list[Row]:
    rows = states(chosen, chosen.until, list(by))
    return sorted(rows, key=lambda row: (-row["enrolled"], *(str(row[name] or "~") for name in by)))


def among(chosen: Selection) -> tuple[str, str] | None:
    """Among whom the kept counts of days are asked for, or None where they cannot tell."""
    if chosen.looks_at_groups or len(chosen.told) > 1 or "place" in chosen.told:
        return None
    return next(iter(chosen.told.items()), (EVERYBODY, ""))


def day_counts(chosen: Selection, what: str) -> QuerySet:
    """The kept counts of those who were chosen; `among` must know them."""
    group, value = among(chosen) or (EVERYBODY, "")
    rows = DayCount.objects.filter(what=what, among=group, value=value).order_by()
    courses = course_keys(chosen)
    return rows if courses is None else rows.filter(course_key__in=courses)


def _days(chosen: Selection, field: str, what: str) -> dict[datetime.date, int]:
    here = ground()
    if here.is_kept and among(chosen):
        inside = day_counts(chosen, what).filter(day__gte=chosen.start, day__lte=chosen.end)
        return dict(inside.values_list("day").annotate(number=Sum("count")))
    rows = chosen_rows(chosen, here).filter(enrolled_at__lt=chosen.until)
    rows = rows.filter(**{f"{field}__gte": chosen.since, f"{field}__lt": chosen.until})
    days: dict[datetime.date, int] = {}
    for hour, number in rows.annotate(hour=hour_of(field)).values_list("hour").annotate(number=Count("pk")):
        day = local(hour).date()
        days[day] = days.get(day, 0) + number
    return days


def hour_of(field: str) -> Substr:
    """The hour of a moment in UTC as text, which both databases make themselves: "2026-03-29 00"."""
    return Substr(Cast(field, CharField()), 1, 13)


def local(hour: str) -> datetime.datetime:
    """The beginning of such an hour, Norwegian time: whole hours stay whole hours."""
    return datetime.datetime.fromisoformat(f"{hour}:00+00:00").astimezone(OSLO)


def _folded(chosen: Selection, days: tuple[dict, dict], step: Callable[[datetime.date], datetime.date]) -> list[Row]:
    rows: dict[datetime.date, Row] = {}
    day = chosen.start
    while day <= chosen.end:
        row = rows.setdefault(step(day), {"start": step(day), "enrolled": 0, "completed": 0})
        row["enrolled"] += days[0].get(day, 0)
        row["completed"] += days[1].get(day, 0)
        day += datetime.timedelta(days=1)
    return list(rows.values())
