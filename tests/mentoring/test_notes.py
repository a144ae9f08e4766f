"""The rules of reflection notes: saving, handing in, receiving, sending back (R028, R031, D16, D17)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring import notes, sensitive
from mentoring.models import LearningGroup, Membership, Note, NoteComment, Notice, Package
from mentoring.notes import WrittenElsewhere
from tests.groups_ground import small_group

TEXT = "Jeg spurte faren hva som var viktigst i dag. Det endret resten av samtalen."
MANY = 50


@pytest.fixture(autouse=True)
def real_outbox(settings, monkeypatch):
    """Mails become rows, as in the product: what is told twice is one row. Nobody knocks for them."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    monkeypatch.setattr("lms.outbox.backend._hint", lambda: None)


@pytest.fixture
def group(course, mentor, learner):
    return small_group(course.page, mentor, learner)


@pytest.fixture
def membership(group):
    return group.memberships.get()


@pytest.fixture
def handed_in(membership):
    return notes.hand_in(notes.note_for(membership), TEXT, 0, confirmed=True)


def per_meeting(group, **settings):
    Package.objects.filter(pk=group.package_id).update(notes=Package.Notes.PER_MEETING, **settings)
    group.package.refresh_from_db()


def test_save_keeps_the_text_and_counts_the_version(membership):
    first = notes.save(notes.note_for(membership), "En tanke.\r\nTil.\x00", 0)
    second = notes.save(first, "En tanke til.", first.version)

    assert (first.text, first.version, second.text, second.version) == ("En tanke.\nTil.", 1, "En tanke til.", 2)
    assert Note.objects.get().status == Note.Status.DRAFT


def test_the_text_is_unreadable_in_the_database(membership):
    notes.save(notes.note_for(membership), "Bare vi to ser dette.", 0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM mentoring_note")
        assert "Bare" not in cursor.fetchone()[0]


def test_asking_for_a_note_stores_nothing(membership):
    note = notes.note_for(membership)

    assert (note.pk, note.version, note.text) == (None, 0, "")
    assert Note.objects.count() == 0


def test_save_refuses_to_overwrite_what_another_tab_saved(membership):
    note = notes.save(notes.note_for(membership), "Fra den ene.", 0)
    notes.save(note, "Fra den andre.", 1)

    with pytest.raises(WrittenElsewhere) as refusal:
        notes.save(note, "Fra den ene igjen.", 1)
    assert refusal.value.note.text == "Fra den andre."
    assert refusal.value.reason.startswith("Notatet er endret i en annen fane.")
    assert Note.objects.get().text == "Fra den andre."


@pytest.mark.parametrize("save", [notes.save, lambda *given: notes.hand_in(*given, confirmed=True)])
def test_a_page_that_knows_of_a_version_that_is_gone_saves_its_text(membership, save):
    """After an older backup was restored, with the page still open."""
    saved = save(notes.note_for(membership), TEXT, 3)

    assert (Note.objects.get(), Note.objects.get().text) == (saved, TEXT)


def test_two_tabs_that_begin_from_nothing_do_not_overwrite_each_other(membership):
    notes.save(notes.note_for(membership), "Først.", 0)

    with pytest.raises(WrittenElsewhere):
        notes.save(notes.note_for(membership), "Også først.", 0)


def test_save_refuses_when_the_text_is_too_long(membership):
    with pytest.raises(ValidationError) as refusal:
        notes.save(notes.note_for(membership), "å" * 40_001, 0)
    assert refusal.value.messages == ["Teksten er for lang. Det er plass til 40 000 tegn, og du har brukt 40001."]


def test_save_refuses_when_the_mentor_received_while_the_author_typed(membership, handed_in, mentor):
    notes.mark_received(handed_in, mentor)

    with pytest.raises(WrittenElsewhere) as refusal:
        notes.save(handed_in, f"{TEXT} Og mer.", handed_in.version)
    assert refusal.value.note.text == TEXT
    assert refusal.value.reason == "Mentoren har mottatt notatet. Det kan ikke endres lenger."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda membership: Membership.objects.update(left_at=timezone.now()), "Du er ikke med i gruppen lenger."),
        (lambda membership: LearningGroup.objects.update(status="cancelled"), "Gruppen er avlyst."),
        (lambda membership: Package.objects.update(notes="none"), "Pakken ber ikke om dette notatet."),
        (lambda membership: Package.objects.update(notes="per_meeting"), "Pakken ber ikke om dette notatet."),
    ],
)
def test_save_refuses_when_there_is_no_note_to_write(membership, change, sentence):
    change(membership)
    membership = Membership.objects.get()

    with pytest.raises(ValidationError) as refusal:
        notes.save(notes.note_for(membership), TEXT, 0)
    assert refusal.value.messages == [sentence]


def test_handing_in_tells_the_mentor_without_a_word_of_the_note(membership, mentor):
    draft = notes.save(notes.note_for(membership), TEXT, 0)

    note = notes.hand_in(draft, TEXT, draft.version, confirmed=True)

    assert (note.status, note.handed_in_at is not None) == (Note.Status.HANDED_IN, True)
    sent = OutgoingMail.objects.get()
    assert (sent.to, sent.subject) == (mentor.email, "Et refleksjonsnotat er levert")
    assert "viktigst" not in sent.message
    assert membership.member.name not in sent.message


def test_handing_in_again_the_same_day_tells_the_mentor_once(membership, handed_in):
    withdrawn = notes.withdraw(handed_in)
    notes.hand_in(withdrawn, "Bedre ord.", withdrawn.version, confirmed=True)

    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "confirmed", "sentence"),
    [
        ("  \n ", True, "Notatet er tomt. Skriv noe før du leverer."),
        ("Nummeret er 01818212345, sa hun.", False, "Se over det som er merket i teksten før du leverer."),
        ("Skriv til mor@example.org.", True, "Ta bort fødselsnummer og e-postadresser før du leverer."),
        ("Vi møtte Emma Hansen.", False, "Se over det som er merket i teksten før du leverer."),
    ],
)
def test_handing_in_refuses_when_the_text_is_empty_or_names_somebody(membership, text, confirmed, sentence):
    with pytest.raises(ValidationError) as refusal:
        notes.hand_in(notes.note_for(membership), text, 0, confirmed=confirmed)
    assert refusal.value.messages == [sentence]
    assert Note.objects.filter(status="handed_in").count() == 0


def test_handing_in_refuses_when_the_note_changed_meanwhile(membership):
    draft = notes.save(notes.note_for(membership), "Før.", 0)
    notes.save(draft, "Etter.", 1)

    with pytest.raises(WrittenElsewhere):
        notes.hand_in(draft, "Før.", 1, confirmed=True)
    assert Note.objects.get().status == Note.Status.DRAFT


def test_withdrawing_opens_the_note_again(handed_in):
    note = notes.withdraw(handed_in)

    assert (note.status, note.text, note.handed_in_at) == (Note.Status.DRAFT, TEXT, None)
    assert notes.withdraw(note).status == Note.Status.DRAFT


def test_withdrawing_refuses_when_the_mentor_has_received(handed_in, mentor):
    notes.mark_received(handed_in, mentor)

    with pytest.raises(ValidationError) as refusal:
        notes.withdraw(handed_in)
    assert refusal.value.messages == ["Mentoren har mottatt notatet. Da kan det ikke trekkes tilbake."]


def test_receiving_twice_is_once(handed_in, mentor, learner):
    for _time in range(2):
        notes.mark_received(handed_in, mentor, comment="Takk for at du delte.")

    assert Note.objects.get().status == Note.Status.RECEIVED
    assert [comment.text for comment in NoteComment.objects.all()] == ["Takk for at du delte."]
    told = OutgoingMail.objects.get(to=learner.email)
    assert "delte" not in told.message
    assert Notice.objects.get().kind == Notice.Kind.NOTE


def test_sending_back_opens_the_note_with_a_comment(handed_in, mentor, learner):
    note = notes.send_back(handed_in, mentor, "Hva gjorde du selv?")
    again = notes.save(note, f"{TEXT} Jeg satt stille.", note.version)
    handed_in_again = notes.hand_in(again, again.text, again.version, confirmed=True)

    assert (note.status, handed_in_again.status) == (Note.Status.RETURNED, Note.Status.HANDED_IN)
    assert [comment.text for comment in note.comments.all()] == ["Hva gjorde du selv?"]
    assert "selv" not in OutgoingMail.objects.get(to=learner.email).message
    assert OutgoingMail.objects.exclude(to=learner.email).count() == 2


def test_sending_back_refuses_when_it_says_nothing(handed_in, mentor):
    with pytest.raises(ValidationError) as refusal:
        notes.send_back(handed_in, mentor, " ")
    assert refusal.value.messages == ["Skriv hva du vil at forfatteren skal se på."]


def test_receiving_refuses_when_the_note_changed_since_the_mentor_read_it(handed_in, mentor):
    withdrawn = notes.withdraw(handed_in)
    notes.hand_in(withdrawn, "Andre ord.", withdrawn.version, confirmed=True)

    with pytest.raises(ValidationError) as refusal:
        notes.mark_received(handed_in, mentor, version=handed_in.version)
    assert refusal.value.messages == ["Notatet er trukket tilbake eller endret siden du åpnet det."]


def test_receiving_refuses_when_somebody_else_than_the_mentor_asks(handed_in, admin):
    with pytest.raises(ValidationError):
        notes.mark_received(handed_in, admin)
    assert Note.objects.get().status == Note.Status.HANDED_IN


def test_to_read_is_what_waits_for_the_mentor(group, handed_in, mentor):
    assert list(notes.to_read([group])) == [handed_in]

    notes.mark_received(handed_in, mentor)

    assert list(notes.to_read([group])) == []
    assert list(notes.readable_notes(group)) == [handed_in]


def test_the_standing_says_nothing_of_a_draft(membership):
    before = notes.standing_of([membership])[membership.pk]
    notes.save(notes.note_for(membership), TEXT, 0)

    after = notes.standing_of([membership])[membership.pk]

    assert before == after
    assert (after.required, after.handed_in, after.missing, after.states) == (1, 0, 1, ["missing"])


def test_a_note_counts_from_when_it_is_handed_in_until_it_is_returned(membership, handed_in, mentor):
    in_ = notes.standing_of([membership])[membership.pk]
    notes.send_back(handed_in, mentor, "Mer om deg selv.")
    returned = notes.standing_of([membership])[membership.pk]

    assert (in_.handed_in, in_.received, in_.states) == (1, 0, ["handed_in"])
    assert (returned.handed_in, returned.states) == (0, ["returned"])


def test_notes_after_each_meeting_are_as_many_as_the_meetings_that_are_required(group, membership, mentor):
    per_meeting(group, required_meetings=1)
    second = group.meetings.get(number=2)
    note = notes.hand_in(notes.note_for(membership, second), TEXT, 0, confirmed=True)
    notes.mark_received(note, mentor)

    standing = notes.standing_of([membership])[membership.pk]

    assert (standing.required, standing.handed_in, standing.received) == (1, 1, 1)
    assert standing.states == ["missing", "received"]
    assert standing.missing == 0


def test_the_questions_are_those_of_the_package(group):
    assert notes.prompts_of(group) == "Hva tar du med deg?"
    assert notes.prompts_of(group, group.meetings.get(number=1)) == "Hva tar du med deg?"


@pytest.mark.parametrize("count", [1, 3])
def test_the_standing_of_many_takes_three_queries(
    group, other_learner, editor, membership, django_assert_max_num_queries, count
):
    for person in (other_learner, editor)[: count - 1]:
        Membership.objects.create(group=group, member=person)
    memberships = list(group.memberships.all())

    with django_assert_max_num_queries(3):
        assert len(notes.standing_of(memberships)) == count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stored", [True, False], ids=["a draft", "nothing yet"])
def test_fifty_hand_ins_at_once_are_one(membership, mentor, stored):
    if stored:
        notes.save(notes.note_for(membership), "Utkast.", 0)
    version = 1 if stored else 0

    answers = at_once(lambda: notes.hand_in(notes.note_for(membership), TEXT, version, confirmed=True).status)

    assert answers == [Note.Status.HANDED_IN] * MANY
    assert Note.objects.get().text == TEXT
    assert [sent.to for sent in OutgoingMail.objects.all()] == [mentor.email]


@pytest.mark.django_db(transaction=True)
def test_receiving_and_withdrawing_at_once_has_one_winner(handed_in, mentor):
    acts = iter([lambda: notes.withdraw(handed_in).status, lambda: notes.mark_received(handed_in, mentor).status] * 25)
    lock = threading.Lock()

    def act():
        with lock:
            mine = next(acts)
        return mine()

    answers = at_once(act)

    kept = Note.objects.get().status
    assert {answer for answer in answers if not isinstance(answer, ValidationError)} == {kept}
    assert OutgoingMail.objects.exclude(to=mentor.email).count() == (kept == Note.Status.RECEIVED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("settle", [notes.mark_received, sensitive.report], ids=["received", "reported"])
def test_who_waited_for_the_row_finds_it_settled(handed_in, mentor, settle, settings, tmp_path):
    settings.ERASURE_LIST = tmp_path / "erased"
    changed = threading.Event()

    def first():
        try:
            with transaction.atomic():
                settle(handed_in, mentor)
                changed.set()
                time.sleep(0.5)  # The other one waits for this row meanwhile, which nothing but the database sees.
        finally:
            connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    assert changed.wait(10)
    settle(handed_in, mentor)
    thread.join()

    told = OutgoingMail.objects.filter(to=handed_in.membership.member.email)
    assert told.count() == 1


def at_once(act):
    """What `act` returned in each of fifty threads that began together; an exception is returned too."""
    together = threading.Barrier(MANY)

    def run(_number):
        together.wait(30)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(run, range(MANY)))
