"""What goes out of groups when a person is erased; the groups and their numbers stay (R121, P10)."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from mentoring.models import (
    Application,
    ApplicationEvent,
    BroughtPrompt,
    CalendarFeed,
    DigestStop,
    GlassBreak,
    GroupEvent,
    GroupLetter,
    Invitation,
    LearningGroup,
    MakeUp,
    MeetingReply,
    Membership,
    MentorQualification,
    Note,
    NoteComment,
    Notice,
    PollAnswer,
)

# Where a reason has to stand, this one stands for what somebody wrote.
GONE = "Slettet"
NAMELESS = "Tidligere deltaker"


def why_not_erase(user: User) -> str:
    """Why the account cannot be deleted just now, as a sentence; "" when it can.

    A group that is under way would have nobody to read its notes: it gets another mentor first (R023).
    """
    groups = LearningGroup.objects.filter(mentor=user, status=LearningGroup.Status.STARTED).values_list("name")
    if not groups:
        return ""
    names = ", ".join(f"«{name}»" for (name,) in groups)
    return _(
        "Denne kontoen er mentor for en gruppe som er i gang: %(groups)s. Gruppen må få en ny mentor først. "
        "Senteret hjelper med det, og da kan kontoen slettes med en gang."
    ) % {"groups": names}


def erase_from_groups(user: User, addresses: list[str]) -> None:
    """Deletes or blanks what `personal-data.toml` says of groups; `addresses` are the confirmed ones, in lower case."""
    _erase_words(user)
    _erase_invitations(user, addresses)
    _take_name_out(user, addresses)
    _let_go_of_groups(user)
    for model in (BroughtPrompt, MeetingReply, Notice, PollAnswer):
        model.objects.filter(membership__member=user).delete()
    for model in (CalendarFeed, DigestStop, MentorQualification):
        model.objects.filter(person=user).delete()


def _erase_words(user: User) -> None:
    """What was written by or about the person."""
    NoteComment.objects.filter(note__membership__member=user).delete()
    theirs = Membership.objects.filter(member=user)
    Note.objects.filter(membership__in=theirs, erased_at=None).update(text="", erased_at=timezone.now())
    MakeUp.objects.filter(membership__in=theirs).update(reason=GONE)
    sent = Application.objects.filter(contact=user)
    sent.update(phone="", wishes="")
    ApplicationEvent.objects.filter(application__in=sent).exclude(reason="").update(reason=GONE)
    GroupEvent.objects.filter(Q(about=user) | Q(by=user, about=None)).update(detail="")


def _erase_invitations(user: User, addresses: Iterable[str]) -> None:
    theirs = Q(accepted_by=user)
    for address in addresses:
        theirs |= Q(email__iexact=address)
    Invitation.objects.filter(theirs).delete()


def _take_name_out(user: User, addresses: list[str]) -> None:
    """Out of texts that others wrote, or that belong to others too: letters, the log, reasons."""
    words = [word for word in (user.name.strip(), *addresses) if word]
    for model, fields in ((GroupLetter, ("subject", "text")), (GroupEvent, ("detail",)), (GlassBreak, ("reason",))):
        for field in fields:
            named = Q(pk__in=[])
            for word in words:
                named |= Q(**{f"{field}__icontains": word})
            for row in model.objects.filter(named, _near(model, user)).distinct():
                _without(row, field, words)


def _near(model: type, user: User) -> Q:
    """Rows of the groups that the person was in, led or answered for; a name is not unique in the whole country."""
    way = "membership__group__" if model is GlassBreak else "group__"
    return (Q(**{f"{way}memberships__member": user}) | Q(**{f"{way}mentor": user}) | Q(**{f"{way}contact": user})) | (
        Q(**{f"{way}events__about": user})
    )


def _without(row: GroupLetter | GroupEvent | GlassBreak, field: str, words: list[str]) -> None:
    text = getattr(row, field)
    for word in words:
        at = text.lower().find(word.lower())
        while at >= 0:
            text = f"{text[:at]}{NAMELESS}{text[at + len(word) :]}"
            at = text.lower().find(word.lower(), at + len(NAMELESS))
    limit = row._meta.get_field(field).max_length
    type(row).objects.filter(pk=row.pk).update(**{field: text[:limit]})


def _let_go_of_groups(user: User) -> None:
    """Ends memberships, and leaves groups that have not begun without a mentor, whom an administrator then chooses."""
    events = []
    there = Membership.objects.filter(member=user, left_at=None)
    for membership in there:
        events.append(GroupEvent(group_id=membership.group_id, kind=GroupEvent.Kind.LEFT, about=user))
    there.update(left_at=timezone.now(), left_why=Membership.LeftWhy.ERASED)
    planned = LearningGroup.objects.filter(mentor=user, status=LearningGroup.Status.PLANNED)
    for group in planned:
        events.append(GroupEvent(group=group, kind=GroupEvent.Kind.MENTOR))
    planned.update(mentor=None)
    LearningGroup.objects.filter(contact=user).update(contact=None)
    GroupEvent.objects.bulk_create(events)
