"""The gate to groups: their members and their mentor, nobody else. Absent and forbidden look alike (S10)."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, Q, QuerySet
from django.http import Http404, HttpRequest

from mentoring.models import Application, LearningGroup, Meeting, Membership, Note

HAS_GROUPS = "has_groups"
DECIDE = "decide_application"


def remember_groups(request: HttpRequest, has_some: bool) -> None:
    """Notes in the session whether `/grupper/` has something to show, so that the top of a page need not ask."""
    if bool(request.session.get(HAS_GROUPS)) != has_some:
        request.session[HAS_GROUPS] = has_some


def groups_for(user: Any) -> QuerySet[LearningGroup]:
    """The groups that `user` leads or is in now."""
    own = Q(mentor=user) | Q(memberships__member=user, memberships__left_at=None)
    return LearningGroup.objects.filter(own).select_related("mentor", "package__course").distinct()


def group_for(user: Any, pk: int) -> LearningGroup:
    """The group with this id. Raises Http404 when absent or not one of `user`'s."""
    group = groups_for(user).filter(pk=pk).first()
    if group is None:
        raise Http404
    return group


def led_group_for(user: Any, pk: int) -> LearningGroup:
    """The group with this id when `user` is its mentor. Raises Http404 to anybody else, its members too."""
    group = group_for(user, pk)
    if group.mentor_id != user.pk:
        raise Http404
    return group


def staffed_group_for(user: Any, pk: int) -> LearningGroup:
    """The group with this id for its mentor and its contact person. Raises Http404 to anybody else."""
    staffed = LearningGroup.objects.filter(Q(mentor=user) | Q(contact=user), pk=pk)
    group = staffed.select_related("mentor", "contact", "package__course").first()
    if group is None:
        raise Http404
    return group


def meeting_for(user: Any, pk: int, number: int) -> Meeting:
    """Meeting `number` of the group with this id, its `group` loaded. Raises Http404 when absent or not for `user`."""
    return _meeting(group_for(user, pk), number)


def led_meeting_for(user: Any, pk: int, number: int) -> Meeting:
    """The same for the mentor alone."""
    return _meeting(led_group_for(user, pk), number)


def own_membership(user: Any, group: LearningGroup) -> Membership | None:
    """`user`'s place in the group now; None for its mentor."""
    membership = Membership.objects.filter(group=group, member=user, left_at=None).first()
    if membership:
        membership.group = group
    return membership


def handed_in_notes_for(user: Any, group: LearningGroup) -> QuerySet[Note]:
    """What `user` may read as the mentor of `group`: handed in by those who are in it now, and not erased (P4)."""
    notes = _notes_led(user, group).filter(status__in=Note.READABLE)
    return notes.select_related("membership__member", "membership__group__mentor", "meeting")


def returned_notes_for(user: Any, group: LearningGroup) -> QuerySet[Note]:
    """What `user` sent back as the mentor of `group`, without the words: a returned note is its author's alone."""
    notes = _notes_led(user, group).filter(status=Note.Status.RETURNED).defer("text")
    return notes.select_related("membership__member", "meeting").order_by("-returned_at")


def _notes_led(user: Any, group: LearningGroup) -> QuerySet[Note]:
    present = {"membership__group": group, "membership__left_at": None, "membership__group__mentor": user}
    return Note.objects.filter(erased_at=None, **present)


def handed_in_note_for(user: Any, pk: int, note: int) -> Note:
    """The note with the id `note` in the group with the id `pk`. Raises Http404 to all but the group's mentor."""
    found = handed_in_notes_for(user, led_group_for(user, pk)).filter(pk=note).first()
    if found is None:
        raise Http404
    return found


def applications_for(user: Any) -> QuerySet[Application]:
    """The applications that `user` sent as contact person, the newest first."""
    return Application.objects.filter(contact=user).select_related("package", "round", "group", "municipality")


def application_for(user: Any, pk: int) -> Application:
    """The application with this id. Raises Http404 when absent or not one of `user`'s."""
    application = applications_for(user).filter(pk=pk).first()
    if application is None:
        raise Http404
    return application


def application_behind(user: Any, group: LearningGroup) -> Application | None:
    """The application that `group` came from, for the group's mentor of today (R033).

    None to anybody else, when there is none, and when the group has ended: then nobody needs it any more.
    """
    is_open = group.status in (LearningGroup.Status.PLANNED, LearningGroup.Status.STARTED)
    if group.mentor_id != user.pk or not is_open:
        return None
    return Application.objects.filter(group=group).first()


def undecided_for(user: Any) -> QuerySet[Application]:
    """The applications that wait for an answer which `user` may give; none for who may give none."""
    may = Exists(holders_of(DECIDE).filter(pk=user.pk))
    return Application.objects.filter(may, status=Application.Status.APPLIED)


def holders_of(codename: str) -> QuerySet[Any]:
    """Who has this permission of the groups', by a role or by hand, and the superusers; the oldest account first."""
    may = {"codename": codename, "content_type__app_label": "mentoring"}
    by_role = Q(**{f"groups__permissions__{name}": value for name, value in may.items()})
    by_hand = Q(**{f"user_permissions__{name}": value for name, value in may.items()})
    people = get_user_model().objects.filter(by_role | by_hand | Q(is_superuser=True), is_active=True)
    return people.order_by("pk").distinct()


def _meeting(group: LearningGroup, number: int) -> Meeting:
    meeting = Meeting.objects.filter(group=group, number=number).first()
    if meeting is None:
        raise Http404
    meeting.group = group
    return meeting
