"""A person with something in every table of groups."""

from datetime import UTC, date, datetime, time

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
    Poll,
    PollAnswer,
    PollOption,
)
from tests.groups_ground import small_group, small_package

AT = datetime(2026, 3, 3, 13, tzinfo=UTC)


def be_in_a_group(person, mentor, course, entry, word="hemmelig", name="Gruppe 1") -> Membership:
    """A member who replied, came, wrote, brought and was written to; `entry` is one of their notebook."""
    group = small_group(course.page, mentor, name=name)
    first, second = group.meetings.all()
    membership = Membership.objects.create(group=group, member=person, position_percent=80, confirmed_at=AT)
    Invitation.objects.create(
        group=group, email="ingrid.jobb@example.org", name="Ingrid", invited_by=mentor, accepted_by=person
    )
    Notice.objects.create(membership=membership, kind="invited", occasion="1")
    MeetingReply.objects.create(meeting=first, membership=membership, answer="yes")
    Attendance.objects.create(meeting=first, membership=membership, status="there", by=mentor)
    MakeUp.objects.create(meeting=second, membership=membership, by=mentor, reason=f"Leste og fortalte {word}")
    poll = Poll.objects.create(meeting=second, by=mentor)
    option = PollOption.objects.create(poll=poll, day=date(2026, 4, 7), clock=time(14))
    PollAnswer.objects.create(option=option, membership=membership, answer="maybe")
    BroughtPrompt.objects.create(meeting=second, membership=membership, entry=entry)
    CalendarFeed.objects.create(person=person, secret_hash=f"{word}-feed")
    note = Note.objects.create(membership=membership, text=f"Notat {word}", status="handed_in", handed_in_at=AT)
    NoteComment.objects.create(note=note, by=mentor, text=f"Svar {word}")
    broken = GlassBreak.objects.create(membership=membership, asked_by=mentor, reason=f"{person.name} var i fare.")
    NoteReading.objects.create(
        note_id_read=note.pk, author=person, reader=mentor, at=AT, digest="0", glass_break=broken
    )
    GroupEvent.objects.create(group=group, kind="make_up", by=mentor, about=person, detail=f"Andre møte: {word}")
    GroupEvent.objects.create(group=group, kind="meeting", by=mentor, detail=f"Etter ønske fra {person.name}")
    GroupLetter.objects.create(group=group, by=mentor, subject="Neste gang", text=f"Takk til {person.name}.")
    return membership


def lead_and_apply(person, course, mentor) -> LearningGroup:
    """The same person applied for a group, is its contact, and may lead another package."""
    group = small_group(course.page, mentor, name="Gruppe 2", started=False, contact=person)
    application = Application.objects.create(
        package=group.package,
        contact=person,
        phone="40000001",
        workplace="Solbakken",
        kind="institution",
        expected_size=6,
        wishes="Ingrid vil helst ha mandager",
        status="refused",
        group=group,
    )
    ApplicationEvent.objects.create(application=application, status="refused", reason="Ring Ingrid", by=mentor)
    MentorQualification.objects.create(person=person, package=small_package(course.page), trained_on=date(2025, 1, 1))
    led = small_group(course.page, person, name="Gruppe 3", started=False)
    GroupLetter.objects.create(group=led, by=person, subject="Velkommen", text=f"Hilsen {person.name}")
    DigestStop.objects.create(person=person)
    return led
