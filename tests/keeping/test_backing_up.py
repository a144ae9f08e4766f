import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lms.accounts.erasure_list import note_erasure
from lms.accounts.models import User
from lms.keeping.backing_up import make_backup, snapshot
from lms.keeping.manifest import Manifest
from lms.keeping.restoring import check_backup, known_erasures
from lms.keeping.rows import count_rows
from lms.keeping.tables import all_tables

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ERASURE_LIST = tmp_path / "erasures.jsonl"
    settings.SECRET_KEY_FALLBACKS = ["an older key"]


@pytest.fixture
def backup(learner, course, tmp_path):
    default_storage.save("bilder/små/blå himmel.txt", ContentFile("Himmel"))
    note_erasure(learner.public_id, keep_certificates=True)
    make_backup(tmp_path / "backup", tmp_path / "keys")
    return tmp_path / "backup"


def test_backup_holds_rows_files_and_the_list_of_the_erased(backup, learner):
    manifest = check_backup(backup)
    users = next(table for table in manifest.tables if table.table.name == "accounts_user")
    assert users.rows == 1
    assert [(file.name, file.size) for file in manifest.files] == [("bilder/små/blå himmel.txt", 6)]
    assert [erasure.public_id for erasure in known_erasures(backup)] == [learner.public_id]
    assert ("accounts", "0001_initial") in manifest.migrations
    assert manifest == Manifest.read(backup)


def test_keys_lie_somewhere_else(backup, settings):
    keys = backup.with_name("keys")
    assert (keys / "secret_key").read_text().strip() == settings.SECRET_KEY
    assert (keys / "secret_key_fallbacks").read_text().strip() == "an older key"
    assert (keys / "notebook_keys").stat().st_mode & 0o777 == 0o600


def test_backup_refuses_a_folder_that_is_there(backup):
    with pytest.raises(ValidationError, match="finnes fra før"):
        make_backup(backup)


@pytest.mark.parametrize("keys", ["ny", "ny/keys", "."])
def test_backup_refuses_to_keep_the_keys_together_with_it(keys, tmp_path):
    with pytest.raises(ValidationError) as refusal:
        make_backup(tmp_path / "ny", tmp_path / keys)
    assert refusal.value.messages == ["Nøklene må ligge et annet sted enn sikkerhetskopien."]
    assert not (tmp_path / "ny").exists()


def test_backup_refuses_to_write_over_other_keys(backup, settings):
    settings.SECRET_KEY = "another key that is also long enough"
    with pytest.raises(ValidationError, match="andre nøkler"):
        make_backup(backup.with_name("ny"), backup.with_name("keys"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("files/bilder/små/blå himmel.txt", "Sikkerhetskopien er skadet: files/bilder/små/blå himmel.txt"),
        ("tables/accounts_user.jsonl.gz", "Sikkerhetskopien er skadet: tables/accounts_user.jsonl.gz"),
    ],
)
def test_check_refuses_a_file_that_is_changed_or_missing(backup, name, sentence):
    content = (backup / name).read_bytes()
    (backup / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ValidationError) as changed:
        check_backup(backup)
    (backup / name).unlink()
    with pytest.raises(ValidationError) as missing:
        check_backup(backup)
    assert changed.value.messages + missing.value.messages == [f"{sentence} er endret.", f"{sentence} mangler."]


def test_check_refuses_a_changed_or_missing_manifest(backup):
    words = json.loads((backup / "manifest.json").read_text())
    (backup / "manifest.json").write_text(json.dumps(words | {"files": []}))
    with pytest.raises(ValidationError, match="manifest.json er endret"):
        check_backup(backup)
    (backup / "manifest.json").unlink()
    with pytest.raises(ValidationError, match="er ingen sikkerhetskopi"):
        check_backup(backup)


def test_backup_sees_one_moment_and_holds_nobody_up(learner):
    users = next(table for table in all_tables() if table.name == "accounts_user")
    with snapshot() as moment:
        before = count_rows(moment, users)
        User.objects.create_user("ny@example.org", name="Ny")
        assert (before.rows, count_rows(moment, users)) == (1, before)
    assert User.objects.count() == 2
