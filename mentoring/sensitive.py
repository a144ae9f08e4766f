"""A note in which somebody can be known again is closed at once, and its words are gone after 72 hours (P12).

Closing is sending back: nobody but its author can open it any more. Whoever looks after notes hears of it, for the
same 72 hours are what the law gives to tell the authority of a breach. What was reported is written in a file apart
from the database too, so that a backup that is put back does not bring the words back.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring import access, note_mails
from mentoring.models import BroughtPrompt, GroupEvent, LearningGroup, Meeting, Membership, Note
from mentoring.models.notes import REPORTED_FOR
from mentoring.walltime import wall_of


@dataclass(frozen=True)
class Purge:
    """That the words which note `note` had until `at` are to be found nowhere."""

    note: int
    at: datetime

    def line(self) -> str:
        return json.dumps({"note": self.note, "at": self.at.isoformat()}) + "\n"


def report(note: Note, by: Any) -> bool:
    """Closes a handed-in note for everybody but its author, and tells the author and those who look after notes.

    `by` is the group's mentor. Returns whether this closed it; doing so twice does no harm. Nothing of the text is
    told to anybody. Raises OSError when the list of what is purged cannot be written; then nothing has happened.
    """
    now = timezone.now()
    there = Note.objects.filter(
        pk=note.pk, status__in=Note.READABLE, erased_at=None, membership__in=Membership.led_by(by)
    )
    with transaction.atomic():
        closed = there.update(
            status=Note.Status.RETURNED, returned_at=now, reported_at=now, reported_version=F("version")
        )
        if not closed:
            return False
        found = Note.objects.select_related("membership__group__mentor", "membership__member", "meeting").get(
            pk=note.pk
        )
        group, author = found.membership.group, found.membership.member
        GroupEvent.objects.create(group=group, kind=GroupEvent.Kind.SENSITIVE, by=by, about=author)
        note_mails.tell_of_report(found, guardians())
        remember([Purge(found.pk, now)])
    return True


def report_shown(meeting: Meeting, by: Any) -> None:
    """Takes everything that was brought off the screen of a meeting, because somebody can be known again in it.

    Whoever was there may say so, and nobody is told who did. The texts stay in the notebooks that they are from. The
    mentor and those who look after notes hear of it once for each meeting. Raises ValidationError before its day.
    """
    if meeting.day is None or meeting.day > wall_of(timezone.now(), meeting.zone).date():
        raise ValidationError(_("Møtet har ikke vært ennå."))
    group, about = meeting.group, _("Møte %(number)s") % {"number": meeting.number}
    with transaction.atomic():
        LearningGroup.objects.select_for_update().get(pk=group.pk)
        BroughtPrompt.objects.filter(meeting=meeting).delete()
        there = GroupEvent.objects.filter(group=group, kind=GroupEvent.Kind.SENSITIVE, about=None, detail=about)
        if not there.exists():
            GroupEvent.objects.create(group=group, kind=GroupEvent.Kind.SENSITIVE, detail=about)
            people = {person.pk: person for person in (*guardians(), group.mentor) if person and person != by}
            note_mails.tell_of_shown(meeting, people.values())


def guardians() -> QuerySet[Any]:
    """Who looks after notes: those who may ask for access in an emergency."""
    return access.holders_of("break_glass")


def purge_due(now: datetime) -> int:
    """Takes away the words of notes that were reported 72 hours ago and not written anew; returns how many."""
    due = Note.objects.filter(reported_at__lte=now - REPORTED_FOR, reported_version=F("version"))
    return _blank(due.filter(status__in=Note.OPEN, erased_at=None))


def purge_again(purges: Iterable[Purge]) -> int:
    """Takes away what a backup has brought back; returns how many notes. What was written since stays."""
    return sum(_blank(Note.objects.filter(pk=purge.note, saved_at__lte=purge.at, erased_at=None)) for purge in purges)


def _blank(notes: QuerySet[Note]) -> int:
    return notes.exclude(text="").update(
        text="", version=F("version") + 1, status=Note.Status.DRAFT, reported_at=None, reported_version=None
    )


def remember(purges: Iterable[Purge]) -> None:
    """Adds these to the list beside the backups (`settings.ERASURE_LIST`), on disk when this returns."""
    path = Path(settings.ERASURE_LIST)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, "".join(purge.line() for purge in purges).encode())
        os.fsync(file)
    finally:
        os.close(file)


def read_purges(path: Path) -> list[Purge]:
    """The purges in a list; erasures of people stand in the same file and are passed over."""
    found = [json.loads(line) for line in path.read_text().splitlines() if is_purge(line)]
    return [Purge(int(words["note"]), datetime.fromisoformat(words["at"])) for words in found]


def is_purge(line: str) -> bool:
    """Whether a line of the list is about a note, and not about a person."""
    return line.lstrip().startswith('{"note":')
