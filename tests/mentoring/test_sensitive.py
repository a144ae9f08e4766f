"""A note in which somebody can be known again: closed at once, gone after 72 hours, and not back from a backup (P12)."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring import bringing, notes, sensitive
from mentoring.models import BroughtPrompt, GroupEvent, Note
from modules.models import NotebookEntry
from tests.groups_ground import small_group
from tests.mentoring.calendars import mails_to

pytestmark = pytest.mark.usefixtures("outbox")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXT = "Kanarifugl sto ved vinduet og så på snøen."
LATER = timedelta(hours=72, minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def purges(settings, tmp_path):
    settings.ERASURE_LIST = tmp_path / "erasures.jsonl"
    return settings.ERASURE_LIST


@pytest.fixture
def group(course, mentor, learner):
    return small_group(course.page, mentor, learner)


@pytest.fixture
def note(group):
    return notes.hand_in(notes.note_for(group.memberships.get()), TEXT, 0, confirmed=True)


def path_of(note, what="") -> str:
    return f"/grupper/{note.membership.group_id}/notater/{note.pk}/{what}"


def test_one_press_closes_the_note_for_the_mentor_and_leaves_it_to_its_author(note, mentor, signed_in, learner_client):
    client = signed_in(mentor)
    assert "Meld sensitivt innhold" in client.get(path_of(note)).content.decode()

    assert client.post(path_of(note, "meld/")).url == f"/grupper/{note.membership.group_id}/notater/"

    assert client.get(path_of(note)).status_code == 404
    own = learner_client.get(f"/grupper/{note.membership.group_id}/notat/").content.decode()
    assert TEXT in own
    assert "blir teksten slettet torsdag 5. mars 2026 kl. 10.00" in own


def test_the_author_and_the_guardians_hear_of_it_without_a_word_of_the_text(note, mentor, admin, learner):
    sensitive.report(note, mentor)

    assert [mail["subject"] for mail in mails_to(learner)] == ["Se over refleksjonsnotatet ditt"]
    assert [mail["subject"] for mail in mails_to(admin)] == ["Sensitivt innhold er meldt"]
    told = "".join(mail.as_string() for person in (learner, admin) for mail in mails_to(person))
    assert "Kanarifugl" not in told
    assert learner.name not in "".join(mail.as_string() for mail in mails_to(admin))
    assert GroupEvent.objects.filter(kind="sensitive", by=mentor, about=learner, detail="").count() == 1


def test_reporting_twice_is_reporting_once(note, mentor, learner, purges):
    assert [sensitive.report(note, mentor) for _time in range(2)] == [True, False]

    assert len(mails_to(learner)) == 1
    assert [purge.note for purge in sensitive.read_purges(purges)] == [note.pk]


def test_a_received_note_can_be_reported_too(note, mentor):
    notes.mark_received(note, mentor)

    assert sensitive.report(note, mentor)


def test_a_draft_is_not_the_mentors_to_report(note, mentor):
    notes.withdraw(note)

    assert not sensitive.report(note, mentor)


def test_another_mentor_reports_nothing(note, other_learner, mentor):
    assert not sensitive.report(note, other_learner)


def test_the_words_go_after_72_hours(note, mentor, learner_client):
    sensitive.report(note, mentor)

    assert sensitive.purge_due(NOW + timedelta(hours=71)) == 0
    assert [sensitive.purge_due(NOW + LATER) for _time in range(2)] == [1, 0]
    note.refresh_from_db()
    assert (note.text, note.status, note.reported_at) == ("", "draft", None)
    assert learner_client.get(f"/grupper/{note.membership.group_id}/notat/").status_code == 200


def test_words_that_were_written_anew_stay(note, mentor, learner_client):
    sensitive.report(note, mentor)
    note.refresh_from_db()
    written = notes.save(note, "Noe annet.", note.version)
    page = learner_client.get(f"/grupper/{note.membership.group_id}/notat/").content.decode()
    assert "Lever på nytt når du er ferdig." in page

    assert sensitive.purge_due(NOW + LATER) == 0
    handed_in = notes.hand_in(written, "Noe annet.", written.version, confirmed=True)
    assert (handed_in.status, handed_in.reported_at, handed_in.reported_version) == ("handed_in", None, None)


def test_a_backup_brings_the_words_back_for_nobody(note, mentor, purges, clock):
    sensitive.report(note, mentor)
    # The database as it was before: a backup of the hour in which the note was handed in.
    Note.objects.filter(pk=note.pk).update(status="handed_in", text=TEXT, reported_at=None, saved_at=NOW)
    found = sensitive.read_purges(purges)

    assert [sensitive.purge_again(found) for _time in range(2)] == [1, 0]
    note.refresh_from_db()
    assert note.text == ""


def test_what_was_written_after_the_report_stays_when_a_backup_is_put_back(note, mentor, purges):
    sensitive.report(note, mentor)
    Note.objects.filter(pk=note.pk).update(text="Nytt", saved_at=NOW + timedelta(hours=1))

    assert sensitive.purge_again(sensitive.read_purges(purges)) == 0


# --- what a meeting saw


@pytest.fixture
def meeting(group, learner):
    """Today's meeting, with a text that the member brought."""
    group.meetings.filter(number=1).update(day=NOW.date(), clock=time(14), starts_at=NOW + timedelta(hours=4))
    meeting = group.meetings.get(number=1)
    entry = NotebookEntry.objects.create(
        learner=learner,
        course_key=group.course.translation_key,
        lesson_key=uuid4(),
        prompt_id=uuid4(),
        question="Hva så du?",
        text=TEXT,
    )
    BroughtPrompt.objects.create(meeting=meeting, membership=group.memberships.get(), entry=entry, at=timezone.now())
    return meeting


def test_one_press_takes_what_was_brought_off_the_screen(meeting, learner, learner_client):
    path = f"/grupper/{meeting.group_id}/moter/1/"
    assert "Meld sensitivt innhold" in learner_client.get(path).content.decode()

    assert learner_client.post(f"{path}meld/").url == path

    assert bringing.brought_to(meeting) == []
    assert NotebookEntry.objects.get().text == TEXT


def test_mentor_and_guardians_hear_once_and_not_from_whom(meeting, learner, mentor, admin):
    for _time in range(2):
        sensitive.report_shown(meeting, learner)

    assert [[mail["subject"] for mail in mails_to(person)] for person in (mentor, admin, learner)] == [
        ["Sensitivt innhold er meldt"],
        ["Sensitivt innhold er meldt"],
        [],
    ]
    told = "".join(mail.as_string() for person in (mentor, admin) for mail in mails_to(person))
    assert (learner.name in told, "Kanarifugl" in told) == (False, False)
    event = GroupEvent.objects.get(kind="sensitive")
    assert (event.by, event.about, event.detail) == (None, None, "Møte 1")


def test_nothing_is_reported_of_a_meeting_that_has_not_been(meeting, learner):
    meeting.day += timedelta(days=1)

    with pytest.raises(ValidationError, match="Møtet har ikke vært ennå."):
        sensitive.report_shown(meeting, learner)
    assert BroughtPrompt.objects.count() == 1


@pytest.mark.parametrize(
    "line",
    [
        b'{"note": 5, "at": "2026-01-01T00:0',
        b'{"note": 5}',
        b'{"note": 5, "at": "2026-01-01T00:00:00"}',
        b'{"note": "5", "at": "2026-01-01T00:00:00+00:00"}',
        b'{"note": 5, "at": 7}',
        b'{"note": 5, "at": "\xff"}',
    ],
)
def test_a_purge_that_cannot_be_read_is_refused_with_its_line(purges, line):
    sensitive.remember([sensitive.Purge(1, NOW)])
    with purges.open("ab") as file:
        file.write(line)

    with pytest.raises(ValidationError, match=r"kan ikke leses: linje 2\. Bruk en kopi der linjen er hel\."):
        sensitive.read_purges(purges)


def test_a_purge_that_is_not_written_to_the_end_is_said(purges, monkeypatch):
    monkeypatch.setattr(sensitive.os, "write", lambda file, words: len(words) - 1)

    with pytest.raises(OSError, match="could not be written to the end"):
        sensitive.remember([sensitive.Purge(1, NOW)])
