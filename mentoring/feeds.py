"""A person's own calendar address: all meetings of their groups, read by a calendar that cannot sign in (S12, S13)."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from mentoring.access import groups_for
from mentoring.calendar_format import feed
from mentoring.models import CalendarFeed, LearningGroup, Meeting


def open_feed(person: Any, nonce: str, instead_of: str) -> str:
    """Gives `person` a new calendar address and returns its secret; what was before is dead.

    `nonce` is the random value of the form, `instead_of` the mark of the address that the form was about (see
    `mark_of`). The same form sent twice gives the same secret (D16). Raises ValidationError when another form was
    sent meanwhile, so that an old page never brings an old address back.
    """
    secret = salted_hmac("mentoring.feeds", f"{person.public_id}:{nonce}", algorithm="sha256").hexdigest()
    with transaction.atomic():
        there = CalendarFeed.objects.select_for_update().filter(person=person).first()
        if there and there.secret_hash == _hash(secret):
            return secret
        if not constant_time_compare(mark_of(there), instead_of):
            raise ValidationError(_("Adressen er endret siden du åpnet siden. Prøv en gang til."))
        CalendarFeed.objects.update_or_create(person=person, defaults={"secret_hash": _hash(secret)})
    return secret


def close_feed(person: Any) -> None:
    """Ends the person's calendar address."""
    CalendarFeed.objects.filter(person=person).delete()


def feed_of(person: Any) -> CalendarFeed | None:
    """The person's calendar address, without its secret, which nobody knows."""
    return CalendarFeed.objects.filter(person=person).first()


def mark_of(there: CalendarFeed | None) -> str:
    """A mark by which a form says which address it is about; tells nothing of the secret."""
    return there.secret_hash[:16] if there else ""


def calendar_for(secret: str) -> bytes | None:
    """The calendar behind the secret, or None: unknown, renewed, closed, or the person is shut out (S12)."""
    found = CalendarFeed.objects.select_related("person").filter(secret_hash=_hash(secret)).first()
    if found is None or not found.person.is_active:
        return None
    return feed(meetings_of(found.person))


def meetings_of(person: Any) -> list[Meeting]:
    """The meetings with a time of all groups that the person is in or leads now, in the order of time."""
    groups = groups_for(person).exclude(status=LearningGroup.Status.CANCELLED)
    meetings = Meeting.objects.filter(group__in=groups, starts_at__isnull=False).filter(
        Q(status__in=[Meeting.Status.HELD, Meeting.Status.PLANNED]) | Q(sequence__gt=0)
    )
    meetings = meetings.select_related("group").order_by("starts_at", "pk")
    return [meeting for meeting in meetings if meeting.status != Meeting.Status.PLANNED or not meeting.lacks]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
