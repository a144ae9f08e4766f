"""The life of a group: planned, started, completed or cancelled, and who leads it (R020, R023, R034)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.calendar import recipients, tell_new_mentor
from mentoring.group_mail import tell_cancelled, tell_mentor
from mentoring.models import GroupEvent, LearningGroup, Meeting
from mentoring.packages import check_package, make_meetings
from mentoring.register import refusal_for
from mentoring.scheduling import cancel_meeting

Status: Any = LearningGroup.Status
Kind: Any = GroupEvent.Kind


def create_group(by: Any = None, **fields: Any) -> LearningGroup:
    """A planned group with the meetings of its package; `fields` are the model's. Returns it.

    Raises ValidationError when the package has no whole plan, or the mentor may not lead it (R021, R054).
    """
    with transaction.atomic():
        group = LearningGroup(**fields)
        group.full_clean(exclude=["mentor", "contact"])
        check_new(group)
        group.save()
        make_meetings(group)
        event = GroupEvent.objects.create(group=group, kind=Kind.CREATED, by=by, about=group.mentor)
        tell_mentor(group, event)
    return group


def check_new(group: LearningGroup) -> None:
    """Raises ValidationError when an unsaved group cannot be: its package, or who shall lead it."""
    check_package(group.package)
    if group.mentor:
        _check_mentor(group, group.mentor)


def start_group(group: LearningGroup, by: Any) -> None:
    """A planned group begins. Raises ValidationError without a mentor who may lead it (R023, R054)."""
    with transaction.atomic():
        found = _locked(group)
        _check_status(found, {Status.PLANNED}, _("Bare en planlagt gruppe kan starte."))
        if found.mentor is None:
            raise ValidationError(_("Gruppen kan ikke starte uten mentor."))
        _check_mentor(found, found.mentor)
        _move(found, Status.STARTED, by)
    group.refresh_from_db()


def cancel_group(group: LearningGroup, by: Any) -> None:
    """Calls the group off: coming meetings are cancelled, which tells everybody, and nobody can join any more.

    What was held stays. Raises ValidationError when the group has ended.
    """
    with transaction.atomic():
        found = _locked(group)
        _check_status(found, {Status.PLANNED, Status.STARTED}, _("Gruppen er allerede avsluttet."))
        for meeting in _coming(found):
            cancel_meeting(meeting, by, ends=True)
        found.link_token = None
        found.invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
        _move(found, Status.CANCELLED, by)
        tell_cancelled(found, recipients(found))
    group.refresh_from_db()


def complete_group(group: LearningGroup, by: Any) -> None:
    """The group has reached its end. Raises ValidationError while a meeting is neither held nor cancelled."""
    with transaction.atomic():
        found = _locked(group)
        _check_status(found, {Status.STARTED}, _("Bare en gruppe som er i gang kan fullføres."))
        if left := list(found.meetings.filter(status=Meeting.Status.PLANNED)):
            names = ", ".join(str(meeting) for meeting in left)
            raise ValidationError(
                _("Hvert møte må være holdt eller avlyst før gruppen er fullført. Dette står igjen: %(meetings)s")
                % {"meetings": names}
            )
        found.link_token = None
        _move(found, Status.COMPLETED, by)
    group.refresh_from_db()


def hand_over(group: LearningGroup, mentor: Any, by: Any) -> None:
    """Makes `mentor` the group's mentor from now on; reading notes follows whoever leads the group (R023, P6).

    Harmless when they lead it already. Raises ValidationError when they may not, or are a member themselves.
    """
    with transaction.atomic():
        found = _locked(group)
        if found.mentor_id != mentor.pk:
            if found.status == Status.CANCELLED:
                raise ValidationError(_("Gruppen er avlyst."))
            _check_mentor(found, mentor)
            former, found.mentor = found.mentor, mentor
            found.save(update_fields=["mentor"])
            # Who was asked in by the former mentor is still welcome after the first meeting (R035).
            found.invitations.filter(invited_by=former, accepted_at=None).update(invited_by=mentor)
            event = GroupEvent.objects.create(group=found, kind=Kind.MENTOR, by=by, about=mentor)
            tell_mentor(found, event)
            tell_new_mentor(found, former)
    group.refresh_from_db()


def set_contact(group: LearningGroup, contact: Any, by: Any) -> None:
    """Makes `contact`, who may be None, the group's contact person at the workplace."""
    with transaction.atomic():
        found = _locked(group)
        if found.contact_id != (contact.pk if contact else None):
            if contact and not contact.is_active:
                raise ValidationError(_("Kontaktpersonen må ha en konto som er i bruk."))
            found.contact = contact
            found.save(update_fields=["contact"])
            GroupEvent.objects.create(group=found, kind=Kind.CONTACT, by=by, about=contact)
    group.refresh_from_db()


def _locked(group: LearningGroup) -> LearningGroup:
    return LearningGroup.objects.select_for_update().get(pk=group.pk)


def _check_status(group: LearningGroup, allowed: set[str], sentence: str) -> None:
    if group.status not in allowed:
        raise ValidationError(sentence)


def _check_mentor(group: LearningGroup, mentor: Any) -> None:
    if refusal := refusal_for(mentor, group.package):
        raise ValidationError(refusal)
    if group.pk and group.memberships.filter(member=mentor, left_at=None).exists():
        raise ValidationError(_("%(name)s er deltaker i gruppen og kan ikke lede den.") % {"name": mentor.name})


def _coming(group: LearningGroup) -> list[Meeting]:
    later = Q(starts_at=None) | Q(starts_at__gt=timezone.now())
    return list(group.meetings.filter(later, status=Meeting.Status.PLANNED))


def _move(group: LearningGroup, status: str, by: Any) -> None:
    group.status = status
    setattr(group, f"{status}_at", timezone.now())
    group.save(update_fields=["status", f"{status}_at", "link_token"])
    GroupEvent.objects.create(group=group, kind=status, by=by)
