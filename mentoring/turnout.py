"""Whether a group is big enough to be one, and who of it is expected (R053, R056)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.joining import present_members
from mentoring.models import Attendance, LearningGroup, Meeting, MeetingReply, Membership

Status: Any = LearningGroup.Status
CAME = (Attendance.Status.THERE, Attendance.Status.DIGITAL)


def is_expected(membership: Membership) -> bool:
    """Whether the member is expected at meetings, not just invited. Who has told no position is expected (R053)."""
    least, position = membership.group.package.expected_position, membership.position_percent
    return least is None or position is None or position >= least


def expected_and_invited(group: LearningGroup) -> tuple[list[Membership], list[Membership]]:
    """The present members, parted by position where the package counts by it."""
    members = list(present_members(group).select_related("member", "group__package"))
    return [member for member in members if is_expected(member)], [m for m in members if not is_expected(m)]


def warnings_of(group: LearningGroup) -> list[str]:
    """What the mentor should know about numbers, as sentences: few signed up, few at a meeting. Two queries."""
    package, warnings = group.package, []
    if group.status not in {Status.PLANNED, Status.STARTED} or not (package.few_signed_up or package.few_present):
        return []
    count = present_members(group).count()
    if count < (package.few_signed_up or 0):
        warnings.append(_few_signed_up(count, package.few_signed_up))
    if package.few_present:
        meetings = _counted(group.meetings.all())
        warnings += [said for meeting in meetings if (said := _few_at(meeting, count, package.few_present))]
    return warnings


def _few_signed_up(count: int, least: int) -> str:
    facts = {"count": count, "least": least}
    return _("%(count)s er påmeldt. Det bør være minst %(least)s, for noen er alltid forhindret.") % facts


def _counted(meetings: QuerySet[Meeting]) -> Iterable[Any]:
    there = Q(membership__left_at=None, membership__member__is_active=True)
    coming = MeetingReply.objects.filter(there, answer=MeetingReply.Answer.NO)
    return meetings.annotate(
        came=Count("attendances", filter=Q(attendances__status__in=CAME), distinct=True),
        cannot=Count("replies", filter=Q(replies__in=coming), distinct=True),
    )


def _few_at(meeting: Any, members: int, least: int) -> str:
    facts = {"number": meeting.number, "least": least, "came": meeting.came, "can": members - meeting.cannot}
    if meeting.status == Meeting.Status.HELD and facts["came"] < least:
        return _("Til møte %(number)s kom %(came)s. Færre enn %(least)s er for få til en god samtale.") % facts
    is_coming = meeting.status == Meeting.Status.PLANNED and meeting.starts_at and meeting.starts_at > timezone.now()
    if is_coming and meeting.cannot and facts["can"] < least:
        return _("Til møte %(number)s er det bare %(can)s som kan komme. Det bør være minst %(least)s.") % facts
    return ""
