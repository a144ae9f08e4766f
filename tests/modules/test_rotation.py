"""A new key for everything that is sealed, while people write (P5)."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from mentoring import notes
from mentoring.models import NoteComment
from modules import rotation
from modules.models import NotebookEntry
from modules.rotation import encrypted_fields, place_of
from tests.groups_ground import small_group
from tests.small_course import COURSE_KEY, PROMPT

OLD, NEW = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))


@pytest.fixture
def sealed(settings, course, mentor, learner, other_learner):
    """A notebook entry, a note and a comment, all under the old key; the new one is put before it."""
    settings.NOTEBOOK_KEYS = [OLD]
    for person in (learner, other_learner):
        NotebookEntry.objects.create(
            learner=person,
            course_key=COURSE_KEY,
            lesson_key=course.lessons[2].translation_key,
            prompt_id=PROMPT,
            question="Hva?",
            text=f"En tanke av {person.name}.",
        )
    group = small_group(course.page, mentor, learner)
    note = notes.hand_in(notes.note_for(group.memberships.get()), "Et notat.", 0, confirmed=True)
    NoteComment.objects.create(note=note, by=mentor, text="En kommentar.")
    settings.NOTEBOOK_KEYS = [NEW, OLD]
    return note


def said(*arguments) -> str:
    out = StringIO()
    call_command("rotate_notebook_keys", *arguments, stdout=out)
    return out.getvalue()


def as_stored(table="mentoring_note") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text FROM {table}")
        return cursor.fetchone()[0]


def test_every_encrypted_field_is_found():
    places = [place_of(field) for field in encrypted_fields()]

    assert {"mentoring.note.text", "mentoring.notecomment.text", "modules.notebookentry.text"} <= set(places)
    assert places == sorted(places)


def test_all_texts_are_readable_with_the_new_key_alone(sealed, settings, learner):
    said()
    settings.NOTEBOOK_KEYS = [NEW]

    sealed.refresh_from_db()
    assert sealed.text == "Et notat."
    assert NoteComment.objects.get().text == "En kommentar."
    assert NotebookEntry.objects.get(learner=learner).text == f"En tanke av {learner.name}."


def test_check_counts_and_changes_nothing(sealed):
    before = as_stored()
    words = said("--check")

    assert as_stored() == before
    assert "mentoring.note.text: 1 with " in words
    assert words.count("an older key") == 3


def test_a_second_run_changes_nothing(sealed):
    said()
    before = as_stored()

    words = said()

    assert as_stored() == before
    assert "mentoring.note.text: 0 renewed" in words
    assert "Every text is under the first key" in words


def test_a_text_that_is_written_meanwhile_is_not_overwritten(sealed, monkeypatch):
    encrypt = rotation.encrypt

    def while_somebody_writes(text, place):
        if place == "mentoring.note.text":
            type(sealed).objects.update(text="Nyere ord.")
        return encrypt(text, place)

    monkeypatch.setattr(rotation, "encrypt", while_somebody_writes)
    words = said()

    sealed.refresh_from_db()
    assert sealed.text == "Nyere ord."
    assert "mentoring.note.text: 0 renewed, 1 changed meanwhile" in words


def test_a_run_that_died_is_taken_up(sealed, monkeypatch):
    monkeypatch.setattr(rotation, "PORTION", 1)
    texts = iter([True])
    encrypt = rotation.encrypt

    def dies_after_one(text, place):
        next(texts)
        return encrypt(text, place)

    monkeypatch.setattr(rotation, "encrypt", dies_after_one)
    with pytest.raises(StopIteration):
        said()
    monkeypatch.setattr(rotation, "encrypt", encrypt)

    assert "Every text is under the first key" in said()


def test_rotating_refuses_to_call_it_done_when_a_key_is_missing(sealed, settings):
    settings.NOTEBOOK_KEYS = [NEW]
    before = as_stored()

    with pytest.raises(CommandError, match="4 texts are not under the first key"):
        said()
    assert as_stored() == before
    assert "no key we have" in said("--check")


@pytest.mark.parametrize("count", [1, 3])
def test_portions_leave_nobody_out(settings, course, mentor, learner, other_learner, editor, monkeypatch, count):
    settings.NOTEBOOK_KEYS = [OLD]
    monkeypatch.setattr(rotation, "PORTION", 2)
    people = [learner, other_learner, editor][:count]
    for membership in small_group(course.page, mentor, *people).memberships.all():
        notes.save(notes.note_for(membership), "Et notat.", 0)
    settings.NOTEBOOK_KEYS = [NEW, OLD]

    assert f"mentoring.note.text: {count} renewed" in said()
