"""Coming into a group, leaving it, taking another's place, and the promise of confidentiality (R025, R035, R122)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring import calendar, polls
from mentoring.invitations import check_decides, check_open, decides, group_for_link, has_met, invite
from mentoring.models import GroupEvent, Invitation, LearningGroup, Membership
from modules.enrolment import enrol
from modules.outline import course_outline

Kind: Any = GroupEvent.Kind
LeftWhy: Any = Membership.LeftWhy


def present_members(group: LearningGroup) -> QuerySet[Membership]:
    """Who is in the group now, by name; people whose account is shut are not."""
    there = group.memberships.filter(left_at=None, member__is_active=True)
    return there.select_related("member").order_by("member__name__in_order", "pk")


def unconfirmed_members(group: LearningGroup) -> QuerySet[Membership]:
    """Those of the present members who have not promised confidentiality yet (R122)."""
    return present_members(group).filter(confirmed_at=None)


def places_left(group: LearningGroup) -> int:
    """How many more there is room for (R036). A shut account keeps its place."""
    return max(0, group.size_limit - group.memberships.filter(left_at=None).count())


def join(group: LearningGroup, person: Any, by: Any, position_percent: int | None = None) -> Membership:
    """Makes `person` a member and enrols them in the package's course, where what they did before counts (R025).

    `by` is whose decision it is: their own by the group's link, else whoever invited. Once per person; one who left
    is back in the same row, and one who is there already is simply returned. Raises ValidationError when the group
    has ended or is full, for the mentor, after the first meeting without the mentor's word (R035), and for one who
    was taken out and comes on their own.
    """
    with transaction.atomic():
        # The row lock makes the last place one person's.
        locked = LearningGroup.objects.select_for_update().select_related("package").get(pk=group.pk)
        before = Membership.objects.filter(group=locked, member=person).first()
        if before and before.left_at is None:
            return before
        _check_may_join(locked, person, by, before)
        membership = _come_in(locked, person, before, position_percent)
        _enrol(locked, person)
        GroupEvent.objects.create(group=locked, kind=Kind.JOINED, by=by, about=person)
        calendar.tell_newcomer(membership)
        polls.ask_newcomer(membership)
    return membership


def _check_may_join(group: LearningGroup, person: Any, by: Any, before: Membership | None) -> None:
    check_open(group)
    if not person.is_active:
        raise ValidationError(_("Denne kontoen er stengt."))
    if person.pk == group.mentor_id:
        raise ValidationError(_("Du er mentor for denne gruppen, og kan ikke også være deltaker."))
    if has_met(group) and not (decides(group, by) or by.has_perm("mentoring.change_learninggroup")):
        raise ValidationError(_("Gruppen har begynt. Nå er det mentoren som bestemmer om noen nye kan bli med."))
    if before and before.left_why in {LeftWhy.REMOVED, LeftWhy.REPLACED} and by.pk == person.pk:
        raise ValidationError(_("Du er ikke med i denne gruppen lenger. Spør mentoren hvis du tror det er feil."))
    if not places_left(group):
        raise ValidationError(_("Gruppen er full. Det er ikke plass til flere."))


def _come_in(group: LearningGroup, person: Any, before: Membership | None, position: int | None) -> Membership:
    if before is None:
        return Membership.objects.create(group=group, member=person, position_percent=position)
    before.left_at, before.left_why, before.replaced_by = None, "", None
    before.position_percent = position or before.position_percent
    before.save()
    # Whoever was asked into this place comes to another one, if there is one: it is taken again.
    Invitation.objects.filter(replaces=before, accepted_at=None).update(replaces=None)
    return before


def _enrol(group: LearningGroup, person: Any) -> None:
    outline = course_outline(group.course.translation_key, "nb") if group.course else None
    if outline:
        enrol(person, outline)


def join_by_link(token: str, person: Any, position_percent: int | None = None) -> Membership:
    """Joins the group whose link this is. Raises ValidationError when the link is shut, and for what `join` refuses."""
    group = group_for_link(token)
    if group is None:
        raise ValidationError(_("Lenken gjelder ikke lenger."))
    return join(group, person, by=person, position_percent=position_percent)


def accept(invitation: Invitation, person: Any, position_percent: int | None = None) -> Membership:
    """Joins by a personal invitation; a member who is to be replaced leaves in the same moment.

    The account that accepts need not have the invited address: the token is the right. A second press of the button
    finds the membership there is. Raises ValidationError when the invitation is taken by another or withdrawn, and
    for what `join` refuses; then nobody has left.
    """
    with transaction.atomic():
        LearningGroup.objects.select_for_update().get(pk=invitation.group_id)
        invitation = Invitation.objects.select_related("group__package", "invited_by", "replaces").get(pk=invitation.pk)
        there = Membership.objects.filter(group=invitation.group, member=person, left_at=None).first()
        if there:
            return there
        _check_takable(invitation, person)
        if invitation.replaces:
            _leave(invitation.replaces, by=invitation.invited_by, why=LeftWhy.REPLACED, kind=Kind.REPLACED)
        position = invitation.position_percent or position_percent
        membership = join(invitation.group, person, by=invitation.invited_by, position_percent=position)
        if invitation.replaces:
            Membership.objects.filter(pk=invitation.replaces_id).update(replaced_by=membership)
        invitation.accepted_at, invitation.accepted_by = timezone.now(), person
        invitation.save(update_fields=["accepted_at", "accepted_by"])
    return membership


def _check_takable(invitation: Invitation, person: Any) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        raise ValidationError(_("Invitasjonen gjelder ikke lenger."))
    # One who was taken out comes back by an invitation that was made after that, not by one that lay about.
    before = Membership.objects.filter(group=invitation.group, member=person).first()
    taken_out = before and before.left_why in {LeftWhy.REMOVED, LeftWhy.REPLACED}
    if taken_out and before.left_at and before.left_at > invitation.invited_at:
        raise ValidationError(_("Du er ikke med i denne gruppen lenger. Spør mentoren hvis du tror det er feil."))


def leave(membership: Membership, by: Any, why: str = LeftWhy.OWN_WISH) -> None:
    """Ends a membership; the row, certificates and the person's own progress stay. Harmless when ended already.

    Raises ValidationError when the group has ended.
    """
    check_open(membership.group)
    with transaction.atomic():
        _leave(membership, by, why, Kind.LEFT)


def remove(membership: Membership, by: Any) -> None:
    """Takes a member out, with every open invitation to their addresses.

    Raises ValidationError when `by` does not decide who is in the group (R035).
    """
    check_decides(membership.group, by)
    with transaction.atomic():
        addresses = membership.member.emailaddress_set.values_list("email", flat=True)
        waiting = membership.group.invitations.filter(accepted_at=None, withdrawn_at=None)
        known = {address.lower() for address in (*addresses, membership.member.email)}
        waiting.filter(email__in=known).update(withdrawn_at=timezone.now())
        _leave(membership, by, LeftWhy.REMOVED, Kind.LEFT)


def replace(membership: Membership, email: str, name: str, by: Any) -> Invitation:
    """Invites another into a member's place; the member stays until the other has said yes.

    Before the first meeting by mentor or contact person, later by the mentor (R035). Raises ValidationError as
    `invite` does, and when the member was replaced already.
    """
    if membership.replaced_by_id:
        raise ValidationError(_("%(name)s er allerede erstattet.") % {"name": membership.member.name})
    return invite(
        membership.group,
        email,
        name,
        by=by,
        position_percent=membership.position_percent,
        replaces=membership,
    )


def _leave(membership: Membership, by: Any, why: str, kind: str) -> None:
    LearningGroup.objects.select_for_update().get(pk=membership.group_id)
    ended = Membership.objects.filter(pk=membership.pk, left_at=None).update(left_at=timezone.now(), left_why=why)
    membership.refresh_from_db(fields=["left_at", "left_why"])
    if ended:
        GroupEvent.objects.create(group=membership.group, kind=kind, by=by, about=membership.member)
        calendar.tell_leaver(membership)


def confirm(membership: Membership) -> None:
    """Writes when the member promised confidentiality; the first time counts (R122). Not for one who has left."""
    there = Membership.objects.filter(pk=membership.pk, left_at=None, confirmed_at=None)
    there.update(confirmed_at=timezone.now())
    membership.refresh_from_db(fields=["confirmed_at"])
