"""What is kept how long, by the clock (P8)."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from mentoring import notes, reading_log, retention
from mentoring.models import LearningGroup, Membership, Note, NoteComment, NoteReading
from mentoring.retention import Forgotten
from mentoring.tasks import forget_old_notes
from tests.groups_ground import small_group

END = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC)


@pytest.fixture
def group(course, mentor, learner, other_learner):
    """A draft of one member; a received note with a comment of another; the group ended on END."""
    group = small_group(course.page, mentor, learner, other_learner)
    first, second = group.memberships.order_by("pk")
    notes.save(notes.note_for(first), "Et utkast.", 0)
    note = notes.hand_in(notes.note_for(second), "Et notat.", 0, confirmed=True)
    reading_log.record_reading(note, mentor)
    notes.mark_received(note, mentor, comment="Takk.")
    LearningGroup.objects.update(status="completed", completed_at=END)
    return group


def forget(days: int, **options) -> Forgotten:
    return retention.forget_old(END + datetime.timedelta(days=days), **options)


def words() -> list[str]:
    return [*(note.text for note in Note.objects.order_by("pk")), *(said.text for said in NoteComment.objects.all())]


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        (89, ["Et utkast.", "Et notat.", "Takk."]),
        (91, ["", "Et notat.", "Takk."]),
        (364, ["", "Et notat.", "Takk."]),
        (366, ["", "", ""]),
    ],
)
def test_drafts_go_after_ninety_days_and_notes_after_a_year(group, days, kept):
    forget(days)

    assert words() == kept


def test_that_there_was_a_note_stays(group):
    forget(800)

    assert sorted(Note.objects.values_list("status", flat=True)) == ["draft", "received"]
    assert Note.objects.filter(erased_at=None).count() == 0
    memberships = list(group.memberships.order_by("pk"))
    assert [notes.standing_of(memberships)[one.pk].handed_in for one in memberships] == [0, 1]


def test_twenty_five_months_later_everything_is_gone_once(group):
    assert forget(25 * 31, dry_run=True) == Forgotten(0, 2, 0)
    assert words() == ["Et utkast.", "Et notat.", "Takk."]
    assert forget(25 * 31) == Forgotten(0, 2, 0)
    assert forget(25 * 31) == Forgotten(0, 0, 0)


def test_who_read_is_forgotten_after_two_years(group):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=740)):
        old = reading_log.record_reading(Note.objects.last(), group.mentor)

    assert [retention.forget_old(timezone.now()).readings for _time in range(2)] == [1, 0]
    assert NoteReading.objects.exclude(pk=old.pk).count() == 1


def test_a_group_that_goes_on_keeps_everything(group):
    LearningGroup.objects.update(status="started", completed_at=None)

    assert forget(3000, dry_run=True).notes == 0


def test_who_leaves_is_forgotten_from_then_on(group):
    LearningGroup.objects.update(status="started", completed_at=None)
    Membership.objects.filter(pk=group.memberships.order_by("pk")[1].pk).update(left_at=END)

    assert forget(366) == Forgotten(0, 1, 0)


def test_the_settings_decide(group, settings):
    settings.NOTES_MONTHS, settings.NOTE_DRAFT_DAYS = 1, 7

    assert forget(8, dry_run=True) == Forgotten(1, 0, 0)
    assert forget(32, dry_run=True) == Forgotten(0, 2, 0)


def test_portions_leave_nobody_out(group, monkeypatch):
    monkeypatch.setattr(retention, "PORTION", 1)

    assert forget(366) == Forgotten(0, 2, 0)


def test_the_author_is_told_that_the_words_are_gone(group, signed_in, other_learner):
    forget(366)

    page = signed_in(other_learner).get(f"/grupper/{group.pk}/notat/").content.decode()
    assert "Teksten er slettet, fordi det er lenge siden gruppen var ferdig." in page


def test_the_command_only_counts_when_asked_to(group):
    LearningGroup.objects.update(completed_at=timezone.now() - datetime.timedelta(days=400))
    said = StringIO()
    call_command("forget_notes", "--dry-run", stdout=said)
    assert said.getvalue() == "Would forget 0 drafts, 2 notes, 0 readings.\n"
    assert words()[1] == "Et notat."

    forget_old_notes()
    assert words() == ["", "", ""]
