"""The three ways to sign in, as a browser goes them."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import last_code
from tests.people import PASSWORD


def by_password(person, _monkeypatch) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def by_code(person, _monkeypatch) -> Client:
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": person.email})
    client.post(reverse("account_confirm_login_code"), {"code": last_code()})
    return client


def by_passkey(person, monkeypatch) -> Client:
    """The browser's part, a signature by the key, is taken as good; everything after it is real."""
    client, key = Client(), passkey_of(person)
    monkeypatch.setattr(LoginWebAuthnForm, "clean_credential", lambda _form: key)
    client.post(reverse("mfa_login_webauthn"), {"credential": '{"id": "x"}'})
    return client


def passkey_of(person) -> Authenticator:
    data = {"name": "Nøkkel", "passwordless": True, "credential": {}}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


WAYS: dict[str, Callable[..., Client]] = {"password": by_password, "code": by_code, "passkey": by_passkey}
