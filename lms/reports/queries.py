"""Every figure has one query: page, CSV and Excel show what is counted here (R101-R103, R106, R107, B15).

The state of an enrolment is read from its first attempt, of which there is exactly one: completed, else stopped
(taken off the course), else under way (a lesson finished), else not begun. The four add up to all enrolments.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth, TruncWeek

from certificates.models import Certificate
from lms.reports.selection import OSLO, Selection
from mentoring.models import Attendance, LearningGroup, Meeting, Note
from modules.models import Attempt, ModuleCompletion

Row = dict[str, Any]


def enrolment_figures(chosen: Selection) -> Row:
    """Enrolments as they stood at the end of the period, and what happened in it. One query."""
    return _enrolments(chosen).aggregate(**_states(chosen.until), **_news(chosen))


def by_sector_and_county(chosen: Selection) -> list[Row]:
    """The states by sector and county of the learner, largest first; an empty word where nobody told. One query."""
    places = {"sector": F("enrolment__learner__sector"), "county": F("enrolment__learner__municipality__county_name")}
    return _split(chosen, **places)


def by_profession(chosen: Selection) -> list[Row]:
    """The states by profession of the learner. One query."""
    return _split(chosen, profession=F("enrolment__learner__profession"))


def by_municipality(chosen: Selection) -> list[Row]:
    """The states by municipality of the learner, with its number as text. One query."""
    municipality = "enrolment__learner__municipality"
    return _split(
        chosen,
        place=F(f"{municipality}_id"),
        municipality=F(f"{municipality}__name"),
        county=F(f"{municipality}__county_name"),
    )


def by_course(chosen: Selection) -> list[Row]:
    """The states by course. One query."""
    return _split(chosen, course=F("enrolment__course_key"))


def new_per_month(chosen: Selection) -> list[Row]:
    """New enrolments and completions per month of the period, every month named, also empty ones. Two queries."""
    return _news_per(chosen, TruncMonth)


def new_per_week(chosen: Selection) -> list[Row]:
    """The same per week, which begins on Monday. Two queries."""
    return _news_per(chosen, TruncWeek)


def modules_done(chosen: Selection) -> dict[Any, int]:
    """How many enrolments have each module finished at the end of the period, by the module's key. One query."""
    done = ModuleCompletion.objects.filter(
        _people(chosen, "attempt__enrolment__"), attempt__number=1, completed_at__lt=chosen.until
    ).filter(attempt__enrolment__enrolled_at__lt=chosen.until)
    return dict(done.order_by().values_list("module_key").annotate(count=Count("attempt", distinct=True)))


def time_to_complete(chosen: Selection) -> Row:
    """How long those who completed in the period took from enrolment, in four steps. One query."""
    took = F("completed_at") - F("enrolment__enrolled_at")
    done = _enrolments(chosen).filter(completed_at__gte=chosen.since, completed_at__lt=chosen.until)
    week, month, quarter = (datetime.timedelta(days=days) for days in (7, 30, 90))
    return done.annotate(took=took).aggregate(
        within_a_week=_count(Q(took__lt=week)),
        within_a_month=_count(Q(took__gte=week, took__lt=month)),
        within_three_months=_count(Q(took__gte=month, took__lt=quarter)),
        longer=_count(Q(took__gte=quarter)),
    )


def certificate_figures(chosen: Selection) -> Row:
    """Certificates issued for the first time in the period: a corrected one counts once. One query."""
    issued = Certificate.objects.filter(
        chosen.learners("learner__"), replaces=None, issued_at__gte=chosen.since, issued_at__lt=chosen.until
    )
    if chosen.course:
        issued = issued.filter(course_key=chosen.course)
    return issued.aggregate(
        of_courses=Count("pk", distinct=True, filter=Q(group=None)),
        of_packages=Count("pk", distinct=True, filter=Q(group__isnull=False)),
    )


def group_figures(chosen: Selection) -> Row:
    """Groups as they stood at the end of the period, and how many had started by then (R034, R106). One query."""
    at = chosen.until
    going_on = _not_by("completed_at", at) & _not_by("cancelled_at", at)
    return LearningGroup.objects.filter(chosen.groups(), created_at__lt=at).aggregate(
        started_in_all=Count("pk", filter=Q(started_at__lt=at)),
        started_in_period=Count("pk", filter=Q(started_at__lt=at, started_at__gte=chosen.since)),
        planned=Count("pk", filter=_not_by("started_at", at) & _not_by("cancelled_at", at)),
        under_way=Count("pk", filter=Q(started_at__lt=at) & going_on),
        completed=Count("pk", filter=Q(completed_at__lt=at)),
        cancelled=Count("pk", filter=Q(cancelled_at__lt=at)),
    )


def meeting_figures(chosen: Selection) -> Row:
    """Meetings held in the period by form, attendances by mode, and the people behind them (R060, R102, R103)."""
    held = Meeting.objects.filter(
        chosen.groups("group__"), status=Meeting.Status.HELD, starts_at__gte=chosen.since, starts_at__lt=chosen.until
    )
    there = Attendance.objects.filter(meeting__in=held)
    present = Q(status__in=[Attendance.Status.THERE, Attendance.Status.DIGITAL])
    return held.aggregate(
        meetings=Count("pk"),
        physical=Count("pk", filter=Q(form=Meeting.Form.PHYSICAL)),
        digital=Count("pk", filter=Q(form=Meeting.Form.DIGITAL)),
        hybrid=Count("pk", filter=Q(form=Meeting.Form.BOTH)),
    ) | there.aggregate(
        attendances=Count("pk", filter=present),
        attended_there=Count("pk", filter=Q(status=Attendance.Status.THERE)),
        attended_digitally=Count("pk", filter=Q(status=Attendance.Status.DIGITAL)),
        absences=Count("pk", filter=~present),
        people=Count("membership__member", filter=present, distinct=True),
    )


def note_figures(chosen: Selection) -> Row:
    """Notes handed in during the period. One query."""
    notes = Note.objects.filter(
        chosen.groups("membership__group__"), handed_in_at__gte=chosen.since, handed_in_at__lt=chosen.until
    )
    return notes.aggregate(notes=Count("pk"))


def _people(chosen: Selection, prefix: str) -> Q:
    """The condition on rows of which `prefix` leads to an enrolment."""
    condition = chosen.learners(f"{prefix}learner__")
    return condition & Q(**{f"{prefix}course_key": chosen.course}) if chosen.course else condition


def _enrolments(chosen: Selection) -> QuerySet[Attempt]:
    """One row per enrolment made before the end of the period."""
    rows = Attempt.objects.filter(number=1, enrolment__enrolled_at__lt=chosen.until)
    if not chosen.looks_at_groups:
        return rows.filter(_people(chosen, "enrolment__"))
    # Somebody may be in two such groups: chosen by their key, they stay one row.
    found = rows.filter(_people(chosen, "enrolment__")).values("pk")
    return Attempt.objects.filter(pk__in=found)


def _count(condition: Q | None = None) -> Count:
    return Count("pk", filter=condition)


def _states(at: datetime.datetime) -> dict[str, Count]:
    completed, begun, left = Q(completed_at__lt=at), Q(began_at__lt=at), Q(enrolment__withdrawn_at__lt=at)
    staying = _not_by("completed_at", at) & _not_by("enrolment__withdrawn_at", at)
    return {
        "enrolled": _count(),
        "people": Count("enrolment__learner", distinct=True),
        "started": _count(begun | completed),
        "completed": _count(completed),
        "stopped": _count(_not_by("completed_at", at) & left),
        "under_way": _count(staying & begun),
        "not_begun": _count(staying & _not_by("began_at", at)),
    }


def _not_by(field: str, at: datetime.datetime) -> Q:
    """That what `field` dates had not happened by `at`; an empty date counts as not happened, in SQL as well."""
    return Q(**{field: None}) | Q(**{f"{field}__gte": at})


def _news(chosen: Selection) -> dict[str, Count]:
    since = chosen.since
    return {
        "newly_enrolled": _count(Q(enrolment__enrolled_at__gte=since)),
        "newly_started": _count(Q(began_at__gte=since, began_at__lt=chosen.until)),
        "newly_completed": _count(Q(completed_at__gte=since, completed_at__lt=chosen.until)),
        "newly_stopped": _count(Q(enrolment__withdrawn_at__gte=since, enrolment__withdrawn_at__lt=chosen.until)),
    }


def _split(chosen: Selection, **by: F) -> list[Row]:
    names = list(by)
    rows = _enrolments(chosen).order_by().values(**by).annotate(**_states(chosen.until))
    return sorted(rows, key=lambda row: (-row["enrolled"], *(str(row[name] or "~") for name in names)))


def _news_per(chosen: Selection, step: type[TruncMonth] | type[TruncWeek]) -> list[Row]:
    rows = _enrolments(chosen)
    enrolled = _dated(rows, step, "enrolment__enrolled_at", chosen)
    completed = _dated(rows, step, "completed_at", chosen)
    return [
        {"start": start, "enrolled": enrolled.get(start, 0), "completed": completed.get(start, 0)}
        for start in _starts(chosen, step)
    ]


def _dated(rows: QuerySet[Attempt], step: Any, field: str, chosen: Selection) -> dict[datetime.date, int]:
    inside = rows.filter(**{f"{field}__gte": chosen.since, f"{field}__lt": chosen.until}).order_by()
    counted = inside.annotate(step=step(field, tzinfo=OSLO)).values_list("step").annotate(count=Count("pk"))
    return {start.date(): count for start, count in counted}


def _starts(chosen: Selection, step: Any) -> Iterable[datetime.date]:
    if step is TruncWeek:
        day = chosen.start - datetime.timedelta(days=chosen.start.weekday())
        while day <= chosen.end:
            yield day
            day += datetime.timedelta(days=7)
        return
    day = chosen.start.replace(day=1)
    while day <= chosen.end:
        yield day
        day = (day + datetime.timedelta(days=32)).replace(day=1)
