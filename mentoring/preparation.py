"""What a member does before a meeting, and who has: names and done or not, never what anybody wrote (R026)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from mentoring.models import LearningGroup, Meeting, Membership
from modules.models import Attempt
from modules.outline import CourseOutline, ModuleOutline, course_outline
from modules.progress import Standing, standings_of


@dataclass(frozen=True)
class Progress:
    """How far a member is in the package's course. Who has completed it has done every module, also later ones."""

    standing: Standing = Standing()
    completed: bool = False

    def has_done(self, module: ModuleOutline) -> bool:
        return self.completed or self.standing.has_done(module)

    def has_begun(self, module: ModuleOutline) -> bool:
        return bool(self.standing.done_count(module))


def course_of(group: LearningGroup, locale_code: str = "nb") -> CourseOutline | None:
    """The online course of the group's package; None without one, or while it is not published."""
    return course_outline(group.course.translation_key, locale_code) if group.course else None


def modules_before(meeting: Meeting, course: CourseOutline | None) -> list[ModuleOutline]:
    """The modules to take before the meeting, in the order of the course."""
    keys = set(meeting.module_keys)
    return [module for module in course.modules if str(module.key) in keys] if course else []


def progress_of(memberships: Iterable[Membership], course: CourseOutline | None) -> dict[int, Progress]:
    """How far each is, by the membership's id. Three queries, however many they are."""
    memberships = list(memberships)
    if course is None:
        return {membership.pk: Progress() for membership in memberships}
    attempts = counting_attempts([membership.member_id for membership in memberships], [course.key])
    standings = standings_of(attempts.values())
    return {
        membership.pk: _progress(attempts.get((membership.member_id, course.key)), standings)
        for membership in memberships
    }


def unfinished(
    memberships: Iterable[Membership], meeting: Meeting, course: CourseOutline | None
) -> dict[int, list[ModuleOutline]]:
    """The modules before the meeting that each has not finished, by the membership's id."""
    memberships, modules = list(memberships), modules_before(meeting, course)
    progress = progress_of(memberships, course) if modules else {}
    return {
        membership.pk: [module for module in modules if not progress[membership.pk].has_done(module)]
        for membership in memberships
    }


def _progress(attempt: Attempt | None, standings: dict[int, Standing]) -> Progress:
    return Progress(standings[attempt.pk], bool(attempt.completed_at)) if attempt else Progress()


def counting_attempts(people: Iterable[int], courses: Iterable[UUID]) -> dict[tuple[int, UUID], Attempt]:
    """The time through each course that counts for each person: a finished one, else the latest (R012, R025).

    Also what certificates go by. One query.
    """
    found = Attempt.objects.filter(
        Q(enrolment__withdrawn_at=None) | Q(completed_at__isnull=False),
        enrolment__learner__in=list(people),
        enrolment__course_key__in=list(courses),
    )
    ordered = sorted(found.select_related("enrolment"), key=lambda one: (one.completed_at is not None, one.number))
    return {(attempt.enrolment.learner_id, attempt.enrolment.course_key): attempt for attempt in ordered}
