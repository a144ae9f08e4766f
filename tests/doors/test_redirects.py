"""No address of ours sends anybody elsewhere, however it is asked (S22): every `next`, in real answers."""

import re
from urllib.parse import quote, urljoin, urlsplit

import html5lib
import pytest
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django.core.cache import caches
from django.test import Client

from tests.accounts.conftest import NEW_PERSON, last_code
from tests.accounts.test_adapter import HIDDEN, OUT
from tests.doors.ways_in import passkey_of
from tests.people import PASSWORD

PAYLOADS = OUT + HIDDEN
HOME = "http://testserver/"
PASSWORD_PAGE = "/konto/login/"


def leaves(url: str) -> bool:
    """Whether a browser that is sent to `url` ends up on another site, or runs something."""
    # Browsers drop control characters at the ends, tabs and line breaks anywhere, and read \ as /.
    as_read = re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
    if re.match(r"https?:/*[^/]", as_read, re.IGNORECASE):
        as_read = re.sub(r"^(https?):/*", r"\1://", as_read, flags=re.IGNORECASE)
    parts = urlsplit(urljoin(HOME, as_read))
    return (parts.scheme, parts.netloc) != ("http", "testserver")


@pytest.mark.parametrize(
    "outside", ["//evil.example", "/\\evil.example", "https:evil.example", "\t//evil.example", "javascript:x"]
)
def test_the_judge_knows_what_leaves(outside):
    assert leaves(outside)


@pytest.mark.parametrize("inside", ["/min-side/", "/konto/login/?next=//evil.example", "?side=2", "#sjekk"])
def test_the_judge_knows_what_stays(inside):
    assert not leaves(inside)


def leaks(ask) -> list[str]:
    """The payloads for which `ask(payload)` answers with a way out, in its Location or in a link of the page."""
    bad = []
    for payload in PAYLOADS:
        caches["default"].clear()
        answer = ask(payload)
        assert answer.status_code < 500
        targets = [answer["Location"]] if answer.has_header("Location") else _ways_out_of(answer)
        if any(leaves(target) for target in targets):
            bad.append(payload)
    return bad


def _ways_out_of(answer) -> list[str]:
    if not answer.get("Content-Type", "").startswith("text/html"):
        return []
    page = html5lib.parse(answer.content.decode(), namespaceHTMLElements=False)
    links = [
        element.get(name) for element in page.iter() for name in ("href", "action", "formaction") if element.get(name)
    ]
    return [link for link in links if not link.startswith("mailto:senter@")]


@pytest.mark.parametrize(
    "address",
    [
        "/konto/login/?next={}",
        "/konto/login/code/?next={}",
        "/konto/signup/?next={}",
        "/konto/logout/?next={}",
        "/konto/reauthenticate/?next={}",
        "/konto/2fa/webauthn/login/?next={}",
        "/konto/2fa/reauthenticate/?next={}",
        "/cms/login/?next={}",
        "/_util/login/?next={}",
        "/kurs/?next={}",
        "/kursbevis/?code={}",
        "/kursbevis/?next={}",
        "/{}",
        "/en/{}",
        "/{}/",
    ],
)
@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_no_page_leads_out(request, client, course, learner, who, address):
    if who == "learner":
        client = request.getfixturevalue("learner_client")

    assert leaks(lambda payload: client.get(address.format(quote(payload, safe="/")))) == []


def test_the_code_at_sign_in_leads_to_no_other_place(learner):
    def by_code(payload):
        client = Client()
        client.post("/konto/login/code/", {"email": learner.email, "next": payload})
        return client.post("/konto/login/code/confirm/", {"code": last_code(), "next": payload})

    assert leaks(by_code) == []


def test_the_code_at_sign_up_leads_to_no_other_place(db):
    def sign_up(payload):
        client, email = Client(), f"ny-{PAYLOADS.index(payload)}@example.org"
        client.post("/konto/signup/", NEW_PERSON | {"email": email, "next": payload})
        return client.post("/konto/confirm-email/", {"code": last_code(), "next": payload})

    assert leaks(sign_up) == []


def test_a_passkey_leads_to_no_other_place(learner, monkeypatch):
    key = passkey_of(learner)
    monkeypatch.setattr(LoginWebAuthnForm, "clean_credential", lambda _form: key)

    assert (
        leaks(
            lambda payload: Client().post("/konto/2fa/webauthn/login/", {"credential": '{"id": "x"}', "next": payload})
        )
        == []
    )


def test_typing_the_password_again_leads_to_no_other_place(learner_client):
    assert (
        leaks(lambda payload: learner_client.post("/konto/reauthenticate/", {"password": PASSWORD, "next": payload}))
        == []
    )


def test_posts_of_learners_lead_to_no_other_place(learner_client, course):
    def post(payload):
        return learner_client.post(f"/kurs/lite-kurs/pamelding/?next={quote(payload)}", {"next": payload})

    assert leaks(post) == []


def test_posts_in_the_cms_lead_to_no_other_place(editor, signed_in, course):
    client = signed_in(editor)
    page = course.lessons[3].pk

    assert (
        leaks(lambda payload: client.post(f"/cms/pages/{page}/unpublish/?next={quote(payload)}", {"next": payload}))
        == []
    )


def test_signing_in_twice_leads_to_no_other_place(learner_client):
    def again(payload):
        return learner_client.post(
            PASSWORD_PAGE, {"login": "learner@example.org", "password": PASSWORD, "next": payload}
        )

    assert leaks(again) == []


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example"])
def test_a_mailed_link_leads_here_whatever_host_was_asked(learner, client, settings, mailoutbox, host):
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/konto/password/reset/", {"email": learner.email}, headers={"host": host, "x-forwarded-host": host})

    words = "".join(str(mail.message()) for mail in mailoutbox)
    assert (f"{settings.SITE_URL}/konto/password/reset/key/" in words, "evil.example" in words) == (True, False)
