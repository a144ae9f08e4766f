"""Every field of every table has said what it has to do with people (P1, P2)."""

import pytest
from django.db import connection

from lms.accounts import personal_data
from lms.accounts.models import User
from lms.accounts.personal_data import annotation_of, annotations, exported_fields


def test_no_field_of_any_app_is_missing():
    assert personal_data.missing_annotations() == []


def test_nothing_is_named_that_is_not_there():
    # The search index has tables of its own on SQLite.
    elsewhere = [] if connection.vendor == "sqlite" else ["wagtailsearch.SQLiteFTSIndexEntry.*"]

    assert personal_data.superfluous_annotations() == elsewhere


def test_a_field_that_is_not_in_the_table_is_found(monkeypatch):
    named = {label: fields for label, fields in annotations().items() if label != "media.PictureRendition"}
    named["accounts.User"] = {name: word for name, word in named["accounts.User"].items() if name != "workplace"}
    monkeypatch.setattr(personal_data, "annotations", lambda: named)

    missing = personal_data.missing_annotations()

    assert [name for name in missing if name.startswith("accounts.")] == ["accounts.User.workplace"]
    assert "media.PictureRendition.image" in missing


def test_a_line_in_other_words_is_refused():
    with pytest.raises(ValueError, match="Not in the words of the table"):
        personal_data._annotation("personal | perhaps | deleted | something")


def test_the_profile_asks_for_nothing_more_than_it_may():
    profile = {name for name, field in annotations()["accounts.User"].items() if field.kind == "personal"}

    assert profile == {
        *("public_id", "email", "name", "sector", "profession", "municipality", "workplace"),
        *("password", "last_login", "date_joined", "groups"),
    }
    assert {field.name for field in User._meta.get_fields() if "person" in field.name or "hpr" in field.name} == set()


def test_what_is_secret_is_not_exported():
    assert "password" not in exported_fields("accounts.User")
    assert annotation_of("sessions.Session", "session_data").is_exported is False
    assert annotation_of("mfa.Authenticator", "data").is_exported is False
