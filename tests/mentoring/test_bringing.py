from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from mentoring.bringing import Brought, bring, brought_count, brought_to, choices_of, is_shown
from mentoring.models import BroughtPrompt, Meeting
from modules.models import NotebookEntry
from modules.outline import course_outline
from tests.groups_ground import small_group
from tests.mentoring.meeting_ground import set_time, today, write_in_notebook
from tests.small_course import COURSE_KEY


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def meeting(group):
    return set_time(group.meetings.get(number=1), today())


@pytest.fixture
def membership(group, learner):
    return group.memberships.get(member=learner)


@pytest.fixture
def entry(course, learner):
    return write_in_notebook(learner, "Det jeg vil snakke om.")


def outline():
    return course_outline(COURSE_KEY, "nb")


def test_what_is_ticked_is_shown_without_a_name(meeting, membership, entry, learner):
    write_in_notebook(learner, "Det som er mitt alene.")

    assert bring(membership, meeting, [entry.pk], []) == 1
    assert brought_to(meeting) == [Brought("Hva tenkte du på først?", "Det jeg vil snakke om.")]
    assert brought_count(meeting) == 1


def test_a_name_is_shown_when_it_is_added(meeting, membership, entry, learner):
    bring(membership, meeting, [entry.pk], [entry.pk])

    assert [row.name for row in brought_to(meeting)] == [learner.name]


def test_taking_the_tick_away_removes_it_at_once(meeting, membership, entry):
    bring(membership, meeting, [entry.pk], [])
    bring(membership, meeting, [], [])

    assert not BroughtPrompt.objects.exists()
    assert brought_to(meeting) == []


def test_the_texts_of_the_modules_before_come_first(meeting, membership, entry, learner):
    later = write_in_notebook(learner, "Fra modul 2.", lesson=2)
    choices = choices_of(membership, meeting, outline())

    assert [(choice.entry.pk, choice.module, choice.before_this) for choice in choices] == [
        (entry.pk, 1, True),
        (later.pk, 2, False),
    ]


def test_empty_texts_are_no_choice(meeting, membership, learner):
    write_in_notebook(learner, "  ")

    assert choices_of(membership, meeting, outline()) == []


def test_bringing_refuses_the_text_of_another(meeting, membership, other_learner):
    foreign = write_in_notebook(other_learner, "En annens.")

    assert bring(membership, meeting, [foreign.pk], [foreign.pk]) == 0
    assert not BroughtPrompt.objects.exists()


def test_bringing_refuses_a_text_from_another_course(meeting, membership, entry):
    NotebookEntry.objects.filter(pk=entry.pk).update(course_key="00000000-0000-4000-8000-00000000ffff")

    assert bring(membership, meeting, [entry.pk], []) == 0


def test_a_text_that_was_changed_afterwards_waits_for_a_new_tick(meeting, membership, entry):
    bring(membership, meeting, [entry.pk], [])
    entry.text = "Noe jeg ikke har krysset av for."
    entry.save()

    assert brought_to(meeting) == []
    assert brought_count(meeting) == 0
    assert choices_of(membership, meeting, outline())[0].changed_since

    bring(membership, meeting, [entry.pk], [])
    assert [row.text for row in brought_to(meeting)] == ["Noe jeg ikke har krysset av for."]


def test_one_who_has_left_brings_nothing(meeting, membership, entry):
    bring(membership, meeting, [entry.pk], [])
    membership.left_at = timezone.now()
    membership.save()

    assert brought_to(meeting) == []


def test_one_whose_account_is_shut_brings_nothing(meeting, membership, entry, learner):
    bring(membership, meeting, [entry.pk], [])
    type(learner).objects.filter(pk=learner.pk).update(is_active=False)

    assert brought_to(meeting) == []


@pytest.mark.parametrize("days", [-1, 1])
def test_nothing_is_shown_on_another_day(meeting, membership, entry, days):
    bring(membership, meeting, [entry.pk], [])
    set_time(meeting, today() + timedelta(days=days))

    assert not is_shown(meeting)
    assert brought_to(meeting) == []


def test_bringing_refuses_when_the_meeting_is_over(meeting, membership, entry, learner):
    other = write_in_notebook(learner, "Enda en.")
    bring(membership, meeting, [entry.pk, other.pk], [])
    set_time(meeting, today() - timedelta(days=1))

    assert bring(membership, meeting, [entry.pk], []) == 1
    assert BroughtPrompt.objects.get().entry == entry
    with pytest.raises(ValidationError, match="Møtet er over"):
        bring(membership, meeting, [entry.pk, other.pk], [])


def test_a_cancelled_meeting_takes_and_shows_nothing(meeting, membership, entry):
    bring(membership, meeting, [entry.pk], [])
    meeting.status = Meeting.Status.CANCELLED
    meeting.save()

    assert brought_to(meeting) == []
    BroughtPrompt.objects.all().delete()
    with pytest.raises(ValidationError):
        bring(membership, meeting, [entry.pk], [])
