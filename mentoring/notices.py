"""The log of what members were told: once per person, kind and occasion (B14, D25)."""

from django.db import IntegrityError, transaction

from mentoring.models import Membership, Notice


def note_once(membership: Membership, kind: str, occasion: str) -> bool:
    """Writes that `membership` is told of this; False when they were before. Write the mail in the same transaction."""
    try:
        with transaction.atomic():
            Notice.objects.create(membership=membership, kind=kind, occasion=occasion)
    except IntegrityError:
        return False
    return True


def mail_key(membership: Membership, kind: str, occasion: str) -> str:
    """The key of the mail in the outbox, the second lock on sending anything twice."""
    return f"{membership.member.public_id}:{kind}:{membership.group_id}:{occasion}"
