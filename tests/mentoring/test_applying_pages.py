import datetime
import re

import pytest
from django.utils import timezone

from mentoring.applications import offer, put_on_waiting_list, refuse
from mentoring.models import Application, LearningGroup
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import facts

SIGN_UP = "/grupper/soknad/"


def told(**changed):
    """What a workplace posts."""
    posted = facts(**changed)
    return posted | {"municipality": posted["municipality"].pk}


def address(package):
    return f"/grupper/soknad/{package.pk}/"


def page_of(application, action=""):
    return f"/grupper/soknader/{application.pk}/{action}"


def errors(response):
    return {name: list(said) for name, said in response.context["form"].errors.items()}


# --- the open packages


def test_everybody_sees_the_packages_that_are_open(client, package):
    page = client.get(SIGN_UP).content.decode()

    assert re.findall(r'<p class="stone-title">(.*?)</p>', page) == [
        *("Første modul", "Første møte", "Andre modul", "Andre møte"),
        *("Refleksjonsnotat", "Kursbevis"),
    ]
    assert address(package) in page


def test_a_package_that_is_not_open_is_not_on_the_page(client, package):
    type(package).objects.update(is_open=False)

    response = client.get(SIGN_UP)

    assert response.context["offers"] == []
    assert "Ingen pakker tar imot søknader akkurat nå." in response.content.decode()


@pytest.mark.parametrize("hidden", [{"is_pilot": True}, {"live": False}])
def test_a_package_of_a_course_that_is_not_public_is_not_told_of(learner_client, package, course, hidden):
    type(course.page).objects.update(**hidden)

    assert learner_client.get(SIGN_UP).context["offers"] == []
    assert learner_client.get(address(package)).status_code == 404


def test_a_package_between_its_rounds_says_when_it_opens(client, package, autumn):
    autumn.opens_on = timezone.localdate() + datetime.timedelta(days=400)
    autumn.save()

    page = client.get(SIGN_UP).content.decode()

    assert f"Søknadene til høsten 2026 åpner {autumn.opens_on.day}." in page
    assert address(package) not in page


def test_a_change_of_packages_is_seen_at_once_by_visitors(client, package):
    assert address(package) in client.get(SIGN_UP).content.decode()

    type(package).objects.update(is_open=False)

    assert address(package) not in client.get(SIGN_UP).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_application_and_for_three(
    learner_client, package, learner, admin, count, django_assert_max_num_queries
):
    for number in range(count):
        Application.objects.create(contact=learner, package=package, **facts(workplace=f"Sted {number}"))
    learner_client.get(SIGN_UP)

    with django_assert_max_num_queries(12):
        assert len(learner_client.get(SIGN_UP).context["applications"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_package_and_for_three(client, package, count, django_assert_num_queries):
    for number in range(count - 1):
        other = type(package).objects.create(name=f"Pakke {number}", is_open=True)
        other.rounds.create(name="høsten", places=1)
        other.steps.create(kind="meeting", minutes=90)
    client.get(SIGN_UP)

    with django_assert_num_queries(4):
        assert len(client.get(SIGN_UP).context["offers"]) == count


# --- applying


def test_applying_begins_with_signing_in_and_comes_back(client, package):
    assert client.get(address(package)).url == f"/konto/login/?next={address(package)}"


def test_the_form_knows_what_the_profile_says(learner_client, learner, package):
    learner.workplace, learner.municipality_id = "Solbakken barnehage", "1103"
    learner.save()

    page = learner_client.get(address(package)).content.decode()

    assert 'value="Solbakken barnehage"' in page
    assert re.findall(r'<option value="(\d+)" selected', page) == ["1103"]
    assert "Det er plass til 12 i en gruppe." in page


def test_a_workplace_applies_and_comes_to_its_application(learner_client, learner, package):
    response = learner_client.post(address(package), told(phone="+47 55 55 01 23"))

    application = Application.objects.get()
    assert (application.contact, application.phone) == (learner, "+47 55 55 01 23")
    assert response.url == page_of(application)
    assert "Senteret har fått søknaden og svarer deg på e-post." in learner_client.get(response.url).content.decode()


def test_posting_twice_leads_to_the_same_application(learner_client, package):
    first, second = (learner_client.post(address(package), told()) for _time in range(2))

    assert (Application.objects.count(), second.url) == (1, first.url)
    assert "Søknaden fra Solbakken barnehage er sendt fra før." in learner_client.get(second.url).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("workplace", "", "Skriv hvor dere arbeider."),
        ("workplace", "\u202e–", "Skriv navnet med bokstaver."),
        ("kind", "", "Velg det som passer best."),
        ("municipality", "", "Velg kommunen."),
        ("expected_size", "", "Skriv et tall. Det er nok med omtrent."),
        ("expected_size", "åtte", "Skriv et helt tall."),
        ("expected_size", "1", "En gruppe er minst to personer. Er du alene, kan du ta nettkurset på egen hånd."),
        ("expected_size", "501", "Det er flere enn en gruppe kan være. Ta kontakt med senteret."),
        ("phone", "ring meg", "Skriv telefonnummeret med tall, for eksempel 55 55 01 23."),
        ("phone", "1" * 16, "Skriv telefonnummeret med tall, for eksempel 55 55 01 23."),
    ],
)
def test_applying_refuses_when_something_is_missing_or_wrong(learner_client, package, field, value, sentence):
    response = learner_client.post(address(package), told(**{}) | {field: value})

    assert (response.status_code, errors(response)) == (422, {field: [sentence]})
    assert Application.objects.count() == 0


def test_what_was_written_stays_when_something_is_wrong(learner_client, package):
    response = learner_client.post(address(package), told(wishes="Gjerne tirsdager.") | {"expected_size": ""})

    assert "Gjerne tirsdager." in response.content.decode()


def test_the_name_of_a_workplace_is_one_line_of_signs_that_can_be_seen(learner_client, package):
    learner_client.post(address(package), told(workplace="Solbakken\n \u202ebarnehage\x00".replace("\x00", "")))

    assert Application.objects.get().workplace == "Solbakken barnehage"


def test_a_larger_group_than_there_is_room_for_is_told_so(learner_client, package):
    response = learner_client.post(address(package), told(expected_size=15), follow=True)

    assert "Dere er 15, og det er plass til 12 i en gruppe." in response.content.decode()


def test_a_workplace_chooses_among_rounds_that_are_open(learner_client, package, autumn, spring):
    assert [name for name in learner_client.get(address(package)).context["form"].fields][0] == "round"

    learner_client.post(address(package), told() | {"round": spring.pk})

    assert Application.objects.get().round == spring


def test_applying_refuses_when_the_round_has_closed_meanwhile(learner_client, package, autumn):
    autumn.closes_on = timezone.localdate() - datetime.timedelta(days=1)
    autumn.save()

    response = learner_client.post(address(package), told())

    assert (response.status_code, errors(response)) == (
        422,
        {"__all__": ["Pakken tar ikke imot søknader akkurat nå."]},
    )


def test_there_is_no_form_for_a_package_that_is_not_open(learner_client, package):
    type(package).objects.update(is_open=False)

    assert learner_client.get(address(package)).status_code == 404
    assert learner_client.post(address(package), told()).status_code == 404


# --- one's application


@pytest.mark.parametrize("action", ["", "endre/", "trekk/"])
def test_an_application_is_for_its_contact_person_alone(application, other_learner, admin, mentor, signed_in, action):
    for person in (other_learner, admin, mentor):
        assert signed_in(person).get(page_of(application, action)).status_code == 404
        assert signed_in(person).post(page_of(application, action), told()).status_code in {404, 405}


def test_the_page_tells_what_happened_and_what_comes_next(application, learner_client, admin, mentor):
    group = offer(application, admin, mentor=mentor, reason="Velkommen.").group

    page = learner_client.get(page_of(application)).content.decode()

    assert f'href="/grupper/{group.pk}/deltakere/"' in page
    assert "Marit Fjellanger er mentoren deres" in page
    assert "Du ser ikke hvor langt de er kommet, hvem som møtte, eller hva de skriver." in page
    assert ("Senteret ga dere plass" in page, "<p>Velkommen.</p>" in page, admin.name in page) == (True, True, False)


def test_the_page_says_where_on_the_waiting_list_they_stand(application, learner_client, other_learner, package, admin):
    second = Application.objects.create(contact=other_learner, package=package, **facts())
    for one in (second, application):
        put_on_waiting_list(one, admin)

    assert "Dere er nummer 1 på ventelisten." in learner_client.get(page_of(application)).content.decode()


def test_the_page_says_why_there_is_no_place(application, learner_client, admin):
    refuse(application, admin, "Dere er utenfor målgruppen.\n<b>Hilsen</b>")

    page = learner_client.get(page_of(application)).content.decode()

    assert "<p>Dere er utenfor målgruppen.<br>&lt;b&gt;Hilsen&lt;/b&gt;</p>" in page
    assert page_of(application, "trekk/") not in page


def test_an_application_is_changed_until_there_is_an_answer(application, learner_client):
    form = learner_client.get(page_of(application, "endre/")).context["form"]
    assert form.initial["workplace"] == "Solbakken barnehage"

    response = learner_client.post(page_of(application, "endre/"), told(expected_size=11))

    application.refresh_from_db()
    assert (response.url, application.expected_size) == (page_of(application), 11)


def test_an_application_is_changed_on_the_waiting_list(application, learner_client, admin):
    put_on_waiting_list(application, admin, "Det er fullt til våren.")
    assert page_of(application, "endre/") in learner_client.get(page_of(application)).content.decode()

    learner_client.post(page_of(application, "endre/"), told(expected_size=11))

    page = learner_client.get(page_of(application)).content.decode()
    happened = re.findall(r"<li><div><p>(.*?)</p>", page)
    assert happened == ["Søknaden ble sendt", "Senteret satte søknaden på venteliste", "Søknaden ble endret"]


def test_the_page_tells_of_a_change_before_any_answer(application, learner_client):
    learner_client.post(page_of(application, "endre/"), told(expected_size=11))

    page = learner_client.get(page_of(application)).content.decode()
    assert re.findall(r"<li><div><p>(.*?)</p>", page) == ["Søknaden ble sendt", "Søknaden ble endret"]


def test_an_application_that_is_answered_leads_back_to_its_page(application, learner_client, admin):
    refuse(application, admin, "Utenfor målgruppen.")

    for action in ("endre/", "trekk/"):
        assert learner_client.post(page_of(application, action), told()).url == page_of(application)


def test_an_application_is_withdrawn_with_a_reason(application, learner_client):
    response = learner_client.post(page_of(application, "trekk/"), {"reason": "Vi får det ikke til."})

    application.refresh_from_db()
    assert (response.url, application.status) == (page_of(application), "withdrawn")


def test_withdrawing_refuses_when_there_is_no_reason(application, learner_client):
    response = learner_client.post(page_of(application, "trekk/"), {"reason": " "})

    assert (response.status_code, errors(response)) == (
        422,
        {"reason": ["Skriv kort hvorfor. Det hjelper senteret å lage bedre tilbud."]},
    )


def test_withdrawing_is_not_offered_when_the_group_has_begun(application, learner_client, admin, mentor):
    offer(application, admin, mentor=mentor)
    LearningGroup.objects.update(status="started", started_at=timezone.now())

    assert page_of(application, "trekk/") not in learner_client.get(page_of(application)).content.decode()
    assert learner_client.get(page_of(application, "trekk/")).url == page_of(application)
