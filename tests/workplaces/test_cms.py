"""Workplaces and leaders in /cms/: what administrators write, what is refused, and that employees are not there."""

import pytest
from django.core import mail
from django.urls import reverse

from lms.workplaces.models import Leadership, Workplace
from tests.workplaces.ground import a_leader, a_workplace, sharing_employee

LIST, ADD, EDIT, DELETE = (f"wagtailsnippets_workplaces_workplace:{name}" for name in ("list", "add", "edit", "delete"))
LEADERS = "wagtailsnippets_workplaces_leadership:{}"
NEW = {
    "name": "Bjørkelia avlastning",
    "organisation_number": "974 760 673",
    "municipality": "1103",
    "sector": "respite",
    "contact_email": "post@bjorkelia.example.org",
}


@pytest.fixture
def cms(admin, signed_in):
    return signed_in(admin)


def test_an_administrator_writes_a_workplace(cms):
    answer = cms.post(reverse(ADD), NEW)

    assert answer.status_code == 302, answer.content.decode()
    workplace = Workplace.objects.get()
    assert (workplace.name, workplace.organisation_number, workplace.sector) == (
        "Bjørkelia avlastning",
        "974760673",
        "respite",
    )
    assert workplace.municipality.name == "Stavanger"
    assert "974\u00a0760\u00a0673" in cms.get(reverse(LIST)).content.decode()


def test_only_a_name_and_an_address_are_needed(cms):
    cms.post(reverse(ADD), {"name": "Liten", "contact_email": "post@liten.example.org"})
    cms.post(reverse(ADD), {"name": "Liten to", "contact_email": "post@liten.example.org"})

    assert Workplace.objects.filter(organisation_number="").count() == 2


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"organisation_number": "974760674"}, "Sifrene i organisasjonsnummeret stemmer ikke med hverandre."),
        ({"organisation_number": "1234"}, "Et organisasjonsnummer har ni sifre."),
        ({"contact_email": "ikke en adresse"}, "e-postadresse"),
        ({"municipality": "9999"}, "Velg noe fra listen."),
        ({"sector": "annet"}, "Velg et gyldig valg"),
    ],
)
def test_a_workplace_is_refused_with_a_sentence(cms, changed, sentence):
    answer = cms.post(reverse(ADD), NEW | changed)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Workplace.objects.count() == 0


def test_a_number_is_one_workplaces(cms):
    a_workplace(organisation_number="974760673")

    answer = cms.post(reverse(ADD), NEW)

    assert "Det finnes en arbeidsplass med dette organisasjonsnummeret." in answer.content.decode()
    assert Workplace.objects.count() == 1


def test_the_form_says_that_nobody_asks_the_register(cms):
    assert "Vi slår ikke opp i Enhetsregisteret" in cms.get(reverse(ADD)).content.decode()


def test_a_leader_is_given_and_the_workplace_is_asked(cms, leader, admin):
    workplace = a_workplace()

    answer = cms.post(
        reverse(LEADERS.format("add")), {"workplace": workplace.pk, "person": "LEDER@example.org ", "confirm_email": ""}
    )

    assert answer.status_code == 302, answer.content.decode()
    leadership = Leadership.objects.get()
    assert (leadership.person, leadership.given_by, leadership.confirmed_at) == (leader, admin, None)
    assert mail.outbox[0].to == ["post@solbakken.example.org"]


@pytest.mark.parametrize(
    ("person", "confirm_email", "sentence"),
    [
        ("ukjent@example.org", "", "Vi finner ingen med denne adressen."),
        ("leder@example.org", "Leder@Example.org", "Dette er lederens egen adresse."),
    ],
)
def test_a_leader_is_refused_with_a_sentence(cms, leader, person, confirm_email, sentence):
    workplace = a_workplace()

    answer = cms.post(
        reverse(LEADERS.format("add")), {"workplace": workplace.pk, "person": person, "confirm_email": confirm_email}
    )

    assert sentence in answer.content.decode()
    assert Leadership.objects.count() == 0


def test_a_leader_is_given_once(cms, place):
    form = {"workplace": place.pk, "person": "leder@example.org", "confirm_email": ""}

    assert "allerede registrert som leder" in cms.post(reverse(LEADERS.format("add")), form).content.decode()


def test_a_leader_is_ended_after_a_question(cms, place, admin):
    leadership = place.leaderships.get()
    address = reverse(LEADERS.format("end"), args=[leadership.pk])

    assert "ser ikke lenger noe om de ansatte" in cms.get(address).content.decode()
    leadership.refresh_from_db()
    assert leadership.ended_at is None
    for _time in range(2):
        cms.post(address)

    leadership.refresh_from_db()
    assert leadership.ended_by == admin
    inspected = cms.get(reverse(LEADERS.format("inspect"), args=[leadership.pk])).content.decode()
    assert "Avslutt</a>" not in inspected


def test_the_workplace_is_asked_again_at_most_once_a_day(cms, leader, admin):
    leadership = a_leader(a_workplace(), leader, admin, confirmed=False)

    cms.post(reverse(LEADERS.format("ask"), args=[leadership.pk]))

    assert len(mail.outbox) == 1


def test_a_leadership_is_neither_edited_nor_deleted(cms, place):
    leadership = place.leaderships.get()

    for name in ("edit", "delete"):
        answer = cms.post(reverse(LEADERS.format(name), args=[leadership.pk]), {"person": "admin@example.org"})
        assert answer.status_code in (302, 404)
    assert Leadership.objects.get() == leadership
    assert Leadership.objects.get().ended_at is None


def test_a_workplace_in_use_is_not_deleted_and_an_unused_one_is(cms, place):
    unused = a_workplace("Ubrukt")

    cms.post(reverse(DELETE, args=[place.pk]))
    cms.post(reverse(DELETE, args=[unused.pk]))

    assert list(Workplace.objects.all()) == [place]


def test_employees_are_not_in_the_cms(cms, place, leader, learner):
    sharing_employee(place, leader, learner)

    content = "".join(
        cms.get(address).content.decode()
        for address in (
            reverse(LIST),
            reverse(EDIT, args=[place.pk]),
            reverse(LEADERS.format("list")),
            reverse(LEADERS.format("inspect"), args=[place.leaderships.get().pk]),
        )
    )

    assert "1 ansatt står på listen." in content
    assert "Ingrid Solheim" not in content and "learner@example.org" not in content


def test_editors_find_no_workplaces(editor, signed_in, place):
    client = signed_in(editor)

    for address in (
        reverse(LIST),
        reverse(ADD),
        reverse(LEADERS.format("list")),
        reverse(LEADERS.format("end"), args=[1]),
    ):
        assert client.get(address).status_code == 302
    assert "Arbeidsplasser" not in client.get("/cms/").content.decode()


def test_the_name_of_a_workplace_is_one_line(cms):
    cms.post(reverse(ADD), NEW | {"name": "Sol\r\nBcc: x@example.org"})

    assert Workplace.objects.get().name == "Sol Bcc: x@example.org"
