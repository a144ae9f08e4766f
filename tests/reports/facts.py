"""Makes the facts that numbers are counted from, at moments that a test gives as local time."""

import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.utils import timezone

from lms.tallies import renewing
from mentoring.models import Attendance, LearningGroup, Meeting, Note
from modules.models import Attempt, Enrolment, LessonCompletion, ModuleCompletion

OSLO = ZoneInfo("Europe/Oslo")


def moment(text: str) -> datetime.datetime:
    """Norwegian time."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=OSLO)


def enrolled(course, email, at, *, began=None, completed=None, left=None, **person) -> Attempt:
    """An enrolment with these dates, each local time or None; gives its first attempt."""
    user, _new = get_user_model().objects.get_or_create(email=email, defaults={"name": email.split("@")[0]} | person)
    enrolment = Enrolment.objects.create(learner=user, course=course, course_key=course.translation_key)
    Enrolment.objects.filter(pk=enrolment.pk).update(enrolled_at=_given(at), withdrawn_at=_given(left))
    return Attempt.objects.create(enrolment=enrolment, began_at=_given(began), completed_at=_given(completed))


def lesson_done(attempt, lesson, at) -> None:
    """The lesson is finished at this moment."""
    done = LessonCompletion.objects.create(attempt=attempt, lesson=lesson, lesson_key=lesson.translation_key)
    LessonCompletion.objects.filter(pk=done.pk).update(completed_at=_given(at))


def module_done(attempt, module, at) -> None:
    """The module is finished at this moment."""
    done = ModuleCompletion.objects.create(attempt=attempt, module_key=module.translation_key)
    ModuleCompletion.objects.filter(pk=done.pk).update(completed_at=_given(at))


def group_at(group, created, **dates) -> LearningGroup:
    """The group, with its dates: `started`, `completed`, `cancelled`."""
    given = {f"{name}_at": _given(dates.get(name)) for name in ("started", "completed", "cancelled")}
    LearningGroup.objects.filter(pk=group.pk).update(created_at=_given(created), **given)
    return group


def held(group, number, at, form="physical", status="held") -> Meeting:
    """The meeting of the group with this number, held then."""
    starts = _given(at)
    Meeting.objects.filter(group=group, number=number).update(
        day=starts.date(), clock=starts.time(), starts_at=starts, status=status, form=form
    )
    return group.meetings.get(number=number)


def came(meeting, membership, status, by) -> None:
    """How the member was there."""
    Attendance.objects.create(meeting=meeting, membership=membership, status=status, by=by)


def handed_in(membership, at, text="Hemmelig ord") -> None:
    """A note of the member, handed in then."""
    Note.objects.create(membership=membership, text=text, status="handed_in", handed_in_at=_given(at))


def keep(settings) -> None:
    """From now on numbers are counted from kept rows, as in a large installation."""
    settings.COUNT_LIVE_UP_TO = 0
    renewing.renew_enrolments(timezone.now())
    renewing.renew_lessons(timezone.now())


def _given(at):
    return moment(at) if isinstance(at, str) else at
