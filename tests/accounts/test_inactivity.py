"""Accounts that nobody uses: two notices, then erasure; signing in ends it (P8)."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lms.accounts import inactivity
from lms.accounts.models import InactivityNotice, User
from lms.accounts.tasks import erase_inactive_person, find_inactive_people, forget_expired
from lms.outbox.backend import KEY_HEADER
from mentoring.models import LearningGroup
from tests.accounts.conftest import last_code
from tests.groups_ground import small_group

LAST = datetime(2024, 1, 10, 12, tzinfo=timezone.get_default_timezone())
TWO_YEARS = timedelta(days=731)


@pytest.fixture
def gone(learner):
    """Somebody who signed in on LAST and never again."""
    User.objects.filter(pk=learner.pk).update(last_login=LAST, date_joined=LAST)
    learner.refresh_from_db()
    return learner


@pytest.fixture
def night(time_machine):
    """A function that does the night's work so many days after LAST; returns how many mails there are now."""

    def run(days: float) -> int:
        time_machine.move_to(LAST + timedelta(days=days), tick=False)
        forget_expired()
        for task, ids in find_inactive_people():
            assert task == erase_inactive_person.name
            erase_inactive_person(*ids)
        return notices()

    return run


def test_nobody_is_told_before_the_time_is_near(gone, night):
    assert night(700) == 0
    assert not InactivityNotice.objects.exists()


def test_the_account_goes_after_two_notices(gone, night):
    counts = [night(day) for day in (702, 703, 724, 725, 726, 731)]
    there = User.objects.get(pk=gone.pk).erased_at

    night(732.1)

    assert (counts, there) == ([1, 1, 1, 2, 2, 2], None)
    gone.refresh_from_db()
    assert gone.erased_at is not None
    assert gone.email.endswith("@invalid")
    assert not InactivityNotice.objects.exists()


def test_the_mail_says_until_when_and_where(gone, night):
    night(701.5)

    words = mail_words()
    assert "logg inn før 11. januar 2026" in words
    assert "/konto/login/" in words


def notices() -> int:
    return len([message for message in mail.outbox if message.subject == "Vil du beholde kontoen din i Refleks?"])


def mail_words() -> str:
    [message] = mail.outbox
    return message.body


def test_whoever_was_away_long_before_this_rule_gets_both_notices_in_peace(gone, night):
    counts = [night(day) for day in (2000, 2022, 2023, 2029)]
    there = User.objects.get(pk=gone.pk).erased_at
    night(2030)

    assert (counts, there) == ([1, 1, 2, 2], None)
    assert User.objects.get(pk=gone.pk).erased_at


def test_signing_in_stops_it_and_it_begins_anew(gone, night, client):
    night(702)
    night(725)
    client.post(reverse("account_request_login_code"), {"email": gone.email})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})
    client.post(reverse("account_logout"))
    before = notices()

    assert night(740) == before
    assert not InactivityNotice.objects.exists()
    assert User.objects.get(pk=gone.pk).erased_at is None
    assert night(725 + 702) == before + 1


def test_running_twice_sends_each_notice_once(gone, night):
    assert [night(702), night(702), night(725), night(725)] == [1, 1, 2, 2]


def test_whoever_signs_in_at_the_last_moment_stays(gone, night, time_machine):
    night(702)
    night(725)
    time_machine.move_to(LAST + timedelta(days=733), tick=False)
    [(_task, ids)] = find_inactive_people()
    User.objects.filter(pk=gone.pk).update(last_login=timezone.now())

    assert inactivity.erase_inactive(*ids, timezone.now()) is False
    assert User.objects.get(pk=gone.pk).erased_at is None


@pytest.mark.parametrize("who", ["staff", "mentor", "member", "signed in"])
def test_those_whom_somebody_waits_for_stay(gone, mentor, course, night, who, signed_in):
    if who == "staff":
        User.objects.filter(pk=gone.pk).update(is_staff=True)
    if who == "mentor":
        small_group(course.page, gone)
    if who == "member":
        small_group(course.page, mentor, gone)
    if who == "signed in":
        gone.usersession_set.create(ip="192.0.2.1", session_key="x", user_agent="Nettleser")
    User.objects.exclude(pk=gone.pk).update(last_login=LAST + timedelta(days=9000))

    assert night(800) == 0


def test_whoever_led_a_group_that_has_ended_goes_like_everybody(gone, course, night):
    small_group(course.page, gone)
    LearningGroup.objects.update(status="completed", completed_at=LAST)

    assert night(800) == 1


def test_certificates_are_spoken_of_only_to_those_who_have_some(gone, night):
    night(702)

    assert "Kursbevisene" not in mail_words()
    assert mail.outbox[0].extra_headers[KEY_HEADER] == f"inactive:{gone.pk}:first:2024-01-10"
