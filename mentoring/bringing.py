"""Texts from a private notebook that a member chose to bring to a meeting, and nothing else of it (B, P4, R129).

A member ticks single texts, and takes the tick away whenever they like. What is shown is what they ticked: a text
that was changed afterwards is not shown until they have ticked it again. The mentor meets the texts on the shared
screen, on the day of the meeting, without a name unless the member adds it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.models import BroughtPrompt, Meeting, Membership
from modules.models import NotebookEntry
from modules.outline import CourseOutline


@dataclass(frozen=True)
class Choice:
    """A text of the member's own that they may bring. `module` is the number of its module, None when unknown."""

    entry: NotebookEntry
    module: int | None = None
    before_this: bool = False
    brought: bool = False
    with_name: bool = False
    changed_since: bool = False


@dataclass(frozen=True)
class Brought:
    """A text that somebody brought, for the screen. `name` is "" unless they added it."""

    question: str
    text: str
    name: str = ""


def choices_of(membership: Membership, meeting: Meeting, course: CourseOutline | None) -> list[Choice]:
    """The member's own texts from the package's course, those of the modules before this meeting first. Two queries."""
    if course is None:
        return []
    brought = {row.entry_id: row for row in BroughtPrompt.objects.filter(meeting=meeting, membership=membership)}
    modules = {lesson.key: lesson.module_number for lesson in course.lessons}
    order = {lesson.key: place for place, lesson in enumerate(course.lessons)}
    before = {module.number for module in course.modules if str(module.key) in meeting.module_keys}
    entries = NotebookEntry.objects.filter(learner=membership.member_id, course_key=course.key).order_by("pk")
    choices = [
        _choice(entry, modules.get(entry.lesson_key), before, brought.get(entry.pk))
        for entry in entries
        if entry.text.strip()
    ]
    return sorted(choices, key=lambda choice: (not choice.before_this, order.get(choice.entry.lesson_key, 999)))


def bring(membership: Membership, meeting: Meeting, entries: Iterable[int], named: Iterable[int]) -> int:
    """Makes `entries` what the member brings to the meeting, with their name on those of `named`; returns how many.

    Ids of anything but the member's own texts in the package's course are as if they were not there. Raises
    ValidationError when the meeting is cancelled or over: then one can only take back.
    """
    wanted, named = set(entries), set(named)
    own = NotebookEntry.objects.filter(learner=membership.member_id, pk__in=wanted)
    course = membership.group.course
    kept = [entry for entry in own if course and entry.course_key == course.translation_key and entry.text.strip()]
    there = BroughtPrompt.objects.filter(meeting=meeting, membership=membership)
    new = [entry for entry in kept if is_open(meeting) or not there.filter(entry=entry).exists()]
    if new and not is_open(meeting):
        raise ValidationError(_("Møtet er over. Nå kan du bare ta bort det du hadde med."))
    with transaction.atomic():
        there.exclude(entry__in=kept).delete()
        for entry in new:
            values = {"membership": membership, "with_name": entry.pk in named, "at": timezone.now()}
            BroughtPrompt.objects.update_or_create(meeting=meeting, entry=entry, defaults=values)
    return len(kept)


def is_open(meeting: Meeting) -> bool:
    """Whether texts can be brought: until the day of the meeting is over."""
    return meeting.status != Meeting.Status.CANCELLED and (meeting.day is None or meeting.day >= _today(meeting))


def is_shown(meeting: Meeting) -> bool:
    """Whether what was brought is on the screen: on the day of the meeting, and on no other."""
    return meeting.status != Meeting.Status.CANCELLED and meeting.day == _today(meeting)


def brought_count(meeting: Meeting) -> int:
    """How many texts are waiting for the screen; says nothing of whose or what."""
    return len(_rows(meeting))


def brought_to(meeting: Meeting) -> list[Brought]:
    """What present members brought, for the screen; nothing on any day but the meeting's. One query.

    The order follows the questions and the texts, so that it says nothing of who came first.
    """
    if not is_shown(meeting):
        return []
    rows = [
        Brought(row.entry.question, row.entry.text.strip(), row.membership.member.name if row.with_name else "")
        for row in _rows(meeting)
    ]
    return sorted(rows, key=lambda row: (row.question, hashlib.sha256(row.text.encode()).hexdigest()))


def _rows(meeting: Meeting) -> list[BroughtPrompt]:
    rows = BroughtPrompt.objects.filter(
        meeting=meeting, membership__left_at=None, membership__member__is_active=True
    ).select_related("entry", "membership__member")
    return [row for row in rows if not _changed_since(row) and row.entry.text.strip()]


def _changed_since(row: BroughtPrompt) -> bool:
    return row.entry.updated_at > row.at


def _choice(entry: NotebookEntry, module: int | None, before: set[int], row: BroughtPrompt | None) -> Choice:
    if row is None:
        return Choice(entry, module, module in before)
    row.entry = entry
    return Choice(entry, module, module in before, True, row.with_name, _changed_since(row))


def _today(meeting: Meeting) -> date:
    return timezone.now().astimezone(ZoneInfo(meeting.zone)).date()
