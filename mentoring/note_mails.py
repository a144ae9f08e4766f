"""Mails about notes. They say that something happened, never what anybody wrote (P5)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentoring.models import GlassBreak, Meeting, Note, Notice
from mentoring.notices import note_once

KIND: Any = Notice.Kind.NOTE


def tell_mentor(note: Note) -> None:
    """Tells the mentor that a note is handed in: once a day at most, however often it is taken back and handed in."""
    mentor = note.membership.group.mentor
    if mentor is None:
        return
    returned = int(note.returned_at.timestamp()) if note.returned_at else 0
    occasion = f"{note.pk}:{timezone.localdate()}:{returned}"
    _send(mentor, _("Et refleksjonsnotat er levert"), "note_handed_in", note, f"note-handed-in:{occasion}")


def tell_author(note: Note) -> None:
    """Tells the author that the mentor has received the note or sent it back. The comment stays where it is."""
    if note.status == Note.Status.RETURNED:
        subject, template, at = _("Refleksjonsnotatet ditt er sendt tilbake"), "note_returned", note.returned_at
    else:
        subject, template, at = _("Refleksjonsnotatet ditt er mottatt"), "note_received", note.received_at
    occasion = f"{note.status}:{note.pk}:{int(at.timestamp() * 1000) if at else 0}"
    note_once(note.membership, KIND, occasion)
    _send(note.membership.member, subject, template, note, f"note-{occasion}")


def tell_of_glass_break(glass_break: GlassBreak) -> None:
    """Tells the author at once that somebody may read their notes for an hour, who asked, who agreed, and why (P4)."""
    membership = glass_break.membership
    context = {"glass_break": glass_break, "group": membership.group, "person": membership.member}
    _mail(
        membership.member,
        _("Noen har fått innsyn i refleksjonsnotatene dine"),
        "glass_broken",
        context,
        f"glass-break:{glass_break.pk}",
    )


def tell_of_report(note: Note, guardians: Iterable[Any]) -> None:
    """Tells the author that the note is closed and why, and `guardians` that there is something to look into (P12)."""
    occasion = f"{note.pk}:{int(note.reported_at.timestamp() * 1000)}"
    note_once(note.membership, KIND, f"reported:{occasion}")
    context = {"note": note, "group": note.membership.group, "own_path": own_note_path(note)}
    author, key = note.membership.member, f"note-reported:{occasion}"
    _mail(author, _("Se over refleksjonsnotatet ditt"), "note_reported", context, key)
    for person in guardians:
        _mail(person, _("Sensitivt innhold er meldt"), "sensitive_reported", context, f"guardian:{key}")


def tell_of_shown(meeting: Meeting, people: Iterable[Any]) -> None:
    """Tells `people` that somebody could be known again in what a meeting saw; neither who said it nor what it was."""
    context = {"group": meeting.group, "meeting": meeting}
    for person in people:
        _mail(person, _("Sensitivt innhold er meldt"), "shown_reported", context, f"shown-reported:{meeting.pk}")


def own_note_path(note: Note) -> str:
    """Where the author finds the note."""
    group = note.membership.group_id
    return reverse("own_note", args=[group, note.meeting.number] if note.meeting else [group])


def _send(person: Any, subject: str, template: str, note: Note, key: str) -> None:
    context = {"note": note, "group": note.membership.group, "person": person, "own_path": own_note_path(note)}
    _mail(person, subject, template, context, key)


def _mail(person: Any, subject: str, template: str, context: dict[str, Any], key: str) -> None:
    if not person.is_active:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(f"mentoring/mail/{template}.txt", context | {"site": settings.SITE_URL})
        headers = {"X-Refleks-Key": f"{person.public_id}:{key}"}
        EmailMessage(subject, text, to=[person.email], headers=headers).send()
