"""What a real installation answers: the production settings started as they are, and asked (S1, 3.3, 3.4, 13.4)."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.lint import production

pytestmark = pytest.mark.django_db
BASE = Path(__file__).resolve().parents[2]
POLICY = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}


@pytest.fixture(scope="module")
def ask(django_db_setup, django_db_blocker, tmp_path_factory):
    """A function that starts production with the environment changed so, and gives what it said."""
    folder = tmp_path_factory.mktemp("production")
    (folder / "assets" / "static").mkdir(parents=True)

    def start(**changed: str) -> dict:
        # Nothing here is connected to but the database of the tests, which is only read.
        env = production(folder) | {"VALKEY_URL": "", "S3_BUCKET": "", "S3_ENDPOINT": ""}
        env |= {"BUILT": str(folder), "DATABASE_URL": _database(folder), "TRUSTED_PROXIES": "0", **changed}
        command = [sys.executable, "-m", "tests.doors.production"]
        done = subprocess.run(command, cwd=BASE, env=os.environ | env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    with django_db_blocker.unblock():
        yield start


def _database(folder: Path) -> str:
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        # What was written last may stand in a file beside it, so no plain copy.
        with closing(sqlite3.connect(known["NAME"])) as source, closing(sqlite3.connect(folder / "db.sqlite3")) as copy:
            source.backup(copy)
        return f"sqlite:///{folder / 'db.sqlite3'}"
    who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}" if known["PASSWORD"] else quote(known["USER"])
    return f"postgres://{who}@{quote(known['HOST'], safe='')}:{known['PORT']}/{known['NAME']}"


@pytest.fixture(scope="module")
def facts(ask):
    return ask()


def test_production_passes_djangos_own_checks_and_hides_its_inside(facts):
    known = facts["settings"]

    assert (known["DEBUG"], known["DEMO"], known["CELERY_ACCEPT_CONTENT"]) == (False, False, ["json"])
    assert known["ALLOWED_HOSTS"] == ["refleks.example.org", "127.0.0.1", "localhost", "[::1]"]


def test_cookies_are_for_this_host_alone_and_for_no_script(facts):
    shared = {"path": "/", "secure": True, "httponly": True, "samesite": "Lax"}
    lasting = {
        name: {key: value for key, value in cookie.items() if key not in {"expires", "max-age"}}
        for name, cookie in facts["cookies"].items()
    }

    assert lasting == {"__Host-csrf": shared, "__Host-session": shared}


@pytest.mark.parametrize("name", ["sign-in", "missing", "alive", "fault", "TRACE"])
def test_every_answer_has_the_headers_that_browsers_heed(facts, name):
    headers = facts["answers"][name]["headers"]

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert policy(headers)["frame-ancestors"] == "'self'"


def test_pages_allow_nothing_from_elsewhere_and_nothing_inline(facts):
    rules = policy(facts["answers"]["sign-in"]["headers"])

    assert rules == POLICY | {"img-src": "'self' data:"}


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("sign-in", 200),
        ("cms", 302),
        ("missing", 404),
        ("without TLS", 301),
        ("alive without TLS", 200),
        ("TLS claimed in a header", 301),
        ("another host", 400),
        ("another host in a header", 200),
        ("TRACE", 405),
        ("TRACE alive", 405),
        ("PUT", 405),
        ("DELETE", 405),
        ("demo mailbox", 404),
        ("fault", 500),
    ],
)
def test_each_question_gets_its_answer(facts, name, status):
    assert facts["answers"][name]["status"] == status


def test_without_tls_one_is_led_to_the_same_page_with_it(facts):
    assert facts["answers"]["without TLS"]["headers"]["Location"] == "https://refleks.example.org/konto/login/"


@pytest.mark.parametrize("name", ["fault", "missing", "another host"])
def test_a_fault_tells_nothing_of_the_inside(facts, name):
    body = facts["answers"][name]["body"]

    assert [
        word for word in ("hemmelig-ord", "Traceback", "RuntimeError", "settings", "urlpatterns") if word in body
    ] == []


def test_no_answer_names_the_other_host(facts):
    said = json.dumps([facts["answers"][name] for name in ("another host", "another host in a header")])

    assert "evil.example" not in said


def test_a_trusted_proxy_says_whether_there_is_tls(ask):
    facts = ask(TRUSTED_PROXIES="1")

    assert facts["settings"]["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert facts["answers"]["TLS claimed in a header"]["status"] == 200


def policy(headers: dict[str, str]) -> dict[str, str]:
    """The rules of a content security policy by their names."""
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}
