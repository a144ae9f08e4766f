"""The log of what members were told: once per person, kind and occasion (B14, D25)."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mentoring.models import LearningGroup, Meeting, Membership, Notice, Poll


def note_once(membership: Membership, kind: str, occasion: str) -> bool:
    """Writes that `membership` is told of this; False when they were before. Write the mail in the same transaction."""
    try:
        with transaction.atomic():
            Notice.objects.create(membership=membership, kind=kind, occasion=occasion)
    except IntegrityError:
        return False
    return True


def told_words(group: LearningGroup, notices: Iterable[Notice]) -> list[tuple[Notice, str]]:
    """Each of these notices of the group with what it was about in words: "møteinnkalling, møte 2". Two queries."""
    numbers = {meeting.uid.hex: meeting.number for meeting in Meeting.objects.filter(group=group)}
    polls = Poll.objects.filter(meeting__group=group).values_list("pk", "meeting__number")
    polled = {str(pk): number for pk, number in polls}
    return [(notice, _words_of(notice, numbers, polled)) for notice in notices]


def _words_of(notice: Notice, numbers: dict[str, int], polled: dict[str, int]) -> str:
    what, kind = notice.occasion.partition(":"), notice.get_kind_display()
    number = polled.get(what[2]) if notice.kind == Notice.Kind.POLL else numbers.get(what[0])
    said = _("%(kind)s, møte %(number)s") % {"kind": kind, "number": number} if number else str(kind)
    return said[0].upper() + said[1:]


def mail_key(membership: Membership, kind: str, occasion: str) -> str:
    """The key of the mail in the outbox, the second lock on sending anything twice."""
    return f"{membership.member.public_id}:{kind}:{membership.group_id}:{occasion}"
