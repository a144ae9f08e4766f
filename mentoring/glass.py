"""A way to somebody's notes in an emergency: asked for with a reason, agreed to by a second person, open for an hour.

The author hears of it at once, and each note that is read has its row in the log of readings first (P4, P6).
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring import note_mails
from mentoring.models import GlassBreak, Membership, Note, NoteReading

PERMISSION = "mentoring.break_glass"
SHORTEST_REASON = 15
OPEN_FOR = timedelta(minutes=60)
WAITS_FOR = timedelta(hours=24)


def ask(membership: Membership, by: Any, reason: str) -> GlassBreak:
    """Asks for a way to what `membership` has handed in; the same question twice is one.

    Raises ValidationError when the reason says too little, PermissionDenied to who may not ask.
    """
    _refuse_strangers(by)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(_("Skriv en begrunnelse på minst 15 tegn. Forfatteren får lese den."))
    if membership.member_id == by.pk:
        raise ValidationError(_("Dine egne notater leser du på notatsiden din."))
    waiting = GlassBreak.objects.filter(
        membership=membership, asked_by=by, approved_by=None, asked_at__gt=timezone.now() - WAITS_FOR
    )
    return waiting.first() or GlassBreak.objects.create(membership=membership, asked_by=by, reason=reason[:1000])


def approve(glass_break: GlassBreak, by: Any) -> GlassBreak:
    """Agrees: opens the way for an hour and tells the author. Raises ValidationError for one's own or an old one."""
    _refuse_strangers(by)
    if by.pk in {glass_break.asked_by_id, glass_break.membership.member_id}:
        raise ValidationError(_("En annen enn du må godkjenne dette."))
    now = timezone.now()
    waiting = GlassBreak.objects.filter(pk=glass_break.pk, approved_by=None, asked_at__gt=now - WAITS_FOR)
    with transaction.atomic():
        approved = waiting.update(approved_by=by, approved_at=now)
        found = GlassBreak.objects.select_related(
            "asked_by", "approved_by", "membership__member", "membership__group"
        ).get(pk=glass_break.pk)
        if approved:
            note_mails.tell_of_glass_break(found)
    if found.approved_at is None:
        raise ValidationError(_("Forespørselen er eldre enn et døgn. Be om innsyn på nytt."))
    return found


def is_open(glass_break: GlassBreak, now: datetime | None = None) -> bool:
    """Whether the hour is running."""
    at = glass_break.approved_at
    return at is not None and at <= (now or timezone.now()) < at + OPEN_FOR


def closes_at(glass_break: GlassBreak) -> datetime | None:
    """When the hour is over."""
    return glass_break.approved_at + OPEN_FOR if glass_break.approved_at else None


def readable(glass_break: GlassBreak, by: Any) -> QuerySet[Note]:
    """What `by` may read through it now: what is handed in, only for who asked, only while the hour runs."""
    if not by.has_perm(PERMISSION) or glass_break.asked_by_id != by.pk or not is_open(glass_break):
        return Note.objects.none()
    notes = Note.objects.filter(membership=glass_break.membership, status__in=Note.READABLE, erased_at=None)
    return notes.select_related("membership__member", "membership__group", "meeting")


def approved_for(membership: Membership) -> QuerySet[GlassBreak]:
    """The times somebody was given a way to this member's notes, newest first: what the author sees."""
    found = GlassBreak.objects.filter(membership=membership, approved_at__isnull=False)
    return found.select_related("asked_by", "approved_by")


def readings_through(glass_break: GlassBreak) -> QuerySet[NoteReading]:
    """What was read through it."""
    return NoteReading.objects.filter(glass_break=glass_break).select_related("reader")


def _refuse_strangers(by: Any) -> None:
    if not by.is_active or not by.has_perm(PERMISSION):
        raise PermissionDenied
