"""The employee's pages: the answer to the invitation, what is shared now, and ceasing to share."""

import pytest
from django.test import Client
from django.urls import reverse

from lms.workplaces import sharing
from lms.workplaces.models import Consent, Employee, Workplace
from tests.workplaces.ground import begin, invite, page


def said(client) -> str:
    """What the next page says about what was done."""
    return client.get("/arbeidsplass/deling/").content.decode()


def answer(client, employee, what):
    return client.post(reverse("answer_workplace", args=[employee.token]), {"answer": what})


def test_the_invitation_says_who_asks_what_is_shared_and_what_never(place, leader, client):
    employee = invite(place, leader)

    content = page(client, "answer_workplace", employee.token)

    for words in ("Eli Sandvik", "Lite kurs", "Dette deles aldri:", "Lag konto", "Nei, ikke del", "Frist "):
        assert words in content
    assert Consent.objects.count() == 0
    assert client.get(reverse("answer_workplace", args=[employee.token]))["Cache-Control"].count("no-store") == 1


def test_one_without_an_account_comes_back_after_signing_up(place, leader, client):
    employee = invite(place, leader)
    path = reverse("answer_workplace", args=[employee.token])

    assert f"/konto/signup/?next={path}" in page(client, "answer_workplace", employee.token)
    assert answer(client, employee, "enrol_share").url == f"/konto/login/?next={path}"
    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("what", "enrolled", "shares"),
    [("enrol_share", 1, True), ("enrol", 1, False), ("share", 0, True), ("no", 0, False)],
)
def test_each_button_does_what_it_says(place, leader, learner, learner_client, what, enrolled, shares):
    employee = invite(place, leader)

    for _time in range(2):
        assert answer(learner_client, employee, what).url == "/arbeidsplass/deling/"

    assert learner.enrolments.count() == enrolled
    assert Consent.objects.filter(person=learner, withdrawn_at=None).exists() is shares
    assert Consent.objects.count() == int(shares)


def test_a_no_without_signing_in_is_kept_and_can_be_changed(place, leader, led, client, learner_client):
    employee = invite(place, leader)

    answer(client, employee, "no")

    assert "deler ikke" in page(led, "workplace", place.pk)
    assert "Du har svart nei." in page(client, "answer_workplace", employee.token)
    answer(learner_client, employee, "share")
    assert "ikke begynt" in page(led, "workplace", place.pk)


def test_an_answered_invitation_is_of_no_use_to_others(
    place, leader, learner, learner_client, other_learner, signed_in, client
):
    employee = invite(place, leader)
    answer(learner_client, employee, "share")
    path = reverse("answer_workplace", args=[employee.token])

    for other in (client, signed_in(other_learner)):
        found = other.get(path)
        assert found.status_code == 410
        assert "Solbakken" not in found.content.decode().split("</main>")[0].split("<main")[1]
        assert other.post(path, {"answer": "no"}).status_code == 410
    assert Consent.objects.filter(withdrawn_at=None).count() == 1


def test_who_signs_up_to_answer_finds_name_and_address_there_until_it_is_answered(
    place, leader, client, learner_client
):
    employee = invite(place, leader)
    path = reverse("answer_workplace", args=[employee.token])

    form = client.get(reverse("account_signup"), {"next": path}).context["form"]
    assert (form["name"].value(), form["email"].value()) == ("Kari Ås", "kari@example.org")

    answer(learner_client, employee, "share")
    form = client.get(reverse("account_signup"), {"next": path}).context["form"]
    assert (form["name"].value(), form["email"].value()) == (None, None)


def test_an_invitation_is_dead_when_one_is_taken_off_or_it_is_none(place, leader, client):
    employee = invite(place, leader)
    sharing.remove(employee, leader)

    assert client.get(reverse("answer_workplace", args=[employee.token])).status_code == 410
    assert client.get(reverse("answer_workplace", args=["finnes-ikke"])).status_code == 404
    assert client.get("/arbeidsplass/svar/a%00b/").status_code == 404


def test_ceasing_to_share_takes_effect_with_the_leaders_next_request(
    place, employee, led, learner_client, learner, course
):
    begin(learner, course, 4)
    assert "fullført" in page(led, "workplace", place.pk).split('id="ansatte"')[1]

    learner_client.post(reverse("change_sharing", args=[employee.pk]), {"do": "stop"})

    content = page(led, "workplace", place.pk).split('id="ansatte"')[1]
    assert "deler ikke" in content and "fullført" not in content
    assert "deler ikke" in led.get(reverse("employee_list_csv", args=[place.pk])).content.decode()
    assert "Det du har delt før" in page(learner_client, "my_workplaces")


def test_an_employee_sees_what_the_leader_sees(employee, learner_client, learner, course):
    begin(learner, course, 1)

    content = page(learner_client, "my_workplaces")

    assert "Dette ser Eli Sandvik:" in content and "i gang" in content
    assert "Solbakken barnehage" in page(learner_client, "account")
    assert "Solbakken barnehage" in page(learner_client, "my_page")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("share", "ser nå om du har begynt og fullført."),
        ("stop", "ser ikke lenger noe om kursene dine."),
        ("enrol", "Du er påmeldt."),
        ("quiet", "Påminnelsene er stoppet."),
        ("remind", "Du får påminnelser igjen."),
        ("leave", "Du er tatt av listen"),
        ("hack", "Dette valget finnes ikke."),
    ],
)
def test_each_change_is_said(employee, learner_client, what, words):
    assert (
        learner_client.post(reverse("change_sharing", args=[employee.pk]), {"do": what}).url == "/arbeidsplass/deling/"
    )
    assert words in said(learner_client)


def test_nobody_changes_what_another_shares(employee, other_learner, leader, signed_in):
    for person in (other_learner, leader):
        client = signed_in(person)
        assert client.post(reverse("change_sharing", args=[employee.pk]), {"do": "stop"}).status_code == 404
        assert client.get(reverse("change_sharing", args=[employee.pk])).status_code == 404
    assert Consent.objects.filter(withdrawn_at=None).count() == 1


def test_the_posts_want_a_form_of_ours(place, leader, learner):
    strict = Client(enforce_csrf_checks=True)
    employee = invite(place, leader)

    assert strict.post(reverse("answer_workplace", args=[employee.token]), {"answer": "no"}).status_code == 403
    assert Employee.objects.get().declined_at is None


def test_workplaces_have_no_page_that_is_kept_for_visitors(place, client):
    employee_page = client.get("/arbeidsplass/deling/")

    assert employee_page.status_code == 302
    assert Workplace.objects.count() == 1
