"""How far the people of a group are: what a mentor sees, and never what anybody wrote (R026)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mentoring.models import LearningGroup
from modules.models import Attempt
from modules.outline import CourseOutline, course_outline
from modules.pathway import ModuleStone, path_of
from modules.progress import Standing, standings_of


@dataclass(frozen=True)
class MemberRow:
    """A member as the mentor sees them: name, modules, and one sentence on where they are."""

    name: str
    enrolled: bool
    path: list[ModuleStone]
    done_count: int
    completed: bool


def course_of(group: LearningGroup, locale_code: str) -> CourseOutline | None:
    """The course the group takes, or None when it is not published now."""
    return course_outline(group.course.translation_key, locale_code) if group.course else None


def member_rows(group: LearningGroup, course: CourseOutline) -> list[MemberRow]:
    """The members, those who have come least far first. Four queries, however many they are."""
    memberships = group.memberships.filter(left_at=None).select_related("member")
    members = [membership.member for membership in memberships]
    attempts = _latest_attempts(members, course.key)
    standings = standings_of(attempts.values())
    rows = [_row(member, attempts.get(member.pk), standings, course) for member in members]
    return sorted(rows, key=lambda row: (row.enrolled, row.done_count, row.name))


def _latest_attempts(members: list[Any], course_key: UUID) -> dict[int, Attempt]:
    attempts = (
        Attempt.objects.filter(
            enrolment__learner__in=members, enrolment__course_key=course_key, enrolment__withdrawn_at=None
        )
        .select_related("enrolment")
        .order_by("number")
    )
    return {attempt.enrolment.learner_id: attempt for attempt in attempts}


def _row(member: Any, attempt: Attempt | None, standings: dict[int, Standing], course: CourseOutline) -> MemberRow:
    path = path_of(course, standings[attempt.pk] if attempt else Standing())
    return MemberRow(
        name=member.name,
        enrolled=attempt is not None,
        path=path,
        done_count=sum(module.state == "done" for module in path),
        completed=bool(attempt and attempt.completed_at),
    )
