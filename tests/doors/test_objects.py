"""Every object in every role, one's own and another's, against a table that people read (S9, S10)."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client

from mentoring.joining import remove
from tests.doors.walk import said
from tests.doors.world import ROLES, World, add_passkey, make_world

TABLE = Path(__file__).with_name("objects.tsv")
# The other table has every address of /cms/ for those who do not get in.
NOT_ASKED = "-"


def expected() -> dict[str, list[str]]:
    """What each request answers in each role, by `METHOD address [field=value&…]`."""
    rows = (line.split("\t") for line in TABLE.read_text().splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1:] for row in rows}


@pytest.fixture
def world(db) -> World:
    return make_world()


def ask(client: Client, world: World, request: str) -> str:
    """The outcome of one request; whatever it changed is undone."""
    method, address, *fields = request.split(" ", 2)
    with transaction.atomic():
        send = client.get if method == "GET" else client.post
        values = dict(parse_qsl(fields[0].format(**world.ids), keep_blank_values=True)) if fields else {}
        answer = send(address.format(**world.ids), values)
        transaction.set_rollback(True)
    caches["default"].clear()
    if method == "POST":
        caches["content"].clear()
    return _told(answer, world)


def _told(answer, world: World) -> str:
    """The outcome; for what leads on also where to, with ids by their names."""
    if (outcome := said(answer)) != "leads on":
        return outcome
    target = re.sub(r"/\d+/", "/{id}/", answer.url.split("?")[0])
    for name, value in world.ids.items():
        target = target.replace(str(value), f"{{{name}}}") if len(str(value)) > 20 else target
    return f"→ {target}"


def test_every_role_has_a_column():
    assert {len(cells) for cells in expected().values()} == {len(ROLES)}


def test_each_object_answers_each_role_as_the_table_says(world):
    table = expected()
    clients = {role: world.client(role) for role in ROLES}
    add_passkey(world)
    answers: dict[str, list[str]] = {request: [] for request in table}
    for place, (role, client) in enumerate(clients.items()):
        with transaction.atomic():
            if role == "suspended":
                type(world.people["owner"]).objects.filter(pk=world.people["owner"].pk).update(is_active=False)
            for request, cells in table.items():
                answers[request].append(NOT_ASKED if cells[place] == NOT_ASKED else ask(client, world, request))
            transaction.set_rollback(True)

    assert answers == table


def test_one_who_was_taken_out_finds_what_a_stranger_finds(world):
    """Everything of the group answers a removed member as it answers a learner of another group (S12)."""
    of_the_group = [request for request in expected() if "/grupper/{group}/" in request]
    membership = world.people["groupmate"].group_memberships.get(group=world.ids["group"])
    remove(membership, world.people["mentor"])
    clients = {role: world.client(role) for role in ("groupmate", "other")}

    answers = {role: [ask(client, world, request) for request in of_the_group] for role, client in clients.items()}

    assert len(of_the_group) > 20
    assert dict(zip(of_the_group, answers["groupmate"], strict=True)) == dict(
        zip(of_the_group, answers["other"], strict=True)
    )
