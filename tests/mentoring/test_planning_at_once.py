"""Many at the same moment: one set of mails, one decision, one version for each change (D16)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring.feeds import open_feed
from mentoring.models import CalendarFeed, Meeting, MeetingReply, Poll, PollOption
from mentoring.polls import decide, open_poll
from mentoring.replies import reply
from mentoring.scheduling import Slot, cancel_meeting, plan_series, set_time
from tests.groups_ground import small_group
from tests.mentoring.calendars import told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("outbox")]
HOW = {"form": "physical", "place": "Rom 2", "link": ""}
MANY = 20


def at_once(*acts) -> list:
    """What each of `acts` returned, begun together in a thread each; a refusal is returned too."""
    together = threading.Barrier(len(acts))

    def run(act):
        together.wait(30)
        try:
            return act()
        except ValidationError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """The knock at the broker is not what these are about."""
    monkeypatch.setattr("lms.outbox.backend._hint", lambda: None)


@pytest.fixture
def group(mentor, learner, other_learner):
    return small_group(None, mentor, learner, other_learner)


def first_day():
    return timezone.localdate() + timedelta(days=20)


def slots(apart: int = 28) -> dict[int, Slot]:
    return {number: Slot(first_day() + timedelta(days=apart * number), time(14)) for number in (1, 2)}


def test_the_same_plan_at_once_is_one_set_of_mails(group, mentor, learner):
    at_once(*[lambda: plan_series(group, slots(), mentor, **HOW)] * MANY)

    assert OutgoingMail.objects.count() == 6
    assert told(learner) == [("REQUEST", 0)] * 2


def test_the_same_move_at_once_is_one_version(group, mentor, learner):
    plan_series(group, slots(), mentor, **HOW)
    meeting = group.meetings.get(number=1)

    at_once(*[lambda: set_time(meeting, first_day(), time(9), 0, mentor)] * MANY)

    assert told(learner)[2:] == [("REQUEST", 1)]


def test_different_moves_at_once_are_versions_in_a_row(group, mentor, learner):
    plan_series(group, slots(), mentor, **HOW)
    meeting = group.meetings.get(number=1)

    at_once(*[lambda hour=hour: set_time(meeting, first_day(), time(hour), 0, mentor) for hour in range(8, 16)])

    assert told(learner)[2:] == [("REQUEST", version) for version in range(1, 9)]
    assert Meeting.objects.get(pk=meeting.pk).sequence == 8


def test_two_cancel_at_once_and_people_hear_it_once(group, mentor, learner):
    plan_series(group, slots(), mentor, **HOW)
    meeting = group.meetings.get(number=1)

    at_once(*[lambda: cancel_meeting(meeting, mentor)] * MANY)

    assert told(learner)[2:] == [("CANCEL", 1)]


def test_the_same_question_at_once_is_one_poll(group, mentor):
    meeting = group.meetings.get(number=1)

    answers = at_once(*[lambda: open_poll(meeting, list(slots().values()), mentor)] * MANY)

    assert (set(answers), OutgoingMail.objects.count()) == ({Poll.objects.get()}, 2)


def test_two_decisions_at_once_are_one(group, mentor, learner):
    group.meetings.update(place="Rom 2")
    poll = open_poll(group.meetings.get(number=1), list(slots().values()), mentor)
    options = list(poll.options.all())

    answers = at_once(*[lambda option=option: decide(option, mentor) for option in options * 5])

    chosen = PollOption.objects.get(chosen=True)
    refused = [answer for answer in answers if isinstance(answer, ValidationError)]
    assert (Meeting.objects.get(number=1).day, len(refused)) == (chosen.day, 5)
    assert told(learner) == [("REQUEST", 0)]


def test_replies_at_once_are_one_reply(group, mentor, learner):
    plan_series(group, slots(), mentor, **HOW)
    meeting, membership = group.meetings.get(number=1), group.memberships.get(member=learner)

    at_once(*[lambda: reply(meeting, membership, "yes")] * MANY)

    assert MeetingReply.objects.get().answer == "yes"


def test_the_same_form_at_once_is_one_address(learner):
    answers = at_once(*[lambda: open_feed(learner, "n" * 32, "")] * MANY)

    assert (len(set(answers)), CalendarFeed.objects.count()) == (1, 1)
