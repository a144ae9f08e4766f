"""What a mentor reads while planning: polls that end, times that are refused, fields that lack."""

import re
from datetime import date, time

import pytest

from mentoring import polls
from mentoring.models import Meeting, Membership, Poll
from mentoring.polls import open_poll
from mentoring.scheduling import Slot, refusals_of
from tests.mentoring.planning.ground import DATES, NOW, SERIES, fields_of, page_of, plan_of, words_of

pytestmark = pytest.mark.usefixtures("outbox")
ENDS = "Møte 2: avstemningen med 1 svar blir avsluttet når du lagrer."


def ask_about(group, mentor, learner, number=2) -> Poll:
    days = [Slot(date(2026, 4, day), time(14)) for day in (8, 9)]
    poll = open_poll(group.meetings.get(number=number), days, mentor)
    polls.answer(group.memberships.get(member=learner), {poll.options.first(): "yes"})
    return poll


# --- polls


def test_looking_over_says_which_poll_ends_and_with_how_many_answers(group, mentor, learner, mentor_client):
    poll = ask_about(group, mentor, learner)

    for sent in (SERIES, DATES | {"step": "look"}):
        assert ENDS in words_of(mentor_client.post(plan_of(group), sent))
    poll.refresh_from_db()
    assert poll.closed_at is None


def test_a_poll_does_not_end_while_the_time_stays(planned, mentor, learner, mentor_client):
    poll = ask_about(planned, mentor, learner)

    shown = words_of(mentor_client.post(plan_of(planned), DATES | {"step": "look"}))
    assert (ENDS in shown, "Deltakerne er spurt om når møtet passer." in shown) == (False, True)
    mentor_client.post(plan_of(planned), DATES | {"step": "save"})
    poll.refresh_from_db()
    assert poll.closed_at is None


def test_the_plan_leads_to_the_answers_of_a_meeting_that_is_asked_about(group, mentor, learner, mentor_client):
    ask_about(group, mentor, learner)

    links = re.findall(r'avstemning/">([^<]+)<', mentor_client.get(plan_of(group)).content.decode())

    assert links == ["Spør om datoen", "Se svarene"]


def test_answers_of_those_who_left_are_not_counted(group, mentor, learner):
    ask_about(group, mentor, learner)
    assert polls.answered_in(group) == {2: 1}

    Membership.objects.filter(member=learner).update(left_at=NOW)
    assert polls.answered_in(group) == {2: 0}


# --- times


def test_a_held_meeting_out_of_order_is_said_at_the_one_that_is_planned(planned, mentor):
    Meeting.objects.filter(group=planned, number=2).update(status="held")

    found = refusals_of(planned, {1: Slot(date(2026, 4, 7), time(15))})

    assert list(found) == [1]
    assert found[1].startswith("Møte 2 (tirsdag 7. april 2026 kl. 14.00) må komme etter møte 1")


def test_looking_changes_nothing(planned):
    refusals_of(planned, {1: Slot(date(2026, 3, 11), time(15)), 2: Slot(date(2026, 3, 1), time(15))})

    assert [meeting.day for meeting in planned.meetings.all()] == [date(2026, 3, 10), date(2026, 4, 7)]


# --- places


@pytest.mark.parametrize(
    ("changed", "field"), [({"place": ""}, "place"), ({"form": "digital"}, "link"), ({"form": "both"}, "link")]
)
def test_what_an_announced_meeting_lacks_is_marked_at_its_field(planned, mentor_client, changed, field):
    page = mentor_client.post(page_of(planned), fields_of(planned, **changed)).content.decode()

    tag = re.search(rf'<(?:input|textarea)[^>]*name="{field}"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in tag
    assert page.count("Deltakerne er allerede invitert.") == 2


def test_a_plan_says_at_the_field_what_announced_meetings_would_lack(planned, mentor_client):
    answer = mentor_client.post(plan_of(planned), DATES | {"step": "save", "form": "digital"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"link": ["Skriv inn lenken. Deltakerne er allerede invitert."]}
