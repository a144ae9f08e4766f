"""The private calendar address: shown once, dead at once, and it says nothing of others (S12, S13)."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from mentoring.models import CalendarFeed, LearningGroup, Membership
from mentoring.scheduling import Slot, cancel_meeting, plan_series
from tests.groups_ground import small_group

PAGE = "/grupper/kalender/"


@pytest.fixture
def group(course, mentor, learner):
    group = small_group(course.page, mentor, learner)
    first = timezone.localdate() + timedelta(days=10)
    slots = {1: Slot(first, time(14)), 2: Slot(first + timedelta(days=28), time(14))}
    plan_series(group, slots, mentor, form="both", place="Rom 2", link="https://video.example.org/rom")
    return group


def open_feed(client) -> str:
    """The path of the address that the page shows."""
    form = client.get(PAGE).context
    answer = client.post(PAGE, {"nonce": form["nonce"], "instead_of": form["instead_of"]})
    return answer.context["address"].removeprefix("http://127.0.0.1:8000")


def events_of(client, path) -> list:
    return Calendar.from_ical(client.get(path).content).walk("VEVENT")


def test_the_feed_has_all_meetings_of_a_member_and_of_the_mentor(group, learner, mentor, signed_in, client):
    for person in (learner, mentor):
        path = open_feed(signed_in(person))

        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert answer["Cache-Control"] == "private, no-cache"
        assert len(events_of(client, path)) == 2
        assert [
            word
            for word in ("Solheim", "Fjellanger", "@example.org", group.name, "video")
            if word in str(answer.content)
        ] == []


def test_the_secret_is_shown_once_and_not_stored(group, learner_client):
    path = open_feed(learner_client)
    secret = path.removeprefix("/kalender/").removesuffix(".ics")

    assert secret not in learner_client.get(PAGE).content.decode()
    assert secret not in str(CalendarFeed.objects.values())


def test_the_same_form_twice_is_one_address(group, learner_client):
    form = learner_client.get(PAGE).context
    fields = {"nonce": form["nonce"], "instead_of": form["instead_of"]}

    first, second = (learner_client.post(PAGE, fields).context["address"] for _time in range(2))

    assert first == second


def test_a_new_address_kills_the_old_one(group, learner_client, client):
    old = open_feed(learner_client)
    new = open_feed(learner_client)

    assert [client.get(path).status_code for path in (old, new)] == [404, 200]


def test_an_old_page_brings_no_old_address_back(group, learner_client, client):
    form = learner_client.get(PAGE).context
    fields = {"nonce": form["nonce"], "instead_of": form["instead_of"]}
    old = learner_client.post(PAGE, fields).context["address"]
    open_feed(learner_client)

    assert learner_client.post(PAGE, fields).status_code == 302
    assert client.get(old.removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_a_closed_address_is_dead(group, learner_client, client):
    path = open_feed(learner_client)

    learner_client.post(PAGE, {"close": "1"})

    assert (client.get(path).status_code, CalendarFeed.objects.count()) == (404, 0)


def test_the_feed_of_a_suspended_person_is_dead(group, learner, learner_client, client):
    path = open_feed(learner_client)
    learner.is_active = False
    learner.save()

    assert client.get(path).status_code == 404


def test_the_feed_of_one_who_left_is_empty(group, learner_client, client):
    path = open_feed(learner_client)
    Membership.objects.update(left_at=timezone.now())

    assert events_of(client, path) == []


def test_the_feed_leaves_out_a_cancelled_group(group, learner_client, client):
    path = open_feed(learner_client)
    LearningGroup.objects.update(status="cancelled")

    assert events_of(client, path) == []


def test_a_cancelled_meeting_is_said_to_be_cancelled(group, mentor, learner_client, client):
    path = open_feed(learner_client)
    cancel_meeting(group.meetings.get(number=2), mentor)

    assert [str(event["STATUS"]) for event in events_of(client, path)] == ["CONFIRMED", "CANCELLED"]


def test_what_nobody_was_invited_to_is_not_in_the_feed(group, learner_client, client):
    path = open_feed(learner_client)
    group.meetings.filter(number=2).update(place="", link="")

    assert len(events_of(client, path)) == 1


def test_an_unchanged_feed_is_not_sent_again(group, mentor, learner_client, client):
    path = open_feed(learner_client)
    etag = client.get(path)["ETag"]

    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    cancel_meeting(group.meetings.get(number=2), mentor)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.fixture
def one_moment():
    """However long the machine takes, no minute passes."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("one_moment")
def test_one_address_is_not_asked_in_a_rush(group, learner_client, client):
    path = open_feed(learner_client)

    codes = [client.get(path).status_code for _time in range(31)]

    assert codes == [200] * 30 + [429]


@pytest.mark.usefixtures("one_moment")
def test_guessing_is_slowed_down(db, client):
    codes = [client.get(f"/kalender/{number:064}.ics").status_code for number in range(61)]

    assert codes == [404] * 60 + [429]


@pytest.mark.parametrize("nonce", ["", "kort"])
def test_an_address_needs_a_random_form(learner_client, nonce):
    assert learner_client.post(PAGE, {"nonce": nonce}).status_code == 302
    assert not CalendarFeed.objects.exists()


def test_dates_of_the_feed_are_wall_times(group, learner_client, client):
    path = open_feed(learner_client)

    assert [event["DTSTART"].params["TZID"] for event in events_of(client, path)] == ["Europe/Oslo"] * 2
    assert {event["DTSTART"].dt.time() for event in events_of(client, path)} == {time(14)}
