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
    """Adds these to the list beside the backups (`settings.ERASURE_LIST`), on disk when this returns.

    Raises OSError when they cannot be written to the end.
    """
    add_lines(Path(settings.ERASURE_LIST), "".join(purge.line() for purge in purges))


def add_lines(path: Path, lines: str) -> None:
    """Adds lines to a list that is made when it is not there, on disk when this returns. Raises OSError.

    Where the power went in the middle of a line, they begin on a new one: no line is ever lost in a torn one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write at the end of the file: processes that write at the same time do not mix their lines.
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        words = (lines if _ends_whole(file) else "\n" + lines).encode() if lines else b""
        if os.write(file, words) != len(words):
            raise OSError(f"{path} could not be written to the end")
        os.fsync(file)
    finally:
        os.close(file)


def _ends_whole(file: int) -> bool:
    size = os.fstat(file).st_size
    return not size or os.pread(file, 1, size - 1) == b"\n"


def lines_of(path: Path) -> list[tuple[int, str]]:
    """The lines of a list that say something, with their numbers from 1.

    Raises ValidationError with the first line that is not text.
    """
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise unreadable(path, number) from error
        if text.strip():
            found.append((number, text))
    return found


def unreadable(path: Path, number: int) -> ValidationError:
    """What is said of a line that cannot be read, for instance because it was torn.

    Also the last one is not passed over: it may be of somebody who is erased, and in a copy more may be missing.
    """
    words = {"path": path, "number": number}
    return ValidationError(
        _(
            "Slettelisten %(path)s kan ikke leses: linje %(number)s. Bruk en kopi der linjen er hel. Finnes ingen, må "
            "dere vite hvem den gjaldt, før dere fjerner den."
        )
        % words
    )


def read_purges(path: Path) -> list[Purge]:
    """The purges in a list; erasures of people stand in the same file and are passed over.

    Raises ValidationError with the line that cannot be read.
    """
    return [_read(path, number, line) for number, line in lines_of(path) if is_purge(line)]


def _read(path: Path, number: int, line: str) -> Purge:
    try:
        words = json.loads(line)
        note, at = words["note"], datetime.fromisoformat(words["at"])
        if type(note) is not int or at.tzinfo is None:
            raise ValueError("a purge has the number of a note, and a time with its zone")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unreadable(path, number) from error
    return Purge(note, at)


def is_purge(line: str) -> bool:
    """Whether a line of the list is about a note, and not about a person."""
    return line.lstrip().startswith('{"note":')
