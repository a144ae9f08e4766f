"""The link that stops reminders or the weekly mail by one click, and starts them again (B14, D12, RFC 8058)."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from mentoring.models import DigestStop, Membership

SALT = "mentoring.stopping"
REMINDERS, DIGEST = "r", "d"


@dataclass(frozen=True)
class Subscription:
    """What a link is about: a member's reminders of one group, or a mentor's weekly mail."""

    membership: Membership | None = None
    mentor: Any = None

    @property
    def stopped(self) -> bool:
        if self.membership:
            return self.membership.reminders_stopped_at is not None
        return DigestStop.objects.filter(person=self.mentor).exists()

    def stop(self) -> None:
        """Stops it; harmless when it is stopped already."""
        if self.membership:
            own = Membership.objects.filter(pk=self.membership.pk, reminders_stopped_at=None)
            own.update(reminders_stopped_at=timezone.now())
            self.membership.refresh_from_db(fields=["reminders_stopped_at"])
        else:
            DigestStop.objects.get_or_create(person=self.mentor)

    def start(self) -> None:
        """Starts it again; what was passed over stays unsaid."""
        if self.membership:
            Membership.objects.filter(pk=self.membership.pk).update(reminders_stopped_at=None)
            self.membership.refresh_from_db(fields=["reminders_stopped_at"])
        else:
            DigestStop.objects.filter(person=self.mentor).delete()


def subscription_of(signed: str) -> Subscription | None:
    """What the link is about; None when it is not ours, or the person is not in the group or shut out (S12)."""
    try:
        kind, pk = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if kind == REMINDERS:
        here = Membership.objects.select_related("group", "member")
        membership = here.filter(pk=pk, left_at=None, member__is_active=True).first()
        return Subscription(membership=membership) if membership else None
    mentor = get_user_model().objects.filter(pk=pk, is_active=True).first()
    return Subscription(mentor=mentor) if mentor else None


def reminders_path(membership: Membership) -> str:
    """Where a member stops the reminders of this group, also without signing in."""
    return _path(REMINDERS, membership.pk)


def digest_path(mentor: Any) -> str:
    """Where a mentor stops the weekly mail."""
    return _path(DIGEST, mentor.pk)


def headers_of(path: str) -> dict[str, str]:
    """What lets a mail program stop the mail by one press of its own button."""
    return {
        "List-Unsubscribe": f"<{settings.SITE_URL}{path}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _path(kind: str, pk: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("stop_reminders", args=[signing.dumps([kind, pk], salt=SALT)])
