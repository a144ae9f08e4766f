"""What is kept how long, by the clock, and that somebody carries out every promise (P1, P7, P8)."""

import re
import tomllib
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from wagtail.admin.models import EditingSession
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from lms.accounts.models import User
from lms.accounts.personal_data import TABLE
from lms.accounts.retention import forget_expired
from lms.accounts.tasks import forget_expired as task
from lms.reports.models import ReportReading
from mentoring.models import GlassBreak, NoteReading
from tests.accounts.conftest import last_code
from tests.groups_ground import small_group

A_TIME = re.compile(r"\b(\d+|an?|every) (\w+ of an )?(hour|day|month|quarter|year)s?\b")
# What follows from something else, and needs nobody who looks at the clock.
WITH_ANOTHER = re.compile(
    r"as long as |not used|until (the form is saved|the upload is described|it is resolved|the person|the mentor asks)"
)


def promises() -> dict[str, tuple[str, str]]:
    """Model label to how long its rows are kept, and the names of what carries it out."""
    table = tomllib.loads(TABLE.read_text())
    del table["others"]
    return {
        f"{app}.{model}": (lines.get("keep", ""), lines.get("forgotten_by", ""))
        for app, named in table.items()
        for model, lines in named.items()
    }


def test_every_time_that_is_promised_is_carried_out_by_something_with_a_name():
    found = promises()

    assert len(found) > 50
    assert [label for label, (keep, by) in found.items() if A_TIME.search(keep) and not by] == []
    assert [by for _keep, names in found.values() for by in names.split() if not callable(import_string(by))] == []


def test_what_is_kept_without_a_time_says_with_what():
    others = [keep for keep, by in promises().values() if keep and not by]

    assert [keep for keep in others if not WITH_ANOTHER.match(keep)] == []


@pytest.fixture
def one_of_each(learner, mentor, editor, course):
    """A row in each table that is forgotten by age; a function that makes them so many days old."""
    member = small_group(course.page, mentor, learner).memberships.get()
    broken = GlassBreak.objects.create(membership=member, asked_by=mentor, reason="Det haster, noen er i fare.")
    NoteReading.objects.create(note_id_read=1, author=learner, reader=mentor, at=timezone.now(), glass_break=broken)
    ReportReading.objects.create(person=mentor, form="page")
    EditingSession.objects.create(user=editor, content_object=learner, last_seen_at=timezone.now())
    log(learner, "wagtail.edit", user=editor)
    SessionStore().save()
    Session.objects.update_or_create(session_key="a" * 32, defaults={"expire_date": timezone.now(), "session_data": ""})
    Session.objects.exclude(session_key="a" * 32).delete()

    def make(days: float) -> None:
        at = timezone.now() - timedelta(days=days)
        GlassBreak.objects.update(asked_at=at)
        ReportReading.objects.update(at=at)
        ModelLogEntry.objects.update(timestamp=at)
        EditingSession.objects.update(last_seen_at=at)
        Session.objects.update(expire_date=at)

    return make


TABLES = ["mentoring.GlassBreak", "reports.ReportReading", "wagtailcore.ModelLogEntry"]
SHORT = ["wagtailadmin.EditingSession", "sessions.Session"]


def counts(labels: list[str]) -> list[int]:
    return [apps.get_model(label)._default_manager.count() for label in labels]


def test_rows_go_when_they_are_two_years_old(one_of_each, caplog):
    one_of_each(1000)
    caplog.set_level("INFO", "refleks.retention")

    task()

    assert counts(TABLES + SHORT) == [0] * 5
    assert NoteReading.objects.get().glass_break is None
    assert {"forgot 1 rows of reports.ReportReading", "forgot 1 rows of sessions.Session"} <= set(caplog.messages)


def test_rows_younger_than_that_stay(one_of_each):
    one_of_each(729)

    forget_expired(timezone.now())

    assert counts(TABLES) == [1, 1, 1]


def test_what_is_in_use_stays(one_of_each):
    one_of_each(-1)

    assert set(forget_expired(timezone.now()).values()) == {0}
    assert counts(TABLES + SHORT) == [1] * 5


def test_many_rows_go_in_portions_and_a_second_run_finds_nothing(mentor, monkeypatch):
    monkeypatch.setattr("lms.accounts.retention.PORTION", 3)
    ReportReading.objects.bulk_create(ReportReading(person=mentor, form="csv") for _number in range(7))
    ReportReading.objects.update(at=timezone.now() - timedelta(days=1000))

    found = [forget_expired(timezone.now())["reports.ReportReading"] for _run in range(2)]

    assert found == [7, 0]


def test_where_somebody_was_signed_in_goes_with_the_session(learner, client):
    client.post(reverse("account_request_login_code"), {"email": learner.email})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})
    later = timezone.now() + timedelta(hours=2)
    forget_expired(later)
    still_in = UserSession.objects.count()

    forget_expired(timezone.now() + timedelta(days=31))

    assert (still_in, UserSession.objects.count(), Session.objects.count()) == (1, 0, 0)


def test_a_sign_up_that_nobody_confirmed_goes_after_thirty_days(db, sign_up):
    sign_up()
    person = User.objects.get()
    young = forget_expired(timezone.now() + timedelta(days=29))["accounts.User"]

    old = forget_expired(timezone.now() + timedelta(days=31))["accounts.User"]

    assert (young, old) == (0, 1)
    assert not User.objects.filter(pk=person.pk).exists()
    assert not EmailAddress.objects.exists()


def test_accounts_that_somebody_confirmed_or_made_by_hand_stay(learner, other_learner, editor, client, sign_up):
    User.objects.create_superuser("super@example.org", name="Sigrun")
    EmailAddress.objects.filter(user=editor).update(verified=False)
    EmailAddress.objects.filter(user=other_learner).update(verified=False)
    User.objects.filter(pk=other_learner.pk).update(last_login=timezone.now())
    User.objects.update(date_joined=timezone.now() - timedelta(days=400))

    assert forget_expired(timezone.now())["accounts.User"] == 0
    assert User.objects.count() == 4


def test_an_account_that_something_counts_on_is_left(learner, mentor, course):
    EmailAddress.objects.filter(user=learner).update(verified=False)
    User.objects.update(date_joined=timezone.now() - timedelta(days=400))
    small_group(course.page, mentor, learner)

    assert forget_expired(timezone.now())["accounts.User"] == 0
    assert User.objects.filter(pk=learner.pk).exists()
