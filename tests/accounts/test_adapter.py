"""Nobody is led out of the house by a link to the sign-in (S22)."""

import pytest
from django.urls import reverse

from tests.accounts.conftest import last_code
from tests.people import PASSWORD

OUT = r"""
//evil.example
///evil.example
////evil.example
/\evil.example
\\evil.example
\/evil.example
/\/evil.example
\/\/evil.example
/\\evil.example
//\evil.example
https:evil.example
https:/evil.example
https://evil.example
https:///evil.example
http://evil.example
HTTPS://evil.example
hTtP://evil.example/min-side/
//evil.example/%2f..
//evil.example/min-side/
https://testserver@evil.example
https://testserver:80@evil.example/
//testserver@evil.example
https://testserver.evil.example
https://evil.example#testserver
https://evil.example?testserver
https://evil.example\testserver
https://evil.example%2etestserver
//evil%E3%80%82example
//evil。example
//evil．example
//ⓔvil.example
//evil.example:443
//[::1]
//127.0.0.1@evil.example
//2130706433
//0x7f000001
javascript:alert(1)
JaVaScRiPt:alert(1)
javascript://testserver/%0aalert(1)
data:text/html,hei
vbscript:msgbox(1)
file:///etc/passwd
ftp://evil.example
mailto:evil@example.org
ws://evil.example
blob:https://evil.example/1
view-source:https://evil.example
intent://evil.example
evil.example
evil.example/min-side/
./evil.example
../min-side/
?next=//evil.example
#evil
@evil.example
:evil.example
:80
https
https:
//
\
""".split("\n")[1:-1]
HIDDEN = [
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    "/\x00/evil.example",
    "/\x0b/evil.example",
    "\x1f//evil.example",
    "java\tscript:alert(1)",
    "/\u200b/evil.example",
    "/\u202e/evil.example",
    "\ufeff//evil.example",
    "/\u2028/evil.example",
    "https://evil.example\u3002no",
]


def test_there_are_enough_payloads():
    assert len(set(OUT + HIDDEN)) >= 60


def _signs_in(client, next_url):
    where = reverse("account_login")
    return client.post(where, {"login": "learner@example.org", "password": PASSWORD, "next": next_url})


@pytest.mark.parametrize("inside", ["/kurs/", "/kurs/lite-kurs/?side=2#sjekk", "/notatbok/"])
def test_signing_in_goes_on_to_a_path_of_this_site(learner, client, inside):
    assert _signs_in(client, inside).url == inside


@pytest.mark.parametrize("outside", OUT + HIDDEN)
def test_signing_in_refuses_to_leave_when_next_points_out(learner, client, outside):
    assert _signs_in(client, outside).url == reverse("my_page")


@pytest.mark.parametrize("outside", OUT + HIDDEN)
def test_signing_out_refuses_to_leave_when_next_points_out(learner_client, outside):
    assert learner_client.post(reverse("account_logout"), {"next": outside}).url == "/"


@pytest.mark.parametrize("outside", ["//evil.example", "/\\evil.example", "https:evil.example", "/\t/evil.example"])
def test_signing_up_refuses_to_leave_when_next_points_out(sign_up, confirm, db, outside):
    sign_up(next=outside)

    assert confirm(last_code()).url == reverse("my_page")
