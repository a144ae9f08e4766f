"""People of the small group on their way: modules taken, meetings held, notes handed in. Straight into the database."""

import datetime

from django.utils import timezone

from mentoring.models import Attendance, LearningGroup, MakeUp, Meeting, Membership, Note
from mentoring.walltime import utc_of
from modules.enrolment import current_attempt, enrol
from modules.models import LessonCompletion
from modules.outline import course_outline
from modules.progress import settle
from tests.small_course import COURSE_KEY

CLOCK = datetime.time(14)


def take_modules(person, count=2):
    """The first `count` modules of the small course."""
    outline = course_outline(COURSE_KEY, "nb")
    enrol(person, outline)
    attempt = current_attempt(person, COURSE_KEY)
    for lesson in [lesson for module in outline.modules[:count] for lesson in module.lessons]:
        LessonCompletion.objects.get_or_create(attempt=attempt, lesson_id=lesson.pk, lesson_key=lesson.key)
    settle(attempt, outline)
    return current_attempt(person, COURSE_KEY)


def set_day(group: LearningGroup, number: int, days: int, **fields) -> Meeting:
    """Meeting `number` is so many days from now, at 14.00."""
    meeting = group.meetings.get(number=number)
    meeting.day, meeting.clock = timezone.localdate() + datetime.timedelta(days=days), CLOCK
    meeting.starts_at = utc_of(meeting.day, meeting.clock)
    for name, value in fields.items():
        setattr(meeting, name, value)
    meeting.save()
    return meeting


def hold(group: LearningGroup, number: int, status="there", *, days=-10, **others) -> Meeting:
    """Meeting `number` was held and all members marked with `status`; `others` are marks by the name of an address."""
    meeting = set_day(group, number, days, status=Meeting.Status.HELD, held_at=timezone.now())
    for membership in group.memberships.filter(left_at=None).select_related("member"):
        mark = others.get(membership.member.email.split("@")[0], status)
        if mark:
            Attendance.objects.create(meeting=meeting, membership=membership, status=mark, by=group.mentor)
    return meeting


def make_up(membership: Membership, number: int) -> MakeUp:
    meeting = membership.group.meetings.get(number=number)
    return MakeUp.objects.create(
        meeting=meeting, membership=membership, reason="Leste og snakket med mentoren.", by=membership.group.mentor
    )


def write_note(membership: Membership, status="handed_in", meeting=None) -> Note:
    return Note.objects.create(
        membership=membership, meeting=meeting, text="Jeg lærte.", status=status, handed_in_at=timezone.now()
    )


def go_all_the_way(membership: Membership) -> Membership:
    """Modules, both meetings and the note."""
    take_modules(membership.member)
    for number in (1, 2):
        if not membership.attendances.filter(meeting__number=number).exists():
            hold(membership.group, number)
    write_note(membership)
    return membership
