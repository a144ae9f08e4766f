"""The drill D21: a backup of an installation that people use, restored on an empty one, keys from somewhere else."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.live.product import copied, environment, manage, new_folder, refused

TELL = ("shell", "--no-imports", "-c", "from tests.live.life import tell; tell()")
ERASE = """
from django.contrib.auth import get_user_model
from lms.accounts.erasure import erase_person
erase_person(get_user_model().objects.get(email="member@example.org"), keep_certificates=False)
"""


def _told(env: dict[str, str]) -> dict:
    return json.loads(manage(env, *TELL).splitlines()[-1])


@pytest.fixture(scope="module")
def drill(lived_in, tmp_path_factory):
    """The old house, its backup with keys apart, and a list of erasures in which somebody was added since."""
    room = tmp_path_factory.mktemp("drill")
    old = environment(copied(lived_in, room / "old"))
    before = _told(old)
    said = manage(old, "backup", str(room / "backup"), "--keys", str(room / "keys"))
    manage(old, "shell", "--no-imports", "-c", ERASE)
    return room, before, said


def _new_house(room: Path, folder: Path, **extra: str) -> dict[str, str]:
    """The environment of an empty installation that has only the image and the keys."""
    keys = {f"{name.upper()}_FILE": str(room / "keys" / name) for name in ("secret_key", "notebook_keys")}
    return environment(new_folder(folder), BUILT=str(room / "old"), **keys, **extra)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_everything_is_restored_and_the_erased_stay_erased(drill, database, tmp_path, request):
    room, before, _said = drill
    extra = {"DATABASE_URL": request.getfixturevalue("new_database")()} if database == "postgresql" else {}
    new = _new_house(room, tmp_path / "var", **extra)

    said = manage(new, "restore", str(room / "backup"), "--erasures", str(room / "old" / "erasures.jsonl"))

    after = _told(new)
    assert "alle like manifestet." in said
    # The certificate of the one who stayed, and two groups that the mentor of the demo was given.
    assert said.splitlines()[-2:] == ["Slettet på nytt: 1.", "E-post som venter på din avgjørelse i /cms/: 3."]
    assert after["notes"] == {"learner@example.org": before["notes"]["learner@example.org"]}
    kept, erased = after["certificates"].values()
    assert (kept, erased) == ([200, "valid", True], [200, "erased", None])
    assert after["people"] == [email for email in before["people"] if email != "member@example.org"]
    assert (before["sessions"], after["sessions"]) == (2, 0)
    files = [path.relative_to(room / "old") for path in (room / "old" / "files").rglob("*") if path.is_file()]
    assert files
    assert [(tmp_path / "var" / name).read_bytes() for name in files] == [
        (room / "old" / name).read_bytes() for name in files
    ]
    # A second restore has nowhere to go.
    assert refused(new, "restore", str(room / "backup")) == (
        "CommandError: Databasen er ikke tom: det er rader i tabellen accounts_user."
    )


def test_backup_says_what_it_holds(drill):
    room, _before, said = drill
    manifest = json.loads((room / "backup" / "manifest.json").read_text())
    rows = sum(table["rows"] for table in manifest["tables"])
    assert said.strip() == f"{rows} rader og {len(manifest['files'])} filer ligger i {room / 'backup'}."
    assert (room / "backup").stat().st_mode & 0o777 == 0o700
    secrets = [(room / "keys" / name).read_text().strip() for name in ("secret_key", "notebook_keys")]
    texts = [path.read_bytes() for path in (room / "backup").rglob("*") if path.is_file()]
    assert [secret for secret in secrets for text in texts if secret.encode() in text] == []


def test_restore_is_refused_without_the_list_of_the_erased(drill, tmp_path):
    room, _before, _said = drill
    assert refused(_new_house(room, tmp_path / "var"), "restore", str(room / "backup")).startswith(
        "CommandError: Slettelisten mangler"
    )


def test_restore_is_refused_with_other_keys(drill, tmp_path):
    room, _before, _said = drill
    said = refused(environment(new_folder(tmp_path / "var")), "restore", str(room / "backup"), "--no-erasures")
    assert said.endswith("som ikke er i NOTEBOOK_KEYS.")


def test_restore_is_refused_when_a_byte_has_changed(drill, tmp_path):
    room, _before, _said = drill
    damaged = Path(shutil.copytree(room / "backup", tmp_path / "damaged"))
    table = damaged / "tables" / "modules_notebookentry.jsonl.gz"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)

    new = _new_house(room, tmp_path / "var")
    assert refused(new, "restore", str(damaged), "--no-erasures") == (
        "CommandError: Sikkerhetskopien er skadet: tables/modules_notebookentry.jsonl.gz er endret."
    )


def test_a_backup_of_an_older_version_is_brought_up_to_date(drill, tmp_path):
    room, before, _said = drill
    older = Path(shutil.copytree(room / "backup", tmp_path / "older"))
    words = json.loads((older / "manifest.json").read_text())
    # The search index is not in a backup: without these the tables that are stay as they were.
    words["migrations"] = [[app, name] for app, name in words["migrations"] if app != "wagtailsearch"]
    content = json.dumps(words).encode()
    (older / "manifest.json").write_bytes(content)
    (older / "manifest.sha256").write_text(hashlib.sha256(content).hexdigest())

    new = _new_house(room, tmp_path / "var")
    manage(new, "restore", str(older), "--no-erasures")

    assert manage(new, "migrate", "--check") == ""
    assert _told(new)["notes"] == before["notes"]
