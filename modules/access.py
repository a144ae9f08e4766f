"""The gate: who may see a course and read a lesson. Absent and forbidden look alike (R013, S10)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.models import ReferenceIndex

from modules.enrolment import current_attempt
from modules.models import Attempt, CoursePage, PilotTester
from modules.outline import CourseOutline, LessonOutline, ModuleOutline, course_outline, course_outlines
from modules.progress import Standing, standing_of, why_closed


@dataclass(frozen=True)
class Place:
    """Where somebody stands in a course. `attempt` is None for one who is not enrolled (or has left)."""

    course: CourseOutline
    attempt: Attempt | None
    standing: Standing


@dataclass(frozen=True)
class LessonPlace(Place):
    """A lesson that somebody asked for. `closed` is the sentence that says why it cannot be read yet."""

    module: ModuleOutline
    lesson: LessonOutline
    closed: str = ""
    opener: LessonOutline | None = None


def courses_for(user: Any, locale_code: str) -> list[CourseOutline]:
    """The courses that `user` (perhaps anonymous) may know of."""
    return [course for course in course_outlines(locale_code) if may_see(user, course)]


def course_for(user: Any, locale_code: str, course_slug: str) -> Place:
    """The course at this address and how far `user` is in it. Raises Http404 when absent or not for them."""
    for course in course_outlines(locale_code):
        if course.slug == course_slug and may_see(user, course):
            return _place(user, course)
    raise Http404


def course_by_key_for(user: Any, locale_code: str, course_key: UUID) -> Place:
    """The course with this stable key and how far `user` is in it. Raises Http404 when absent or not for them."""
    course = course_outline(course_key, locale_code)
    if course is None or not may_see(user, course):
        raise Http404
    return _place(user, course)


def lesson_for(user: Any, locale_code: str, course_slug: str, module_slug: str, lesson_slug: str) -> LessonPlace:
    """The lesson at this address, with the reason when it is closed to `user`. Raises Http404 when absent."""
    place = course_for(user, locale_code, course_slug)
    found = place.course.lesson_at(module_slug, lesson_slug)
    if found is None:
        raise Http404
    module, lesson = found
    closed, opener = "", None
    if place.attempt is None:
        closed = _(
            "Leksjonene er åpne for alle som er påmeldt kurset. Det er gratis, og du trenger ingen forkunnskaper."
        )
    elif reason := why_closed(place.course, place.standing, module, lesson):
        closed, opener = reason.reason, reason.opener
    return LessonPlace(place.course, place.attempt, place.standing, module, lesson, closed, opener)


def is_there_for(user: Any, locale_code: str, course: str, module: str = "", lesson: str = "") -> bool:
    """Whether `user` would find something at `/kurs/<course>/<module>/<lesson>/`, be it open to them yet or not."""
    try:
        outline = course_for(user, locale_code, course).course
    except Http404:
        return False
    if lesson:
        return outline.lesson_at(module, lesson) is not None
    return not module or any(item.slug == module for item in outline.modules)


def may_fetch(user: Any, file: Any) -> bool:
    """Whether `user` may have a file: what a lesson offers goes to all who may know of its course, as its pictures do;
    what no published lesson offers is for those who work with courses."""
    if user.is_authenticated and may_edit(user):
        return True
    users = set(ReferenceIndex.get_references_to(file).values_list("object_id", flat=True))
    return any(
        str(lesson.pk) in users
        for code, _name in settings.LANGUAGES
        for course in courses_for(user, code)
        for lesson in course.lessons
    )


def may_see(user: Any, course: CourseOutline) -> bool:
    """Whether `user` may know of the course: everybody, or for a pilot its testers and the editors (R013)."""
    if not course.is_pilot:
        return True
    if not user.is_authenticated:
        return False
    return may_edit(user) or is_tester(user, course)


def may_edit(user: Any) -> bool:
    """Whether `user` works with courses in /cms/."""
    return user.is_staff and user.has_perm("wagtailadmin.access_admin")


def is_tester(user: Any, course: CourseOutline) -> bool:
    """Whether `user` was invited to the pilot, by an address of theirs that is confirmed."""
    emails = user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
    page = CoursePage.objects.filter(pk=course.pk).values("pk")
    testers = PilotTester.objects.filter(course__in=page).values_list("email", flat=True)
    return not {email.lower() for email in emails}.isdisjoint(email.lower() for email in testers)


def _place(user: Any, course: CourseOutline) -> Place:
    attempt = current_attempt(user, course.key) if user.is_authenticated else None
    if attempt and attempt.enrolment.withdrawn_at:
        attempt = None
    return Place(course, attempt, standing_of(attempt))
