"""Asking people into a group: who may, and the mail with the secret address. Whoever accepts is in `joining`."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentoring.models import GroupEvent, Invitation, LearningGroup, Meeting, Membership
from mentoring.models.groups import new_token

# Whoever invites types the name, and their own: the mail shows what looks like one, and carries no words of theirs. A
# point ends a word, for mail programs make links of those within one.
A_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’-]|\.(?=[ ]|$))*")
MOST_IN_A_GROUP = 1000
KEPT_AFTER_THE_END = timedelta(days=90)
OPEN = {LearningGroup.Status.PLANNED, LearningGroup.Status.STARTED}


def has_met(group: LearningGroup) -> bool:
    """Whether the group has had a meeting: one that was held, or whose time has come (R035)."""
    begun = Q(status=Meeting.Status.HELD) | Q(status=Meeting.Status.PLANNED, starts_at__lte=timezone.now())
    return group.meetings.filter(begun).exists()


def is_open(group: LearningGroup) -> bool:
    """Whether the group is planned or under way; nobody comes to or goes from one that has ended."""
    return group.status in OPEN


def check_open(group: LearningGroup) -> None:
    """Raises ValidationError when the group has ended."""
    if not is_open(group):
        raise ValidationError(_("Gruppen er avsluttet. Da kan ingen komme til eller gå ut av den."))


def decides(group: LearningGroup, user: Any) -> bool:
    """Whether `user` decides who is in the group: the mentor, and until the first meeting the contact person (R035)."""
    if user.pk == group.mentor_id:
        return True
    return user.pk == group.contact_id and not has_met(group)


def check_decides(group: LearningGroup, user: Any) -> None:
    """Raises ValidationError when `user` does not decide who is in the group, or the group has ended."""
    check_open(group)
    if not decides(group, user):
        raise ValidationError(_("Etter det første møtet er det mentoren som bestemmer hvem som er med."))


def open_invitations(group: LearningGroup) -> QuerySet[Invitation]:
    """Those nobody has answered yet."""
    waiting = group.invitations.filter(accepted_at=None, withdrawn_at=None)
    return waiting.select_related("invited_by", "replaces__member")


def address_of(text: str) -> str:
    """`text` as an address in lower case. Raises ValidationError when it is none."""
    address = text.strip().lower()
    try:
        validate_email(address)
        # Mail programs read some letters outside ASCII as others; we do not send where we cannot tell (S21).
        address.encode("ascii")
    except (ValidationError, UnicodeEncodeError):
        raise ValidationError(_("«%(text)s» er ikke en e-postadresse.") % {"text": text.strip()[:80]}) from None
    if len(address) > 254:
        raise ValidationError(_("E-postadressen er for lang."))
    return address


def members_with(group: LearningGroup, addresses: list[str]) -> dict[str, Membership]:
    """Those of the addresses, in lower case, that belong to people who are in the group now."""
    found = {}
    there = group.memberships.filter(left_at=None).filter(
        Q(member__emailaddress__email__in=addresses, member__emailaddress__verified=True)
        | Q(member__email__in=addresses)
    )
    for membership in there.distinct().select_related("member").prefetch_related("member__emailaddress_set"):
        known = {address.email.lower() for address in membership.member.emailaddress_set.all() if address.verified}
        found |= dict.fromkeys(known | {membership.member.email.lower()}, membership)
    return {address: found[address] for address in addresses if address in found}


def invite(
    group: LearningGroup,
    email: str,
    name: str = "",
    *,
    by: Any,
    position_percent: int | None = None,
    replaces: Membership | None = None,
) -> Invitation:
    """Invites an address and mails it; an open invitation to the same address is mailed at most once a day again.

    Raises ValidationError when `by` does not decide, the address is none, or it is a member's already.
    """
    address = address_of(email)
    with transaction.atomic():
        found = LearningGroup.objects.select_for_update().get(pk=group.pk)
        check_decides(found, by)
        if address in members_with(found, [address]):
            raise ValidationError(_("%(email)s er allerede med i gruppen.") % {"email": address})
        told = {"name": " ".join(name.split())[:120], "position_percent": position_percent, "replaces": replaces}
        invitation = found.invitations.filter(email__iexact=address).first()
        if invitation is None:
            if found.invitations.count() >= MOST_IN_A_GROUP:
                raise ValidationError(
                    _("Det er sendt for mange invitasjoner til denne gruppen. Ta kontakt med senteret.")
                )
            invitation = Invitation.objects.create(group=found, email=address, invited_by=by, **told)
            mail_invitation(invitation)
        else:
            _again(invitation, by, {key: value for key, value in told.items() if value})
    return invitation


def send_again(invitation: Invitation, by: Any) -> bool:
    """Mails an open invitation once more, at most once a day; False when today's is sent. It is `by`'s from now on.

    Raises ValidationError when `by` does not decide who is in the group.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update().select_related("group").get(pk=invitation.pk)
        check_decides(locked.group, by)
        if locked.accepted_at or locked.withdrawn_at:
            raise ValidationError(_("Invitasjonen er ikke åpen lenger."))
        return _again(locked, by, {})


def withdraw(invitation: Invitation, by: Any) -> None:
    """Makes the address of the mail lead nowhere. Harmless when it is answered or withdrawn already.

    Raises ValidationError when `by` does not decide who is in the group.
    """
    check_decides(invitation.group, by)
    open_ones = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    open_ones.update(withdrawn_at=timezone.now())


def _again(invitation: Invitation, by: Any, told: dict[str, Any]) -> bool:
    was_open = invitation.accepted_at is None and invitation.withdrawn_at is None
    sent_today = timezone.localdate(invitation.invited_at) == timezone.localdate()
    if not was_open:
        # Whose place it once was for is no longer so: that member may be back.
        invitation.replaces = None
    for name, value in told.items():
        setattr(invitation, name, value)
    invitation.invited_by = by
    invitation.accepted_at = invitation.accepted_by = invitation.withdrawn_at = None
    if not sent_today:
        invitation.invited_at = timezone.now()
        # An address that was shut stays shut; the new mail has a new one.
        invitation.token = invitation.token if was_open else new_token()
    invitation.save()
    if not sent_today:
        mail_invitation(invitation)
    return not sent_today


def forget_old(now: datetime) -> int:
    """Deletes the invitations of groups that ended 90 days ago or earlier. Returns how many there were."""
    ended = Q(group__completed_at__lt=now - KEPT_AFTER_THE_END) | Q(group__cancelled_at__lt=now - KEPT_AFTER_THE_END)
    count, _kinds = Invitation.objects.filter(ended).exclude(group__status__in=OPEN).delete()
    return count


def invitation_behind(token: str) -> Invitation | None:
    """The invitation with this secret that nobody has answered; None when there is no such."""
    return Invitation.objects.filter(token=token, accepted_at=None, withdrawn_at=None).first()


def address_in_mail(invitation: Invitation) -> str:
    """The whole address of the page where one accepts."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("invitation", args=[invitation.token])


def mail_invitation(invitation: Invitation) -> None:
    """The mail: who asks, the group and the workplace, and nothing else about what it is for."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "invitation": invitation,
            "group": invitation.group,
            "workplace": _workplace(invitation.group),
            "inviter": _inviter(invitation),
            "name": invitation.name if A_NAME.fullmatch(invitation.name) else "",
            "url": address_in_mail(invitation),
        }
        mail = EmailMultiAlternatives(
            _("Invitasjon til en gruppe"),
            render_to_string("mentoring/mail/invitation.txt", context),
            to=[invitation.email],
            headers={"X-Refleks-Key": _mail_key(invitation)},
        )
        mail.attach_alternative(render_to_string("mentoring/mail/invitation.html", context), "text/html")
        mail.send()


def _workplace(group: LearningGroup) -> str:
    """Where the group is, unless its name says so already."""
    return "" if group.workplace.casefold() == group.name.casefold() else group.workplace


def _inviter(invitation: Invitation) -> str:
    name = invitation.invited_by.name
    if A_NAME.fullmatch(name):
        return name
    return _("Mentoren") if invitation.invited_by_id == invitation.group.mentor_id else _("Kontaktpersonen")


def _mail_key(invitation: Invitation) -> str:
    # The digest tells two addresses apart without giving either away.
    token = hashlib.sha256(invitation.token.encode()).hexdigest()[:8]
    return f"invitation:{invitation.pk}:{timezone.localdate(invitation.invited_at)}:{token}"


# --- The link that a whole workplace can use --------------------------------------------------------------------------


def group_for_link(token: str) -> LearningGroup | None:
    """The group whose open link this is. The link shuts itself at the first meeting, and when the group ends (R035)."""
    group = LearningGroup.objects.filter(link_token=token, status__in=OPEN).select_related("mentor", "package").first()
    return None if group is None or has_met(group) else group


def new_link(group: LearningGroup, by: Any) -> str:
    """Opens the link, or replaces it: the one before leads nowhere. Returns the token.

    Raises ValidationError when `by` does not decide, or the group has met: then people are invited one by one.
    """
    check_decides(group, by)
    if has_met(group):
        raise ValidationError(_("Gruppen har hatt det første møtet. Inviter heller hver enkelt."))
    return _set_link(group, new_token(), by, _("ny lenke")) or ""


def close_link(group: LearningGroup, by: Any) -> None:
    """Shuts the link; those who came by it stay. Raises ValidationError when `by` does not decide."""
    check_decides(group, by)
    if group.link_token:
        _set_link(group, None, by, _("lenken ble stengt"))


def _set_link(group: LearningGroup, token: str | None, by: Any, detail: str) -> str | None:
    with transaction.atomic():
        LearningGroup.objects.filter(pk=group.pk).update(link_token=token)
        GroupEvent.objects.create(group=group, kind=GroupEvent.Kind.LINK, by=by, detail=detail)
    group.link_token = token
    return token
