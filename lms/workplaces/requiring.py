"""The courses that a workplace asks of new employees, and each employee's deadline (R050, R052)."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.workplaces.models import Employee, RequiredCourse, Workplace, WorkplaceEvent
from modules.outline import CourseOutline, course_outline, course_outlines

Kind: Any = WorkplaceEvent.Kind
MOST_DAYS = 730
MOST_COURSES = 10


@dataclass(frozen=True)
class Deadline:
    """Either so many days after an employee was added, or a date."""

    days: int | None = None
    on: datetime.date | None = None


def check_deadline(deadline: Deadline, today: datetime.date) -> None:
    """Raises ValidationError unless the deadline is one thing, ahead of us, and within two years."""
    if (deadline.days is None) == (deadline.on is None):
        raise ValidationError(_("Skriv enten antall dager eller en dato."))
    if deadline.days is not None and not 1 <= deadline.days <= MOST_DAYS:
        raise ValidationError(_("Skriv et antall dager fra 1 til 730."))
    if deadline.on is not None and deadline.on <= today:
        raise ValidationError(_("Fristen må være etter i dag."))
    if deadline.on is not None and deadline.on > today + datetime.timedelta(days=MOST_DAYS):
        raise ValidationError(_("Fristen kan være høyst to år fram."))


def open_courses() -> list[CourseOutline]:
    """The courses that a workplace can ask for: published and for everybody, no pilots."""
    return [course for course in course_outlines("nb") if not course.is_pilot]


def courses_left(there: list[RequiredCourse]) -> list[CourseOutline]:
    """The open courses that are not on the list yet, which has `there`; none when it is full."""
    if len(there) >= MOST_COURSES:
        return []
    keys = {required.course_key for required in there}
    return [course for course in open_courses() if course.key not in keys]


def require_course(workplace: Workplace, course_key: UUID, deadline: Deadline, by: Any) -> RequiredCourse:
    """Puts a course on the list. Twice makes one, with the first deadline.

    Raises ValidationError for a deadline that cannot be, a course that is not open to all, or a list that is full.
    """
    check_deadline(deadline, timezone.localdate())
    course = next((course for course in open_courses() if course.key == course_key), None)
    if course is None:
        raise ValidationError(_("Kurset er ikke åpent for alle."))
    standing = workplace.required_courses.filter(ended_at=None)
    # Off the list and on again sends no reminder sooner.
    reminded = workplace.required_courses.filter(course_key=course_key).aggregate(at=Max("reminded_at"))
    if standing.count() >= MOST_COURSES:
        raise ValidationError(_("Listen kan ha høyst 10 kurs."))
    try:
        with transaction.atomic():
            required = RequiredCourse.objects.create(
                workplace=workplace,
                course_id=course.pk,
                course_key=course.key,
                deadline_days=deadline.days,
                deadline_on=deadline.on,
                set_by=by,
                reminded_at=reminded["at"],
            )
            WorkplaceEvent.objects.create(workplace=workplace, kind=Kind.COURSE_SET, by=by, detail=course.title[:120])
    except IntegrityError:
        return standing.get(course_key=course_key)
    return required


def change_deadline(required: RequiredCourse, deadline: Deadline, by: Any) -> None:
    """Sets another deadline; who was reminded of the old one is reminded anew. Raises ValidationError as above."""
    check_deadline(deadline, timezone.localdate())
    if (required.deadline_days, required.deadline_on) == (deadline.days, deadline.on):
        return
    required.deadline_days, required.deadline_on = deadline.days, deadline.on
    with transaction.atomic():
        required.save(update_fields=["deadline_days", "deadline_on"])
        WorkplaceEvent.objects.create(workplace=required.workplace, kind=Kind.DEADLINE, by=by)


def end_requirement(required: RequiredCourse, by: Any) -> None:
    """Takes a course off the list: the leader no longer sees how anybody is in it. Harmless twice."""
    with transaction.atomic():
        standing = RequiredCourse.objects.filter(pk=required.pk, ended_at=None)
        if standing.update(ended_at=timezone.now()):
            WorkplaceEvent.objects.create(
                workplace=required.workplace, kind=Kind.COURSE_ENDED, by=by, detail=required.course.title[:120]
            )


def required_courses(workplace: Workplace) -> list[RequiredCourse]:
    """What is on the list now, the oldest first."""
    return list(workplace.required_courses.filter(ended_at=None).select_related("course"))


def outline_of(required: RequiredCourse) -> CourseOutline | None:
    """The course as it is published; None while it is taken down."""
    return course_outline(required.course_key, "nb")


def deadline_of(required: RequiredCourse, employee: Employee) -> datetime.date | None:
    """The last day for this employee, by the calendar in Norway.

    Days count from when both the employee and the course were on the list. A date that was past when the employee
    came is no deadline for them: None.
    """
    since = timezone.localdate(max(required.set_at, employee.added_at))
    if required.deadline_days is not None:
        return since + datetime.timedelta(days=required.deadline_days)
    return required.deadline_on if required.deadline_on and required.deadline_on > since else None
