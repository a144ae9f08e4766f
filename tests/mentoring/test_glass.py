"""Breaking the glass: a reason, a second person, an hour, and the author hears of it (P4); the log of readings (P6)."""

import datetime
from contextlib import contextmanager
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring import glass, notes, reading_log
from mentoring.models import GlassBreak, Membership, Note, NoteReading
from tests.groups_ground import small_group
from tests.people import make_person

REASON = "Bekymring for et barns sikkerhet i kveld."
TEXT = "Jeg spurte faren hva som var viktigst i dag."


@pytest.fixture(autouse=True)
def real_outbox(settings, monkeypatch):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    monkeypatch.setattr("lms.outbox.backend._hint", lambda: None)


@contextmanager
def with_a_key_to_the_log():
    """What nobody has in the product: a way to change readings that PostgreSQL would refuse."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        yield
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def note(course, mentor, learner):
    membership = small_group(course.page, mentor, learner).memberships.get()
    return notes.hand_in(notes.note_for(membership), TEXT, 0, confirmed=True)


@pytest.fixture
def second(db):
    return make_person("admin2@example.org", "Berit Lie", role="Administrator", is_staff=True)


@pytest.fixture
def broken(note, admin, second):
    return glass.approve(glass.ask(note.membership, admin, REASON), second)


def test_who_asked_reads_for_an_hour_once_another_has_agreed(note, admin, second):
    asked = glass.ask(note.membership, admin, REASON)
    before = list(glass.readable(asked, admin))
    broken = glass.approve(asked, second)

    assert before == []
    assert list(glass.readable(broken, admin)) == [note]
    assert list(glass.readable(broken, second)) == []
    with time_machine.travel(broken.approved_at + datetime.timedelta(minutes=60)):
        assert list(glass.readable(broken, admin)) == []


def test_the_author_hears_at_once_who_and_why(note, broken, admin, second, learner):
    told = OutgoingMail.objects.get(to=learner.email)

    assert told.subject == "Noen har fått innsyn i refleksjonsnotatene dine"
    for word in (admin.name, second.name, "sikkerhet"):
        assert word in told.message
    assert "viktigst" not in told.message


def test_agreeing_twice_is_once(note, broken, second, learner):
    assert glass.approve(broken, second).approved_at == broken.approved_at
    assert OutgoingMail.objects.filter(to=learner.email).count() == 1


def test_asking_twice_is_one_question(note, admin):
    assert glass.ask(note.membership, admin, REASON) == glass.ask(note.membership, admin, "En annen grunn, mye lengre.")


def test_asking_refuses_when_the_reason_says_too_little(note, admin):
    with pytest.raises(ValidationError) as refusal:
        glass.ask(note.membership, admin, "Må se   på  ")
    assert refusal.value.messages == ["Skriv en begrunnelse på minst 15 tegn. Forfatteren får lese den."]


def test_agreeing_refuses_ones_own_question(note, admin):
    with pytest.raises(ValidationError) as refusal:
        glass.approve(glass.ask(note.membership, admin, REASON), admin)
    assert refusal.value.messages == ["En annen enn du må godkjenne dette."]


def test_agreeing_refuses_when_the_question_is_a_day_old(note, admin, second):
    asked = glass.ask(note.membership, admin, REASON)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)), pytest.raises(ValidationError):
        glass.approve(asked, second)
    assert GlassBreak.objects.get().approved_at is None


@pytest.mark.parametrize("person", ["mentor", "editor", "learner"])
def test_asking_and_agreeing_refuse_when_one_may_not(person, request, note, admin):
    stranger = request.getfixturevalue(person)
    with pytest.raises(PermissionDenied):
        glass.ask(note.membership, stranger, REASON)
    with pytest.raises(PermissionDenied):
        glass.approve(glass.ask(note.membership, admin, REASON), stranger)


def test_a_draft_is_not_behind_the_glass(note, broken, admin):
    notes.withdraw(note)

    assert list(glass.readable(broken, admin)) == []


def test_the_way_through_the_pages(note, admin, second, learner, signed_in):
    ask, agree, own = signed_in(admin), signed_in(second), signed_in(learner)
    answer = ask.post(
        "/cms/innsyn/be/", {"group": note.membership.group_id, "email": learner.email.upper(), "reason": REASON}
    )
    asked = GlassBreak.objects.get()
    reading = f"/cms/innsyn/{asked.pk}/les/{note.pk}/"
    too_soon = ask.get(reading).status_code
    itself = ask.post(f"/cms/innsyn/{asked.pk}/godkjenn/")
    agree.post(f"/cms/innsyn/{asked.pk}/godkjenn/")
    page = ask.get(reading)

    assert answer.url == f"/cms/innsyn/{asked.pk}/"
    assert (too_soon, agree.get(reading).status_code) == (404, 404)
    assert "En annen enn du må godkjenne dette." in itself.content.decode()
    assert f"<p>{TEXT}</p>" in page.content.decode()
    row = NoteReading.objects.get()
    assert (row.reader, row.glass_break) == (admin, asked)
    author_sees = own.get(f"/grupper/{note.membership.group_id}/notat/").content.decode()
    assert "innsyn i nødssituasjon" in author_sees
    assert REASON in author_sees


def test_the_lists_hold_no_word_of_a_note(note, broken, admin, signed_in):
    client = signed_in(admin)
    for address in ("/cms/innsyn/", f"/cms/innsyn/{broken.pk}/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "viktigst" not in page.content.decode()
    assert NoteReading.objects.count() == 0


def test_nobody_found_by_the_address_is_said_on_the_form(note, admin, signed_in):
    answer = signed_in(admin).post(
        "/cms/innsyn/be/", {"group": note.membership.group_id, "email": "no@example.org", "reason": REASON}
    )

    assert "Ingen med den adressen er eller har vært med i gruppen." in answer.content.decode()
    assert GlassBreak.objects.count() == 0


def test_editors_do_not_get_to_the_glass(editor, signed_in, broken, note):
    client = signed_in(editor)
    for address in ("", "be/", f"{broken.pk}/", f"{broken.pk}/godkjenn/", f"{broken.pk}/les/{note.pk}/"):
        assert client.get(f"/cms/innsyn/{address}").url == "/cms/"


def test_the_chain_of_readings_holds_and_shows_what_was_changed(note, mentor, admin):
    rows = [reading_log.record_reading(note, reader) for reader in (mentor, admin, mentor)]

    assert reading_log.verify() == reading_log.Chain(3, rows[2].digest, None)
    with with_a_key_to_the_log():
        NoteReading.objects.filter(pk=rows[1].pk).update(reader=mentor)
    assert reading_log.verify().broken_at == rows[1].pk


def test_a_reading_that_is_cut_out_shows(note, mentor):
    rows = [reading_log.record_reading(note, mentor) for _time in range(3)]
    with with_a_key_to_the_log():
        NoteReading.objects.filter(pk=rows[1].pk).delete()

    assert reading_log.verify().broken_at == rows[2].pk


def test_the_command_says_how_the_chain_is(note, mentor):
    rows = [reading_log.record_reading(note, mentor) for _time in range(2)]
    said = StringIO()
    call_command("verify_readings", stdout=said)
    assert f"2 readings, the chain holds and ends in {rows[1].digest}" in said.getvalue()

    with with_a_key_to_the_log():
        NoteReading.objects.filter(pk=rows[1].pk).update(digest="0" * 64)
    with pytest.raises(CommandError, match=f"row {rows[1].pk}"):
        call_command("verify_readings")


def test_the_row_outlives_the_note(note, mentor):
    reading_log.record_reading(note, mentor)
    Note.objects.all().delete()

    assert NoteReading.objects.get().note_id_read == note.pk
    assert Membership.objects.count() == 1


def test_a_reading_stands_or_its_change_is_found(note, mentor, admin, broken):
    """PostgreSQL refuses the change; SQLite, for one machine, keeps no such watch, but the chain tells."""
    reading_log.record_reading(note, mentor)
    row = reading_log.record_reading(note, admin, broken)
    rows = NoteReading.objects.filter(pk=row.pk)

    if connection.vendor == "postgresql":
        for change in (lambda: rows.update(reader=mentor), lambda: rows.update(at=timezone.now()), rows.delete):
            with pytest.raises(DatabaseError, match="stands for 24 months"), transaction.atomic():
                change()
        GlassBreak.objects.all().delete()
        assert rows.get().glass_break is None
    else:
        rows.update(reader=mentor)
        with pytest.raises(CommandError, match=f"row {row.pk}"):
            call_command("verify_readings")


def test_a_reading_may_go_after_two_years(note, mentor):
    row = reading_log.record_reading(note, mentor)
    with with_a_key_to_the_log():
        NoteReading.objects.update(at=timezone.now() - datetime.timedelta(days=740))

    assert NoteReading.objects.filter(pk=row.pk).delete()[0] == 1
