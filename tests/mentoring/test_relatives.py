"""A package for parents asks parents what they can answer, and their groups are counted as theirs (R024)."""

import csv
import io
from importlib import import_module

import pytest
from django.apps import apps

from mentoring.applications import offer
from mentoring.models import Application, LearningGroup, Package
from mentoring.ready import create_from_template
from tests.groups_ground import small_group
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import facts


@pytest.fixture
def parents(db):
    return create_from_template("parents")


@pytest.fixture
def told():
    """What a parent posts."""
    return {"workplace": "Foreldre i Fjellro", "municipality": "1103", "expected_size": 10, "phone": "", "wishes": ""}


@pytest.fixture
def sent(parents, learner_client, told):
    learner_client.post(f"/grupper/soknad/{parents.pk}/", told)
    return Application.objects.get()


def test_parents_are_not_asked_for_a_workplace_or_a_kind(parents, learner, learner_client):
    learner.workplace = "Solbakken barnehage"
    learner.save()

    response = learner_client.get(f"/grupper/soknad/{parents.pk}/")

    form, page = response.context["form"], response.content.decode()
    assert list(form.fields) == ["workplace", "municipality", "expected_size", "phone", "wishes"]
    assert (form["workplace"].label, form["municipality"].help_text) == (
        "Hva skal gruppen hete?",
        "Der de fleste av dere bor.",
    )
    for words in ("Solbakken barnehage", "rbeidssted", "rbeidsplass", "nsatte"):
        assert words not in page
    assert "<title>Søk for gruppen – Refleks</title>" in page


def test_the_application_of_parents_is_of_their_kind(sent, learner_client):
    assert (sent.kind, sent.workplace) == ("relatives", "Foreldre i Fjellro")

    page = learner_client.get(f"/grupper/soknader/{sent.pk}/").content.decode()
    assert "<dt>Gruppens navn</dt><dd>Foreldre i Fjellro</dd>" in page
    assert "<dd>foreldre og pårørende</dd>" in page


def test_parents_change_their_application(sent, learner_client, told):
    learner_client.post(f"/grupper/soknader/{sent.pk}/endre/", told | {"expected_size": 12})

    sent.refresh_from_db()
    assert (sent.expected_size, sent.kind) == (12, "relatives")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("workplace", "", "Skriv hva gruppen skal hete."),
        ("expected_size", "1", "En gruppe er minst to personer."),
    ],
)
def test_applying_refuses_in_words_for_parents(parents, learner_client, told, field, value, sentence):
    response = learner_client.post(f"/grupper/soknad/{parents.pk}/", told | {field: value})

    assert (response.status_code, dict(response.context["form"].errors)) == (422, {field: [sentence]})


def test_the_group_that_comes_of_it_has_no_workplace(sent, admin):
    group = offer(sent, admin).group

    assert (group.name, group.kind, group.workplace) == ("Foreldre i Fjellro", "relatives", "")


def test_each_package_is_applied_for_in_its_own_words(parents, package, client):
    page = client.get("/grupper/soknad/").content.decode()

    assert 'Søk for gruppen<span class="ds-sr-only">: Foreldrekurs</span>' in page
    assert 'Søk for arbeidsplassen<span class="ds-sr-only">: Liten pakke</span>' in page


def test_a_package_for_staff_is_not_for_a_group_of_parents(package, learner_client, told):
    response = learner_client.post(f"/grupper/soknad/{package.pk}/", told | {"kind": "relatives"})

    assert [value for value, _label in response.context["form"].fields["kind"].choices] == [
        *("institution", "cross_sector", "profession"),
    ]
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["kind"])


def test_administrators_see_the_kind_and_the_name(sent, admin, signed_in):
    page = signed_in(admin).get(f"/cms/applications/inspect/{sent.pk}/").content.decode()

    assert "<dt>Gruppens navn</dt><dd>Foreldre i Fjellro, Stavanger</dd>" in page
    assert "<dd>foreldre og pårørende, omtrent 10</dd>" in page


def test_the_numbers_can_be_of_groups_of_parents_alone(course, mentor, admin, signed_in):
    small_group(course.page, mentor)
    small_group(course.page, mentor, name="Foreldre", kind="relatives")
    browser = signed_in(admin)

    page = browser.get("/rapporter/?gruppetype=relatives")

    assert "Hva slags gruppe: foreldre og pårørende" in page.content.decode()
    started = {
        kind: [
            row
            for row in csv.reader(io.StringIO(browser.get(f"/rapporter/tall.csv?gruppetype={kind}").content.decode()))
            if any("rupper" in cell for cell in row)
        ]
        for kind in ("relatives", "institution", "profession")
    }
    assert started["relatives"] == started["institution"] != started["profession"]


@pytest.mark.parametrize(("name", "becomes"), [("Foreldrekurs", "relatives"), ("Kurs for assistenter", "staff")])
def test_the_ready_package_from_before_is_known_again(parents, name, becomes):
    Package.objects.update(name=name, audience="staff")

    import_module("mentoring.migrations.0012_groups_of_relatives").say_whom_it_is_for(apps, None)

    assert Package.objects.get().audience == becomes


def test_a_kind_is_stored_for_every_group(package, learner, admin):
    application = Application.objects.create(contact=learner, package=package, **facts(kind="cross_sector"))

    offer(application, admin)

    assert LearningGroup.objects.get().get_kind_display() == "på tvers av tjenester"
