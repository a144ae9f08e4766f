"""A meeting with a time and a place, for tests about running it."""

import uuid
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from mentoring.models import Meeting
from modules.enrolment import current_attempt, enrol
from modules.models import NotebookEntry
from modules.outline import course_outline
from modules.progress import settle
from tests.small_course import COURSE_KEY

OSLO = ZoneInfo("Europe/Oslo")


def set_time(meeting: Meeting, day: date, clock: time = time(14), **fields) -> Meeting:
    """Gives a meeting a time, and a place unless it says otherwise, without telling anybody."""
    meeting.day, meeting.clock = day, clock
    meeting.starts_at = datetime.combine(day, clock, OSLO)
    for name, value in ({"place": "Møterom 2"} | fields).items():
        setattr(meeting, name, value)
    meeting.save()
    return meeting


def today() -> date:
    """Today in Oslo."""
    return timezone.now().astimezone(OSLO).date()


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment by the clock on the wall in Oslo."""
    return datetime(year, month, day, hour, minute, tzinfo=OSLO)


def finish_modules(person, *numbers: int) -> None:
    """Enrols the person in the small course and lets them finish these modules."""
    outline = course_outline(COURSE_KEY, "nb")
    enrol(person, outline)
    attempt = current_attempt(person, COURSE_KEY)
    for module in outline.modules:
        if module.number in numbers:
            for lesson in module.lessons:
                attempt.lessons.create(lesson_id=lesson.pk, lesson_key=lesson.key)
    settle(attempt, outline)


def write_in_notebook(person, text: str, *, lesson: int = 0, question: str = "Hva tenkte du på først?", prompt=None):
    """A text of the person's own in lesson number `lesson` of the small course, counted from 0."""
    outline = course_outline(COURSE_KEY, "nb")
    return NotebookEntry.objects.create(
        learner=person,
        course_key=COURSE_KEY,
        lesson_key=outline.lessons[lesson].key,
        prompt_id=prompt or uuid.uuid4(),
        question=question,
        text=text,
    )
