"""Which rows of groups are a person's own: as a member, as who applied, and as who leads (P9).

What a group's people did belongs to each of them: a mentor's export has no attendance and no notes of members.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from lms.accounts.models import User
from lms.accounts.sections import Section, Words
from mentoring.models import (
    Application,
    ApplicationEvent,
    Attendance,
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
    NoteReading,
    Notice,
    PollAnswer,
)


def group_sections(user: User, addresses: Iterable[str]) -> list[Section]:
    """The sections about groups; `addresses` are the person's confirmed ones, in lower case."""
    return [*_membership(user, addresses), *_meetings(user), *_notes(user), *_applications(user), *_leading(user)]


def _membership(user: User, addresses: Iterable[str]) -> list[Section]:
    # The account that joined by an invitation need not have the address that was invited.
    asked = Invitation.objects.annotate(lower=Lower("email")).filter(Q(lower__in=addresses) | Q(accepted_by=user))
    events = GroupEvent.objects.filter(Q(about=user) | Q(by=user, about=None))
    return [
        Section("groups", _("Grupper"), Membership.objects.filter(member=user).select_related("group")),
        Section("group_invitations", _("Invitasjoner til grupper"), asked.select_related("group")),
        Section("group_notices", _("Hva du har fått beskjed om"), _own(Notice, user), _in_group()),
        Section("group_events", _("Hva som har skjedd med deg i grupper"), events.select_related("group")),
        Section("calendar_feed", _("Kalenderadresse"), CalendarFeed.objects.filter(person=user)),
    ]


def _meetings(user: User) -> list[Section]:
    meeting = ("meeting",)
    asked = ("option__poll__meeting",)
    brought = ("meeting", "entry")
    times: dict[str, Words] = {"meeting": lambda row: str(row.option.poll.meeting), "proposed": _proposed}
    return [
        Section("meeting_replies", _("Svar på møteinnkallinger"), _own(MeetingReply, user, *meeting), _in_group()),
        Section("poll_answers", _("Svar på forslag til tidspunkt"), _own(PollAnswer, user, *asked), _in_group(**times)),
        Section("attendance", _("Oppmøte"), _own(Attendance, user, *meeting), _in_group()),
        Section("make_ups", _("Møter du har tatt igjen"), _own(MakeUp, user, *meeting), _in_group()),
        Section(
            "brought",
            _("Det du har tatt med til møter"),
            _own(BroughtPrompt, user, *brought),
            _in_group(question=lambda row: row.entry.question),
        ),
    ]


def _notes(user: User) -> list[Section]:
    comments = NoteComment.objects.filter(note__membership__member=user).select_related("note__membership__group")
    readings = NoteReading.objects.filter(author=user).select_related("reader")
    return [
        Section("notes", _("Refleksjonsnotater"), _own(Note, user, "meeting"), _in_group()),
        Section(
            "note_comments",
            _("Kommentarer til notatene dine"),
            comments,
            {"group": lambda row: row.note.membership.group.name},
        ),
        Section("note_readings", _("Hvem som har lest"), readings, {"reader": lambda row: row.reader.name}),
        Section("glass_breaks", _("Tilgang til notatene dine i nødsfall"), _own(GlassBreak, user), _in_group()),
    ]


def _applications(user: User) -> list[Section]:
    applied = Application.objects.filter(contact=user).select_related("package", "round", "municipality", "group")
    events = ApplicationEvent.objects.filter(application__contact=user).select_related("application__package")
    return [
        Section("applications", _("Søknader om grupper"), applied),
        Section("application_events", _("Hva som har skjedd med søknadene"), events),
    ]


def _leading(user: User) -> list[Section]:
    groups = LearningGroup.objects.select_related("package")
    qualified = MentorQualification.objects.filter(person=user).select_related("package")
    return [
        Section("qualifications", _("Hva du kan lede"), qualified),
        Section("led_groups", _("Grupper du leder"), groups.filter(mentor=user)),
        Section("contact_groups", _("Grupper du er kontaktperson for"), groups.filter(contact=user)),
        Section(
            "letters", _("Brev du har sendt til grupper"), GroupLetter.objects.filter(by=user).select_related("group")
        ),
        Section("digest_stop", _("Ukebrevet du ikke vil ha"), DigestStop.objects.filter(person=user)),
    ]


def _own(model: Any, user: User, *related: str) -> QuerySet:
    """The rows that hang on the person's memberships."""
    return model.objects.filter(membership__member=user).select_related("membership__group", *related).order_by("pk")


def _in_group(**words: Words) -> dict[str, Words]:
    return {"group": lambda row: row.membership.group.name} | words


def _proposed(row: PollAnswer) -> str:
    return f"{date_format(row.option.day)} kl. {row.option.clock:%H.%M}"
