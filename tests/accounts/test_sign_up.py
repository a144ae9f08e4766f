"""Signing up: three questions, a code by mail, and nothing told about who is here already."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from tests.accounts.conftest import NEW_PERSON, last_code


def test_sign_up_asks_for_name_address_and_sector_and_offers_the_rest(client, db):
    form = client.get(reverse("account_signup")).context["form"]

    assert list(form.fields) == ["name", "email", "sector", "profession", "municipality", "workplace"]
    assert [name for name, field in form.fields.items() if field.required] == ["name", "email", "sector"]


@pytest.mark.parametrize(("name", "field"), [("account_signup", "email"), ("account_login", "login")])
def test_an_address_is_asked_for_as_one_and_each_attribute_is_there_once(client, db, name, field):
    widget = str(client.get(reverse(name)).context["form"][field])

    assert re.findall(r' (\w+)="', widget).count("type") == 1
    assert ' type="email"' in widget


def test_sign_up_helps_browsers_to_fill_in(client, db):
    fields = client.get(reverse("account_signup")).context["form"].fields

    tokens = {name: field.widget.attrs.get("autocomplete") for name, field in fields.items()}
    assert tokens == {
        "name": "name",
        "email": "email",
        "sector": None,
        "profession": None,
        "municipality": None,
        "workplace": "organization",
    }


def test_sign_up_lists_municipalities_by_county_in_norwegian_order(client, db):
    groups = list(client.get(reverse("account_signup")).context["form"].fields["municipality"].choices)

    assert groups[0] == ("", "Velg kommune")
    assert [county for county, _places in groups[1:]][:3] == ["Agder", "Akershus", "Buskerud"]
    assert [county for county, _places in groups[1:]][-2:] == ["Vestland", "Østfold"]
    assert sum(len(places) for _county, places in groups[1:]) == 357
    rogaland = [str(label) for _value, label in dict(groups[1:])["Rogaland"]]
    assert rogaland == sorted(rogaland)


def test_a_new_person_is_in_with_the_code_from_the_mail(client, sign_up, confirm, db):
    answer = sign_up(profession="nurse", municipality="1103", workplace="  Solsikken   barnehage ")
    assert answer.url == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session

    answer = confirm(last_code())

    person = User.objects.get()
    assert answer.url == reverse("my_page")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert (person.name, person.email, person.sector) == ("Åse Bjørg Tjøme", "aase@example.org", "kindergarten")
    assert (person.profession, person.municipality.name, person.workplace) == (
        "nurse",
        "Stavanger",
        "Solsikken barnehage",
    )
    assert (person.is_staff, person.is_superuser, person.has_usable_password()) == (False, False, False)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("aase@example.org", True, True)]


def test_a_new_person_goes_on_to_where_they_came_from(client, confirm, db):
    client.post(reverse("account_signup"), NEW_PERSON | {"next": "/kurs/lite-kurs/"})

    assert confirm(last_code()).url == "/kurs/lite-kurs/"


def test_sign_up_takes_nothing_but_its_own_fields(sign_up, db):
    sign_up(is_staff="on", is_superuser="on", public_id="0" * 32, groups="1")

    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.groups.count()) == (False, False, 0)


def _without_tokens(page: bytes) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", page.decode())


def test_sign_up_says_the_same_of_a_known_address_as_of_an_unknown_one(learner, django_user_model, client):
    unknown, known = type(client)(), type(client)()
    pages = []
    for browser, email in ((unknown, "learnet@example.org"), (known, "learner@example.org")):
        answer = browser.post(reverse("account_signup"), NEW_PERSON | {"email": email})
        page = browser.get(answer.url)
        pages.append((answer.status_code, answer.url, _without_tokens(page.content).replace(email, "ADDRESS")))

    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [["learnet@example.org"], ["learner@example.org"]]
    assert mail.outbox[0].subject != mail.outbox[1].subject
    assert User.objects.filter(email="learner@example.org").get().name == learner.name


def test_sign_up_knows_an_address_in_capitals(learner, sign_up):
    sign_up(email="LEARNER@Example.ORG")

    assert User.objects.count() == 1


def test_sign_up_says_the_same_when_somebody_was_quicker(learner, sign_up, monkeypatch):
    monkeypatch.setattr("lms.accounts.forms.SignupForm.validate_unique_email", lambda form, value: value)

    answer = sign_up(email=learner.email)

    assert answer.url == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


def test_sign_up_refuses_a_wrong_code_and_lets_one_try_again(client, sign_up, confirm, db):
    sign_up()

    answer = confirm("XXX-XXX")

    assert answer.status_code == 200
    assert answer.context["form"].errors == {
        "code": ["Koden er ikke riktig. Se etter i e-posten, eller be om en ny kode."]
    }
    assert confirm(last_code()).url == reverse("my_page")


def test_sign_up_refuses_the_right_code_after_five_wrong_ones(client, sign_up, confirm, db):
    sign_up()
    code = last_code()
    for _try in range(5):
        confirm("XXX-XXX")

    confirm(code)

    assert "_auth_user_id" not in client.session
    assert EmailAddress.objects.filter(verified=True).count() == 0


def test_sign_up_refuses_a_code_older_than_a_quarter_of_an_hour(client, sign_up, confirm, db):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_up()
        clock.shift(15 * 60 + 1)

        confirm(last_code())

    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Skriv navnet ditt."),
        ("name", "   ", "Skriv navnet ditt."),
        ("name", "123", "Skriv navnet ditt med bokstaver."),
        ("name", "\u202e\u200b", "Skriv navnet ditt med bokstaver."),
        ("email", "", "Skriv e-postadressen din."),
        ("sector", "", "Velg den sektoren som passer best."),
    ],
)
def test_sign_up_refuses_what_is_not_filled_in_and_says_how_to_mend_it(sign_up, db, field, value, sentence):
    answer = sign_up(**{field: value})

    assert answer.context["form"].errors == {field: [sentence]}
    assert User.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Å" * 121),
        ("email", "a" * 243 + "@example.org"),
        ("email", "ikke en adresse"),
        ("sector", "finnes-ikke"),
        ("profession", "finnes-ikke"),
        ("municipality", "9999"),
        ("workplace", "x" * 121),
    ],
)
def test_sign_up_refuses_what_the_database_has_no_room_for(sign_up, db, field, value):
    answer = sign_up(**{field: value})

    assert list(answer.context["form"].errors) == [field]
    assert User.objects.count() == 0


def test_sign_up_keeps_what_was_typed_when_something_is_wrong(sign_up, db):
    answer = sign_up(email="feil", workplace="Solsikken", municipality="1103", profession="nurse")

    form = answer.context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert typed == {
        "name": "Åse Bjørg Tjøme",
        "email": "feil",
        "sector": "kindergarten",
        "profession": "nurse",
        "municipality": "1103",
        "workplace": "Solsikken",
    }
    assert 'value="Solsikken"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Kari   Nordmann ", "Kari Nordmann"),
        ("Kari\r\nBcc: alle@example.org", "Kari Bcc: alle@example.org"),
        ("Kari\u202eNordmann\x07", "KariNordmann"),
        ("A\u030ase", "Åse"),
        ("Máret Ánne Čáhppe-Đorre", "Máret Ánne Čáhppe-Đorre"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_sign_up_tidies_a_name(sign_up, db, typed, kept):
    sign_up(name=typed)

    assert User.objects.get().name == kept


def test_signing_in_by_code_says_the_same_of_a_known_and_an_unknown_address(learner, client):
    answers = []
    for email in ("learner@example.org", "nobody@example.org"):
        answer = type(client)().post(reverse("account_request_login_code"), {"email": email})
        answers.append((answer.status_code, answer.url))

    assert answers[0] == answers[1] == (302, reverse("account_confirm_login_code"))


def test_a_mailed_code_signs_in(learner, client):
    client.post(reverse("account_request_login_code"), {"email": "learner@example.org"})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})

    assert client.session["_auth_user_id"] == str(learner.pk)


def test_a_closed_account_is_out_at_once(learner, learner_client):
    assert learner_client.get(reverse("account")).status_code == 200

    User.objects.filter(pk=learner.pk).update(is_active=False)

    assert learner_client.get(reverse("account")).status_code == 302
