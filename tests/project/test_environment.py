import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from lms.environment import contradictions, refuse_contradictions, secret, text

SAFE = {
    "DEMO": False,
    "DEBUG": False,
    "SITE_URL": "https://kurs.example.org",
    "SMTP_URL": "smtp://post.example.org:587",
    "ALLOWED_HOSTS": ["kurs.example.org", "127.0.0.1"],
    "METRICS_TOKEN": "",
    "SECRET_KEY": "x" * 50,
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
    ],
)
def test_each_unsafe_setting_is_refused_with_a_sentence(change, begins):
    found = contradictions(SAFE | change)

    assert [sentence.startswith(begins) for sentence in found] == [True]
    with pytest.raises(ImproperlyConfigured):
        refuse_contradictions(SAFE | change)


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
