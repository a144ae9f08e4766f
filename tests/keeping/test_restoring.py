from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from lms.accounts.erasure_list import add_erasures
from lms.keeping.manifest import Manifest, migrations_of, now_text, versions_now
from lms.keeping.restoring import known_erasures, known_purges, restore
from mentoring.sensitive import Purge, remember
from tests.accounts.test_erasure_list import an_erasure


@pytest.fixture(autouse=True)
def erasures(settings, tmp_path):
    settings.ERASURE_LIST = tmp_path / "var" / "erasures.jsonl"


@pytest.fixture
def empty_backup(tmp_path):
    """A function that makes the folder of a backup without rows and files, with these migrations and keys."""

    def make(migrations=(), notebook_keys=()):
        Manifest(now_text(), versions_now(), tuple(migrations), tuple(notebook_keys), (), ()).write(tmp_path)
        return tmp_path

    return make


def _refusal(folder) -> str:
    with pytest.raises(ValidationError) as refusal:
        restore(folder, [])
    return refusal.value.messages[0]


def test_restoring_refuses_a_backup_of_a_newer_version(db, empty_backup):
    migrations = [*migrations_of(connection), ("accounts", "0999_from_the_future")]
    assert _refusal(empty_backup(migrations)) == (
        "Sikkerhetskopien er laget av en nyere Refleks. Denne kjenner ikke accounts.0999_from_the_future."
    )


def test_restoring_refuses_a_database_that_is_further_than_the_backup(db, empty_backup):
    assert _refusal(empty_backup()) == ("Databasen er migrert lenger enn sikkerhetskopien. Bruk en helt tom database.")


def test_restoring_refuses_when_a_key_of_the_notebooks_is_missing(db, empty_backup):
    assert _refusal(empty_backup(migrations_of(connection), ["0badcafe"])) == (
        "Notatbøkene er skrevet med nøkkelen 0badcafe, som ikke er i NOTEBOOK_KEYS."
    )


def test_restoring_refuses_a_database_with_people(learner, empty_backup):
    assert _refusal(empty_backup(migrations_of(connection))).startswith("Databasen er ikke tom")


def test_erasures_of_all_lists_are_known_once(empty_backup, tmp_path):
    first, second, third = (an_erasure(UUID(int=number)) for number in (1, 2, 3))
    add_erasures([first, second])
    (tmp_path / "erasures.jsonl").write_text(second.line() + third.line())
    assert set(known_erasures(tmp_path)) == {first, second, third}
    assert len(known_erasures(tmp_path)) == 3


def test_erasures_refuse_a_list_that_is_not_there(tmp_path):
    with pytest.raises(ValidationError, match="finnes ikke"):
        known_erasures(tmp_path, tmp_path / "none.jsonl")


def test_purged_notes_of_all_lists_are_known_once_and_are_no_erasures(empty_backup, tmp_path):
    first, second = (Purge(number, timezone.now() + timedelta(hours=number)) for number in (1, 2))
    remember([first, second])
    (tmp_path / "erasures.jsonl").write_text(second.line())

    assert known_purges(tmp_path) == [first, second]
    assert known_erasures(tmp_path) == []
