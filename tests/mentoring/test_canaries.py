"""Words of notes and comments are in clear nowhere but where they are read (P5): not in the database file, mails,
logs, caches, sessions, queue, files, backups, lists or exports of others."""

import email
import gzip
import io
import json
import logging
import pickle
import secrets
import zipfile
import zlib
from email import policy
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection

from lms.accounts.exports import export_person
from lms.keeping.backing_up import make_backup
from lms.outbox.models import Job, OutgoingMail
from mentoring import glass, notes
from mentoring.models import GlassBreak, Note
from tests.groups_ground import small_group
from tests.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = "draft first_version handed_in sent_back received rejected_name conflict".split()


@pytest.fixture
def house(settings, tmp_path, monkeypatch):
    """Everything that is written to disk lands in one folder of this test."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    monkeypatch.setattr("lms.outbox.backend._hint", lambda: None)
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.ERASURE_LIST = tmp_path / "erasures.jsonl"
    return tmp_path


@pytest.fixture
def canaries() -> dict[str, str]:
    """A word for each place, of letters that no encoding changes."""
    return {place: f"Kanari{secrets.token_hex(8)}" for place in PLACES}


def live(canaries, course, mentor, learner, admin, signed_in):
    """Everything one can do with a note, with a canary in each of its texts."""
    second = make_person("admin2@example.org", "Berit Lie", role="Administrator", is_staff=True)
    group = small_group(course.page, mentor, learner, second)
    url, client, reader = f"/grupper/{group.pk}/notat/", signed_in(learner), signed_in(mentor)
    client.post(url, {"text": canaries["first_version"], "version": "0"})
    client.post(url, {"text": canaries["conflict"], "version": "0"})
    named = f"Vi møtte Emma {canaries['rejected_name']} og mor@example.org."
    client.post(url, {"text": named, "version": "1"}, headers={"Accept": "application/json"})
    client.get(f"{url}lever/")
    client.post(f"{url}lever/", {"version": "2"})
    client.post(url, {"text": f"Jeg lærte om {canaries['handed_in']}.", "version": "2"})
    page = client.get(f"{url}lever/").content.decode()
    for part in page.split('name="not_a_person" value="')[1:]:
        client.post(f"{url}lever/", {"not_a_person": part.split('"')[0]})
    client.post(f"{url}lever/", {"version": "3"})
    note = Note.objects.get()
    assert note.status == Note.Status.HANDED_IN
    note_url = f"/grupper/{group.pk}/notater/{note.pk}/"
    reader.get(note_url)
    reader.post(f"{note_url}tilbake/", {"version": "4", "comment": canaries["sent_back"]})
    client.post(f"{url}lever/", {"version": "4"})
    asked = glass.ask(note.membership, admin, "Bekymring for et barns sikkerhet.")
    glass.approve(asked, second)
    assert signed_in(admin).get(f"/cms/innsyn/{GlassBreak.objects.get().pk}/les/{note.pk}/").status_code == 200
    reader.post(f"{note_url}mottatt/", {"version": "5", "comment": canaries["received"]})
    assert Note.objects.get().status == Note.Status.RECEIVED
    signed_in(second).post(url, {"text": canaries["draft"], "version": "0"})
    for address in (
        "/grupper/",
        f"/grupper/{group.pk}/",
        f"/grupper/{group.pk}/logg/",
        f"/grupper/{group.pk}/liste.csv",
    ):
        reader.get(address)
    call_command("rotate_notebook_keys", stdout=io.StringIO())
    return group


def in_clear(canaries: dict[str, str], texts: dict[str, bytes]) -> list[str]:
    """Which canary was found where."""
    return [
        f"{place} in {name}"
        for name, text in texts.items()
        for place, word in canaries.items()
        if word.encode() in text
    ]


def database() -> dict[str, bytes]:
    if connection.vendor != "sqlite":
        return {}
    path = Path(connection.settings_dict["NAME"])
    return {file.name: file.read_bytes() for file in path.parent.glob(f"{path.name}*")}


def rows() -> dict[str, bytes]:
    """All tables as text, whatever database it is; mails and sessions also as those who open them see them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = repr(cursor.fetchall()).encode()
    for mail in OutgoingMail.objects.all():
        parts = email.message_from_string(mail.message, policy=policy.default).walk()
        bodies = [part.get_content() for part in parts if part.get_content_maintype() == "text"]
        found[f"mail {mail.subject}"] = "".join([mail.subject, *bodies]).encode()
    found |= {f"session {number}": repr(one.get_decoded()).encode() for number, one in enumerate(Session.objects.all())}
    return found | {"jobs": json.dumps(list(Job.objects.values_list("payload", flat=True))).encode()}


def folder(path: Path) -> dict[str, bytes]:
    """The files below `path`; what is packed also unpacked."""
    found = {}
    for file in path.rglob("*"):
        if file.is_file() and "assets" not in file.parts:
            raw = file.read_bytes()
            found[str(file)] = gzip.decompress(raw) if file.suffix == ".gz" else raw
            if file.suffix == ".djcache":
                found[str(file)] += _unpacked(raw)
    return found


def _unpacked(raw: bytes) -> bytes:
    stream = io.BytesIO(raw)
    pickle.load(stream)
    return zlib.decompress(stream.read())


def export(person) -> bytes:
    archive = zipfile.ZipFile(io.BytesIO(export_person(person)))
    return b"\n".join(archive.read(name) for name in archive.namelist())


def test_no_canary_is_in_clear_anywhere(house, canaries, course, mentor, learner, admin, signed_in, caplog):
    caplog.set_level(logging.DEBUG)
    live(canaries, course, mentor, learner, admin, signed_in)
    make_backup(house / "backup")
    caplog.set_level(logging.WARNING)

    texts = database() | rows() | folder(house) | {"log": caplog.text.encode()}
    for place in ("cache", "mail", "queue"):
        texts |= folder(Path(settings.VAR) / place)
    texts["the admin's export"] = export(admin)

    assert in_clear(canaries, texts) == []


def test_the_sweep_finds_what_is_in_clear(house, course, mentor, learner, admin, signed_in, canaries):
    """The other way round: a name that is no secret is found in the database, the mails and the backup."""
    live(canaries, course, mentor, learner, admin, signed_in)
    make_backup(house / "backup")
    known = {"group": "Solbakken barnehage"}

    assert in_clear(known, rows())
    assert any("mail " in place for place in in_clear(known, rows()))
    assert in_clear(known, folder(house / "backup"))
    if connection.vendor == "sqlite":
        assert in_clear(known, database())


def test_each_text_is_where_it_is_read(house, course, mentor, learner, admin, signed_in, canaries):
    group = live(canaries, course, mentor, learner, admin, signed_in)
    own = signed_in(learner).get(f"/grupper/{group.pk}/notat/").content

    assert in_clear(canaries, {"page": own}) == ["handed_in in page", "sent_back in page", "received in page"]
    assert in_clear({"handed_in": canaries["handed_in"]}, {"own export": export(learner)}) == [
        "handed_in in own export"
    ]
    assert notes.standing_of(group.memberships.all())


def test_nothing_of_it_is_kept_for_the_next_page(house, course, mentor, learner, admin, signed_in, canaries):
    live(canaries, course, mentor, learner, admin, signed_in)
    content = caches["content"]

    assert in_clear(canaries, {"memory": repr(getattr(content, "_cache", "")).encode()}) == []
