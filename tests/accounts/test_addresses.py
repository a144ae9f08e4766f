"""Several addresses, so that nobody loses their course with a job."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from tests.accounts.conftest import last_code
from tests.people import PASSWORD


@pytest.fixture
def browser(learner, client):
    """Signed in with the password just now, as changing addresses asks for."""
    client.post(reverse("account_login"), {"login": learner.email, "password": PASSWORD})
    return client


def add(browser, email):
    return browser.post(reverse("account_email"), {"action_add": "", "email": email})


def test_another_address_is_ones_own_when_its_code_is_typed(learner, browser):
    add(browser, "Ingrid@privat.example")
    assert EmailAddress.objects.filter(user=learner).count() == 1

    browser.post(reverse("account_email_verification_sent"), {"code": last_code()})

    assert list(EmailAddress.objects.filter(user=learner).order_by("pk").values_list("email", "verified")) == [
        ("learner@example.org", True),
        ("ingrid@privat.example", True),
    ]


def test_one_signs_in_with_each_address(learner, browser, client):
    EmailAddress.objects.create(user=learner, email="ingrid@privat.example", verified=True)
    browser.post(reverse("account_logout"))

    client.post(reverse("account_request_login_code"), {"email": "ingrid@privat.example"})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})

    assert client.session["_auth_user_id"] == str(learner.pk)


def test_the_main_address_can_be_changed_and_the_old_one_removed(learner, browser):
    EmailAddress.objects.create(user=learner, email="ingrid@privat.example", verified=True)

    browser.post(reverse("account_email"), {"action_primary": "", "email": "ingrid@privat.example"})
    browser.post(reverse("account_email"), {"action_remove": "", "email": "learner@example.org"})

    learner.refresh_from_db()
    assert learner.email == "ingrid@privat.example"
    assert list(EmailAddress.objects.filter(user=learner).values_list("email", "primary")) == [
        ("ingrid@privat.example", True)
    ]


def test_adding_an_address_refuses_to_tell_whose_it_is_when_it_is_taken(learner, other_learner, browser):
    answer = add(browser, other_learner.email)

    assert answer.url == reverse("account_email_verification_sent")
    assert mail.outbox[-1].to == [other_learner.email]
    assert EmailAddress.objects.get(email=other_learner.email).user == other_learner


def test_adding_an_address_refuses_ones_own(learner, browser):
    answer = add(browser, learner.email)

    assert answer.context["form"].errors == {"email": ["Denne e-postadressen er allerede din."]}


def test_adding_an_address_refuses_a_sixth(learner, browser):
    for number in range(4):
        EmailAddress.objects.create(user=learner, email=f"nr{number}@example.org", verified=True)

    answer = add(browser, "sjette@example.org")

    assert answer.context["form"].errors == {"email": ["Du kan ha høyst 5 e-postadresser."]}


def test_adding_an_address_refuses_one_that_is_too_long(learner, browser):
    answer = add(browser, "a" * 243 + "@example.org")

    assert list(answer.context["form"].errors) == ["email"]


def test_removing_refuses_the_only_address(learner, browser):
    browser.post(reverse("account_email"), {"action_remove": "", "email": learner.email})

    assert EmailAddress.objects.filter(user=learner).count() == 1
