"""Min konto: what one sees and changes of oneself."""

import datetime

from django.urls import reverse

from lms.accounts.models import Municipality

PROFILE = {"name": "Ingrid Solheim", "sector": "kindergarten"}


def test_my_account_shows_what_is_stored(learner, learner_client):
    form = learner_client.get(reverse("account")).context["form"]

    assert {name: form[name].value() for name in form.fields} == {
        "name": "Ingrid Solheim",
        "sector": "kindergarten",
        "profession": "",
        "municipality": None,
        "workplace": "",
    }


def test_my_account_stores_what_is_changed(learner, learner_client):
    changed = PROFILE | {"sector": "relative", "profession": "relative", "municipality": "0301", "workplace": "Ingen"}

    answer = learner_client.post(reverse("account"), changed)

    learner.refresh_from_db()
    assert answer.url == reverse("account")
    assert (learner.sector, learner.profession, learner.municipality_id, learner.workplace) == (
        "relative",
        "relative",
        "0301",
        "Ingen",
    )


def test_my_account_changes_nothing_but_the_profile(learner, learner_client):
    learner_client.post(reverse("account"), PROFILE | {"email": "ny@example.org", "is_staff": "on", "pk": "999"})

    learner.refresh_from_db()
    assert (learner.email, learner.is_staff) == ("learner@example.org", False)


def test_my_account_keeps_a_municipality_that_has_ended(learner, learner_client):
    ended = Municipality.objects.get(number="1103")
    ended.valid_to = datetime.date(2025, 12, 31)
    ended.save()
    learner.municipality = ended
    learner.save()

    learner_client.post(reverse("account"), PROFILE | {"municipality": "1103"})

    learner.refresh_from_db()
    assert learner.municipality_id == "1103"


def test_my_account_refuses_a_municipality_that_has_ended_when_it_is_not_ones_own(learner, learner_client):
    Municipality.objects.filter(number="1103").update(valid_to=datetime.date(2025, 12, 31))

    answer = learner_client.post(reverse("account"), PROFILE | {"municipality": "1103"})

    assert list(answer.context["form"].errors) == ["municipality"]


def test_my_account_refuses_an_empty_name_and_keeps_the_rest_as_typed(learner, learner_client):
    answer = learner_client.post(reverse("account"), PROFILE | {"name": "", "workplace": "Solsikken"})

    form = answer.context["form"]
    assert form.errors == {"name": ["Skriv navnet ditt."]}
    assert form["workplace"].value() == "Solsikken"
    learner.refresh_from_db()
    assert (learner.name, learner.workplace) == ("Ingrid Solheim", "")


def test_my_account_refuses_whoever_is_not_signed_in(client, db):
    for name in ("account", "name_changed", "erase_account"):
        assert client.get(reverse(name)).url == f"{reverse('account_login')}?next={reverse(name)}"
    assert client.post(reverse("export_data")).url == f"{reverse('account_login')}?next={reverse('export_data')}"
