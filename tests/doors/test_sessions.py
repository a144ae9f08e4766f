"""Sessions end with the password and with the person, within one request and whatever way led in (S12, 7.4.1-5)."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.core import mail
from django.test import Client
from django.urls import reverse

from lms.accounts.models import User
from tests.accounts.conftest import CODE, last_code
from tests.doors.ways_in import WAYS, by_password
from tests.people import PASSWORD

NEW_PASSWORD = "en-annen-lang-frase-om-fjellet"


def is_in(client: Client) -> bool:
    return client.get(reverse("my_page")).status_code == 200


def suspend(person) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("way", WAYS)
def test_a_session_lasts_from_request_to_request(learner, monkeypatch, way):
    assert is_in(WAYS[way](learner, monkeypatch))


@pytest.mark.parametrize("way", WAYS)
def test_a_session_ends_when_the_person_is_suspended(learner, monkeypatch, way):
    client = WAYS[way](learner, monkeypatch)

    suspend(learner)

    assert client.get(reverse("my_page")).url == "/konto/login/?next=/min-side/"


@pytest.mark.parametrize("way", WAYS)
def test_every_other_session_ends_when_the_password_is_changed(learner, monkeypatch, way):
    other, own = WAYS[way](learner, monkeypatch), Client()
    own.force_login(learner)
    assert is_in(own)

    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert own.post(reverse("account_change_password"), fields).status_code == 302

    assert not is_in(other)


def test_the_session_has_a_new_key_after_sign_in(learner, client):
    client.get(reverse("account_login"))
    client.post(reverse("account_request_login_code"), {"email": learner.email})
    before = client.cookies["session"].value
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})

    assert client.cookies["session"].value != before


def test_a_session_that_was_signed_out_is_dead(learner, monkeypatch):
    client = by_password(learner, monkeypatch)
    stolen = Client()
    stolen.cookies["session"] = client.cookies["session"].value
    assert is_in(stolen)

    client.post(reverse("account_logout"))

    assert not is_in(stolen)


def test_a_person_ends_the_sessions_on_other_machines(learner, monkeypatch):
    own, other = by_password(learner, monkeypatch), by_password(learner, monkeypatch)
    is_in(own), is_in(other)

    own.post(reverse("usersessions_list"))

    assert (is_in(own), is_in(other)) == (True, False)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_gets_in_by_any_way_when_suspended(learner, monkeypatch, way):
    mail.outbox.clear()
    suspend(learner)
    monkeypatch.setattr("tests.doors.ways_in.last_code", lambda: "ABC-DEF")

    assert not is_in(WAYS[way](learner, monkeypatch))


def test_a_code_on_its_way_is_dead_when_the_person_is_suspended(learner, client):
    client.post(reverse("account_request_login_code"), {"email": learner.email})
    code = last_code()
    suspend(learner)

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert "_auth_user_id" not in client.session


def reset_path(person, client) -> str:
    """The path of the link in the mail about a forgotten password."""
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = next(line.strip() for line in mail.outbox[-1].body.splitlines() if "/password/reset/key/" in line)
    return "/" + link.split("/", 3)[3]


def choose_password(client, path) -> None:
    """Follows the link and chooses a new password on the page behind it."""
    page = client.get(path, follow=True)
    target = page.redirect_chain[-1][0] if page.redirect_chain else path
    client.post(target, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_a_link_for_a_new_password_works_once(learner, client):
    path = reset_path(learner, client)
    choose_password(client, path)
    learner.refresh_from_db()
    assert learner.check_password(NEW_PASSWORD)

    type(learner).objects.filter(pk=learner.pk).update(password=make_password(PASSWORD))
    choose_password(Client(), path)

    learner.refresh_from_db()
    assert learner.check_password(PASSWORD)


def test_a_link_for_a_new_password_is_dead_when_the_person_is_suspended(learner, client):
    path = reset_path(learner, client)
    suspend(learner)

    choose_password(client, path)

    learner.refresh_from_db()
    assert (learner.check_password(PASSWORD), "_auth_user_id" in client.session) == (True, False)


def test_no_code_and_no_link_goes_to_the_suspended(learner, client):
    suspend(learner)

    client.post(reverse("account_request_login_code"), {"email": learner.email})
    client.post(reverse("account_reset_password"), {"email": learner.email})

    words = "".join(message.body for message in mail.outbox)
    assert (CODE.search(words), "/password/reset/key/" in words) == (None, False)


@pytest.mark.parametrize("who", ["right", "wrong", "unknown", "without a password", "suspended"])
def test_a_password_is_hashed_once_whoever_asks(learner, client, monkeypatch, who):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *words: hashed.append(1) or encode(*words))
    fields = {"login": learner.email, "password": PASSWORD}
    if who == "without a password":
        User.objects.filter(pk=learner.pk).update(password=make_password(None))
    if who == "suspended":
        suspend(learner)
    if who == "wrong":
        fields["password"] = NEW_PASSWORD
    if who == "unknown":
        fields["login"] = "ukjent@example.org"

    client.post(reverse("account_login"), fields)

    assert (len(hashed), is_in(client)) == (1, who == "right")


def hours(time_machine, client: Client, *pauses: float) -> list[bool]:
    """Whether the person is still in after each pause of so many hours."""
    found = []
    for pause in pauses:
        time_machine.shift(timedelta(hours=pause))
        found.append(is_in(client))
    return found


def test_staff_are_signed_out_after_twelve_idle_hours(editor, monkeypatch, time_machine):
    time_machine.move_to("2026-05-04 08:00", tick=False)
    client = by_password(editor, monkeypatch)

    assert hours(time_machine, client, 0, 11, 11, 11, 12.1) == [True, True, True, True, False]


def test_learners_stay_signed_in_for_weeks(learner, monkeypatch, time_machine):
    time_machine.move_to("2026-05-04 08:00", tick=False)
    client = by_password(learner, monkeypatch)

    assert hours(time_machine, client, 0, 24 * 20) == [True, True]
