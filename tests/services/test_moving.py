"""An installation that people have used moves from SQLite to a real PostgreSQL, whole or not at all."""

import json

import pytest

from tests.live.product import copied, environment, manage, refused

TELL = ("shell", "--no-imports", "-c", "from tests.live.life import tell; tell()")
SENDING = "from lms.outbox.models import OutgoingMail as M; from django.utils.timezone import now; M.objects.create(to='a@example.org', subject='A', due_at=now(), state='{}')"
NEW_ROWS = """
from django.contrib.auth import get_user_model
from wagtail.models import Page
print(get_user_model().objects.create_user("ny@example.org", name="Ny").pk > 5, Page.objects.search("Velkommen").count() > 0)
"""


@pytest.fixture
def house(lived_in, tmp_path):
    """The environment of the installation that moves out."""
    return environment(copied(lived_in, tmp_path / "var"))


def _told(env: dict[str, str]) -> dict:
    return json.loads(manage(env, *TELL).splitlines()[-1])


def test_everything_is_there_after_the_move(house, new_database):
    url = new_database()
    before = _told(house)

    said = manage(house, "move_to", url)

    moved = house | {"DATABASE_URL": url}
    assert "alle tabeller er like på begge sider" in said
    assert _told(moved) == before == _told(house)
    assert len(before["notes"]) == len(before["certificates"]) == 2
    assert {tuple(answer) for answer in before["certificates"].values()} == {(200, "valid", True)}
    manage(moved, "update_index", "--verbosity=0")
    manage(moved, "makemigrations", "--check", "--dry-run")
    assert manage(moved, "shell", "--no-imports", "-c", NEW_ROWS).split() == ["True", "True"]


def test_move_is_refused_when_the_target_has_people(house, new_database):
    url = new_database()
    manage(house, "move_to", url)

    assert refused(house, "move_to", url) == (
        "CommandError: Databasen er ikke tom: det er rader i tabellen accounts_user."
    )


def test_move_is_refused_while_a_mail_is_being_sent(house, new_database):
    url = new_database()
    manage(house, "shell", "--no-imports", "-c", SENDING.format("sending"))

    assert refused(house, "move_to", url).startswith("CommandError: E-post er på vei ut akkurat nå.")


def test_move_is_refused_when_the_target_is_no_postgresql(house, tmp_path):
    assert refused(house, "move_to", f"sqlite:///{tmp_path}/ny.sqlite3") == (
        "CommandError: Adressen må begynne med postgres://"
    )


def test_move_is_refused_when_nobody_answers(house):
    assert refused(house, "move_to", "postgres://nobody@127.0.0.1:1/none").startswith(
        "CommandError: Databasen svarer ikke:"
    )
