"""How long notes are kept, by the clock and the settings (P8): the words go, that there was a note stays.

A note's time runs from the end of its group, or from when its author left. What may be forgotten is asked anew each
time and goes in small portions, so that a run that dies is taken up by the next, and running twice changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from mentoring.models import Note, NoteComment, NoteReading

PORTION = 200
# PostgreSQL itself keeps a reading for 24 months; a month's margin for months of unlike length.
READINGS_KEPT = timedelta(days=731)


@dataclass(frozen=True)
class Forgotten:
    """How many drafts, notes and readings were, or would be, forgotten."""

    drafts: int
    notes: int
    readings: int


def forget_old(now: datetime, *, dry_run: bool = False) -> Forgotten:
    """Forgets what has been kept long enough at `now`; with `dry_run` only counts it."""
    if dry_run:
        return Forgotten(old_drafts(now).count(), old_notes(now).count(), old_readings(now).count())
    return Forgotten(_erase(old_drafts(now), now), _erase(old_notes(now), now), old_readings(now).delete()[0])


def old_drafts(now: datetime) -> QuerySet[Note]:
    """Drafts that were not handed in within NOTE_DRAFT_DAYS days after the end."""
    over = now - timedelta(days=settings.NOTE_DRAFT_DAYS)
    return _ended_before(over).filter(status=Note.Status.DRAFT).exclude(pk__in=old_notes(now).values("pk"))


def old_notes(now: datetime) -> QuerySet[Note]:
    """All notes NOTES_MONTHS months after the end."""
    return _ended_before(_months_before(now, settings.NOTES_MONTHS))


def old_readings(now: datetime) -> QuerySet[NoteReading]:
    """Who read what more than 24 months ago."""
    return NoteReading.objects.filter(at__lt=now - READINGS_KEPT)


def _ended_before(moment: datetime) -> QuerySet[Note]:
    group = "membership__group__"
    ended = Q(**{f"{group}completed_at__lt": moment}) | Q(**{f"{group}cancelled_at__lt": moment})
    return Note.objects.filter(ended | Q(membership__left_at__lt=moment), erased_at=None)


def _months_before(now: datetime, months: int) -> datetime:
    count = now.year * 12 + now.month - 1 - months
    return now.replace(year=count // 12, month=count % 12 + 1, day=min(now.day, 28))


def _erase(notes: QuerySet[Note], now: datetime) -> int:
    erased = 0
    while portion := list(notes.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        with transaction.atomic():
            NoteComment.objects.filter(note__in=portion).update(text="")
            erased += Note.objects.filter(pk__in=portion, erased_at=None).update(text="", erased_at=now)
    return erased
