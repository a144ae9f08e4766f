"""Who leads a workplace: asked for by an administrator, confirmed by the workplace, ended at once."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from lms.workplaces import access, leading
from lms.workplaces.models import Leadership
from tests.workplaces.ground import a_leader, a_workplace


@pytest.fixture
def waiting(leader, admin):
    return a_leader(a_workplace(), leader, admin, confirmed=False)


def answer_page(leadership) -> str:
    return reverse("confirm_leader", args=[leadership.token])


def test_the_workplace_is_asked_and_until_then_the_leader_sees_nothing(waiting, leader, signed_in):
    assert [letter.to for letter in mail.outbox] == [["post@solbakken.example.org"]]
    assert answer_page(waiting) in mail.outbox[0].body
    assert list(access.led_workplaces(leader)) == []
    assert signed_in(leader).get(reverse("workplace", args=[waiting.workplace_id])).status_code == 404


def test_a_yes_of_the_workplace_opens_the_page_and_tells_the_leader(waiting, leader, client, signed_in):
    assert client.get(answer_page(waiting)).status_code == 200
    assert list(access.led_workplaces(leader)) == []

    assert client.post(answer_page(waiting), {"answer": "yes"}).url == answer_page(waiting)

    assert [workplace.name for workplace in access.led_workplaces(leader)] == ["Solbakken barnehage"]
    assert mail.outbox[-1].to == [leader.email]
    assert signed_in(leader).get(reverse("workplace", args=[waiting.workplace_id])).status_code == 200
    assert "Eli Sandvik er bekreftet" in client.get(answer_page(waiting)).content.decode()


def test_a_yes_twice_tells_once(waiting, client):
    for _time in range(2):
        client.post(answer_page(waiting), {"answer": "yes"})

    assert [letter.subject for letter in mail.outbox[1:]] == ["Du kan nå be ansatte ta kurs"]
    assert waiting.workplace.events.filter(kind="leader_confirmed").count() == 1


def test_a_no_ends_it_and_tells_who_gave_it(waiting, leader, admin, client):
    client.post(answer_page(waiting), {"answer": "no"})

    waiting.refresh_from_db()
    assert waiting.refused_at == waiting.ended_at is not None
    assert mail.outbox[-1].to == [admin.email]
    assert client.post(answer_page(waiting), {"answer": "yes"}).status_code == 404
    assert list(access.led_workplaces(leader)) == []


def test_a_workplace_that_said_yes_can_say_no_later(waiting, leader, client):
    client.post(answer_page(waiting), {"answer": "yes"})
    client.post(answer_page(waiting), {"answer": "no"})

    assert list(access.led_workplaces(leader)) == []


def test_an_answer_that_is_none_changes_nothing(waiting, client):
    client.post(answer_page(waiting), {"answer": "kanskje"})

    waiting.refresh_from_db()
    assert (waiting.confirmed_at, waiting.ended_at) == (None, None)


def test_ending_takes_effect_with_the_next_request(place, leader, admin, signed_in):
    client = signed_in(leader)
    address = reverse("workplace", args=[place.pk])
    assert client.get(address).status_code == 200

    leading.end_leadership(place.leaderships.get(), admin)
    leading.end_leadership(place.leaderships.get(), admin)

    assert client.get(address).status_code == 404
    assert place.events.filter(kind="leader_ended").count() == 1


def test_one_who_was_ended_can_be_given_the_role_again_and_is_asked_for_anew(place, leader, admin):
    leading.end_leadership(place.leaderships.get(), admin)

    again = a_leader(place, leader, admin, confirmed=False)

    assert again.confirmed_at is None
    assert list(access.led_workplaces(leader)) == []


def test_giving_the_role_twice_makes_one_and_asks_once(waiting, leader, admin):
    again = leading.give_leadership(waiting.workplace, leader, "en.annen@example.org", by=admin)

    assert again == waiting
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("address", ["leder@example.org", "LEDER@example.org", "privat@example.org"])
def test_the_role_refuses_when_the_leader_would_confirm_themselves_by_mail(leader, admin, address):
    EmailAddress.objects.create(user=leader, email="privat@example.org", verified=False)

    with pytest.raises(ValidationError) as refusal:
        leading.give_leadership(a_workplace(), leader, address, by=admin)

    assert refusal.value.messages == ["Dette er lederens egen adresse. Spør en annen på arbeidsplassen."]
    assert Leadership.objects.count() == 0


def test_the_page_refuses_when_the_leader_answers_for_the_workplace(waiting, leader, signed_in):
    client = signed_in(leader)

    assert "Du kan ikke bekrefte deg selv." in client.get(answer_page(waiting)).content.decode()
    client.post(answer_page(waiting), {"answer": "yes"})

    waiting.refresh_from_db()
    assert waiting.confirmed_at is None


def test_the_role_refuses_when_the_account_is_shut(leader, admin):
    leader.is_active = False
    leader.save()

    with pytest.raises(ValidationError) as refusal:
        leading.give_leadership(a_workplace(), leader, "post@example.org", by=admin)

    assert refusal.value.messages == ["Denne kontoen er stengt."]


def test_a_question_runs_out_after_a_month_and_can_be_asked_again(waiting, client):
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert client.get(answer_page(waiting)).status_code == 404

        assert leading.ask_again(waiting)
        assert not leading.ask_again(waiting)

        assert client.get(answer_page(waiting)).status_code == 200
        assert len(mail.outbox) == 2


def test_asking_again_refuses_when_it_is_answered(place):
    with pytest.raises(ValidationError) as refusal:
        leading.ask_again(place.leaderships.get())

    assert refusal.value.messages == ["Arbeidsplassen har svart."]
