"""What goes out of groups when a person is erased, and what stays (R121, P10)."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from lms.accounts.erasure import erase_person
from mentoring.models import (
    Application,
    ApplicationEvent,
    Attendance,
    BroughtPrompt,
    CalendarFeed,
    DigestStop,
    GroupEvent,
    GroupLetter,
    Invitation,
    LearningGroup,
    MakeUp,
    MeetingReply,
    MentorQualification,
    Note,
    NoteComment,
    NoteReading,
    Notice,
    PollAnswer,
)
from tests.people import PASSWORD

YES = {"confirm": "on", "keep_certificates": "on"}


def test_what_was_written_in_groups_goes_and_that_it_was_done_stays(deep_in):
    erase_person(deep_in, keep_certificates=True)

    note = Note.objects.get()
    assert (note.text, note.status, note.erased_at is not None) == ("", "handed_in", True)
    gone = (NoteComment, BroughtPrompt, MeetingReply, PollAnswer, Notice, CalendarFeed, Invitation, DigestStop)
    assert [model.__name__ for model in (*gone, MentorQualification) if model.objects.exists()] == []
    assert MakeUp.objects.get().reason == "Slettet"
    assert Attendance.objects.count() == NoteReading.objects.count() == 1
    assert (Application.objects.get().phone, Application.objects.get().wishes) == ("", "")
    assert ApplicationEvent.objects.get().reason == "Slettet"
    assert "hemmelig" not in GroupEvent.objects.get(kind="make_up").detail
    letters = set(GroupLetter.objects.values_list("text", flat=True))
    assert letters == {"Takk til Tidligere deltaker.", "Hilsen Tidligere deltaker"}
    assert GroupEvent.objects.filter(kind="left", about=deep_in).count() == 1


def test_groups_that_have_not_begun_are_without_mentor_and_contact_afterwards(deep_in):
    erase_person(deep_in, keep_certificates=True)

    assert LearningGroup.objects.get(name="Gruppe 3").mentor is None
    assert LearningGroup.objects.get(name="Gruppe 2").contact is None


def test_erasing_refuses_whoever_leads_a_group_that_is_under_way(deep_in, mentor):
    with pytest.raises(ValidationError) as refusal:
        erase_person(mentor, keep_certificates=True)

    assert refusal.value.messages == [
        "Denne kontoen er mentor for en gruppe som er i gang: «Gruppe 1». Gruppen må få en ny mentor først. "
        "Senteret hjelper med det, og da kan kontoen slettes med en gang."
    ]
    mentor.refresh_from_db()
    assert mentor.erased_at is None


def test_whoever_led_a_group_that_has_ended_is_erased(deep_in, mentor):
    LearningGroup.objects.filter(mentor=mentor).update(status="completed")

    erase_person(mentor, keep_certificates=True)

    assert LearningGroup.objects.get(name="Gruppe 1").mentor.name == "Tidligere deltaker"
    assert NoteComment.objects.get().text == "Svar hemmelig"


def test_the_page_tells_a_mentor_what_comes_first_and_erases_nothing(deep_in, mentor):
    client = Client()
    client.post(reverse("account_login"), {"login": mentor.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("erase_account")})

    page = client.post(reverse("erase_account"), YES)

    assert "Gruppen må få en ny mentor først." in page.content.decode()
    mentor.refresh_from_db()
    assert mentor.erased_at is None


def test_an_address_that_is_only_said_to_be_ones_own_takes_no_invitation_away(deep_in, other_learner, mentor):
    EmailAddress.objects.create(user=other_learner, email="gjest@example.org", verified=False)
    group = LearningGroup.objects.get(name="Gruppe 1")
    Invitation.objects.create(group=group, email="gjest@example.org", invited_by=mentor)

    erase_person(other_learner, keep_certificates=True)

    assert Invitation.objects.filter(email="gjest@example.org").exists()
