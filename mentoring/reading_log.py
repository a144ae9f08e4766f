"""Who read whose note: a row before a byte leaves, each chained to the one before, never changed (P6).

A reading's digest is SHA-256 over the digest before it and the row's own facts. The chain begins at the oldest row
kept: rows older than two years are forgotten. A chain cannot see that its newest rows are cut off, so the command that
looks at it says how many there are and where it ends, for whoever writes that down elsewhere.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from mentoring.models import GlassBreak, Note, NoteReading

# Any number of our own: those who write readings queue here, so that no two rows follow the same one.
QUEUE = 7_303_014


@dataclass(frozen=True)
class Chain:
    """What looking at the chain gave: how many rows, the last digest, and the first row that does not fit."""

    count: int
    last: str
    broken_at: int | None


def record_reading(note: Note, reader: Any, glass_break: GlassBreak | None = None) -> NoteReading:
    """Writes that `reader` is about to read `note`. Call it outside any transaction, before the answer is made."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [QUEUE])
        before = NoteReading.objects.order_by("-pk").values_list("digest", flat=True).first() or ""
        reading = NoteReading(
            note_id_read=note.pk,
            author=note.membership.member,
            reader=reader,
            glass_break=glass_break,
            at=timezone.now(),
        )
        reading.digest = digest_of(reading, before)
        reading.save(force_insert=True)
    return reading


def digest_of(reading: NoteReading, before: str) -> str:
    """The digest that the row must have after a row with the digest `before`."""
    facts = (before, reading.note_id_read, reading.author_id, reading.reader_id, reading.at.isoformat())
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()


def verify() -> Chain:
    """Walks the chain from its oldest row, whose own predecessor may be forgotten by now."""
    count, before, broken_at = 0, None, None
    for reading in NoteReading.objects.order_by("pk").iterator():
        fits = before is None or reading.digest == digest_of(reading, before)
        if not fits and broken_at is None:
            broken_at = reading.pk
        count, before = count + 1, reading.digest
    return Chain(count, before or "", broken_at)


def readings_of(note: Note) -> QuerySet[NoteReading]:
    """Who has read the note, newest first: what its author sees."""
    return NoteReading.objects.filter(note_id_read=note.pk).select_related("reader", "glass_break").order_by("-pk")
