import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms.environment import contradictions, database, number, refuse_contradictions, secret, text
from tests.lint import production

BASE = Path(__file__).resolve().parents[2]
OTHER_KEY = base64.b64encode(bytes(range(32))).decode()
SAFE = {
    "DEMO": False,
    "DEBUG": False,
    "SITE_URL": "https://kurs.example.org",
    "SMTP_URL": "smtp://post.example.org:587",
    "ALLOWED_HOSTS": ["kurs.example.org", "127.0.0.1"],
    "METRICS_TOKEN": "",
    "MAIL_FROM": "Refleks <kurs@example.org>",
    "SECRET_KEY": "en-lang-hemmelighet-av-mange-tegn-1234567890",
    "SECRET_KEY_FALLBACKS": [],
    "NOTEBOOK_KEYS": [base64.b64encode(b"0" * 32).decode()],
}


def test_safe_settings_have_no_contradictions():
    assert contradictions(SAFE) == []
    assert refuse_contradictions(SAFE) is None


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        ({"DEMO": True}, "DEMO=1 shows every mail"),
        ({"SMTP_URL": ""}, "SMTP_URL is not set"),
        ({"SITE_URL": "http://kurs.example.org"}, "SITE_URL must start with https"),
        ({"DEBUG": True}, "DEBUG=1 shows the inside"),
        ({"ALLOWED_HOSTS": ["kurs.example.org", "*"]}, "HOSTS must name"),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN is too short"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"NOTEBOOK_KEYS": []}, "NOTEBOOK_KEYS must be"),
        ({"NOTEBOOK_KEYS": ["not base64"]}, "NOTEBOOK_KEYS must be"),
        ({"SITE_URL": "http://localhost:x@evil.example"}, "SITE_URL must be"),
        ({"SITE_URL": "https://x@kurs.example.org"}, "SITE_URL must be"),
        ({"SITE_URL": "https://kurs.example.org/lms"}, "SITE_URL must be"),
        ({"SITE_URL": "https://kurs.example.org?a"}, "SITE_URL must be"),
        ({"SITE_URL": "https://kurs.example.org:x"}, "SITE_URL must be"),
        ({"SITE_URL": "https://"}, "SITE_URL must be"),
        ({"SITE_URL": "kurs.example.org"}, "SITE_URL must be"),
        ({"SITE_URL": "https://kurs.example.org\\@evil.example"}, "SITE_URL must be"),
        ({"SITE_URL": "http://localhost.evil.example"}, "SITE_URL must start with https"),
        ({"SMTP_URL": "mail.example.org"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "smtp://"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "smtp://mail.example.org:x"}, "SMTP_URL must look like"),
        ({"SMTP_URL": "http://mail.example.org"}, "SMTP_URL must look like"),
        ({"MAIL_FROM": ""}, "MAIL_FROM is not set"),
        ({"MAIL_FROM": "Refleks"}, "MAIL_FROM must be"),
        ({"SECRET_KEY": "a" * 64}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": OTHER_KEY, "NOTEBOOK_KEYS": [OTHER_KEY]}, "SECRET_KEY and NOTEBOOK_KEYS must differ"),
        ({"SECRET_KEY_FALLBACKS": ["a"]}, "SECRET_KEY_FALLBACKS must be"),
    ],
)
def test_each_unsafe_setting_is_refused_with_a_sentence(change, begins):
    found = contradictions(SAFE | change)

    assert [sentence.startswith(begins) for sentence in found] == [True]
    with pytest.raises(ImproperlyConfigured):
        refuse_contradictions(SAFE | change)


@pytest.mark.parametrize(
    "url", ["https://kurs.example.org", "http://localhost", "http://127.0.0.1:8000", "http://[::1]:8000"]
)
def test_addresses_that_are_meant_are_taken(url):
    assert contradictions(SAFE | {"SITE_URL": url}) == []


@pytest.mark.parametrize("url", ["smtp://mail:1025", "smtps://a:b%40c@mail.example.org", "smtp://127.0.0.1:9"])
def test_mail_servers_that_are_meant_are_taken(url):
    assert contradictions(SAFE | {"SMTP_URL": url}) == []


def test_a_number_is_the_one_that_is_set_or_the_usual_one(monkeypatch):
    monkeypatch.delenv("NOTES_MONTHS", raising=False)
    found = [number("NOTES_MONTHS", 12, least=1, most=120)]
    for value in ("", "1", "120"):
        monkeypatch.setenv("NOTES_MONTHS", value)
        found.append(number("NOTES_MONTHS", 12, least=1, most=120))

    assert found == [12, 12, 1, 120]


@pytest.mark.parametrize("value", ["0", "-5", "121", "abc", "1.5", "1e2", "٣", "9" * 5000])
def test_a_number_that_cannot_be_meant_is_refused(monkeypatch, value):
    monkeypatch.setenv("NOTES_MONTHS", value)

    with pytest.raises(ImproperlyConfigured, match="NOTES_MONTHS must be a whole number from 1 to 120, and is"):
        number("NOTES_MONTHS", 12, least=1, most=120)


@pytest.mark.parametrize("url", ["foo", "mysql://x/y", "postgres://user:hemmelig@host:port/name", "postgres://host"])
def test_a_database_that_is_none_is_refused_without_its_password(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must name a database") as refusal:
        database(url)
    assert "hemmelig" not in str(refusal.value)


SENSELESS = {
    "TRUSTED_PROXIES": ["abc", "-1"],
    "CERTIFICATE_GRACE_DAYS": ["x", "-1"],
    "MAIL_LOG_DAYS": ["-1", "0"],
    "NOTE_DRAFT_DAYS": ["-5"],
    "NOTES_MONTHS": ["0"],
    "SMALLEST_CELL": ["x", "2"],
    "SURVEY_MEAN_FROM": ["1"],
    "COUNT_LIVE_UP_TO": ["-1"],
    "MUNICIPALITIES_FROM": ["alle"],
    "DATABASE_URL": ["foo"],
    "SECRET_KEY_FILE": ["/nonexistent"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in SENSELESS.items() for value in values])
def test_production_does_not_start_with_it_and_says_which(tmp_path, name, value):
    env = {key: known for key, known in os.environ.items() if not key.endswith("_FILE")} | production(tmp_path)
    command = [sys.executable, "-c", "import lms.settings"]

    done = subprocess.run(command, cwd=BASE, env=env | {name: value}, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"django.core.exceptions.ImproperlyConfigured: {name}")


@pytest.mark.parametrize("name", ["WEB_WORKERS", "WEB_THREADS", "PORT"])
def test_what_serves_does_not_start_with_a_word_for_a_number(tmp_path, name):
    env = os.environ | {"DEMO": "1", "VAR": str(tmp_path), name: "x"}

    done = subprocess.run(
        [sys.executable, "-m", "lms.start"], cwd=BASE, env=env, capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stderr.startswith(f"{name} must be a whole number")) == (1, True)
    assert "Traceback" not in done.stderr


def test_the_demo_makes_a_secret_once_and_keeps_it(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first = secret("SECRET_KEY", tmp_path, demo=True)

    assert secret("SECRET_KEY", tmp_path, demo=True) == first
    assert len(first) >= 32


def test_a_secret_is_refused_when_it_is_missing_outside_the_demo(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        secret("SECRET_KEY", tmp_path, demo=False)


def test_a_secret_is_read_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))

    assert text("SECRET_KEY") == "from a file"
