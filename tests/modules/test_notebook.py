import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from modules.models import NotebookEntry
from modules.notebook import Prompt, WrittenElsewhere, entries_of, save_entry
from tests.small_course import COURSE_KEY, PROMPT

QUESTION = "Hva tenkte du på først?"


def save(learner, course, text, version):
    return save_entry(
        learner,
        course_key=COURSE_KEY,
        lesson_key=course.lessons[2].translation_key,
        prompt=Prompt(str(PROMPT), QUESTION),
        text=text,
        version=version,
    )


def test_save_entry_keeps_the_text_and_counts_the_version(learner, course):
    first = save(learner, course, "En tanke.", 0)
    second = save(learner, course, "En tanke til.", first.version)

    assert (first.version, second.version, second.text) == (1, 2, "En tanke til.")
    assert NotebookEntry.objects.count() == 1


def test_the_text_is_unreadable_in_the_database(learner, course):
    save(learner, course, "Bare jeg ser dette.", 0)

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM modules_notebookentry")
        stored = cursor.fetchone()[0]
    assert "Bare jeg" not in stored
    assert NotebookEntry.objects.get().text == "Bare jeg ser dette."


def test_save_entry_refuses_to_overwrite_what_another_tab_saved(learner, course):
    save(learner, course, "Fra den ene fanen.", 0)
    save(learner, course, "Fra den andre fanen.", 1)

    with pytest.raises(WrittenElsewhere) as refusal:
        save(learner, course, "Fra den ene igjen.", 1)
    assert refusal.value.entry.text == "Fra den andre fanen."
    assert NotebookEntry.objects.get().text == "Fra den andre fanen."


def test_two_tabs_that_both_begin_from_nothing_do_not_overwrite_each_other(learner, course):
    save(learner, course, "Først.", 0)

    with pytest.raises(WrittenElsewhere):
        save(learner, course, "Også først.", 0)


def test_the_same_text_twice_is_one_save(learner, course):
    first = save(learner, course, "Det samme.", 0)

    assert save(learner, course, "Det samme.", 0).version == first.version


def test_save_entry_refuses_when_the_text_is_too_long(learner, course):
    with pytest.raises(ValidationError) as refusal:
        save(learner, course, "å" * 20_001, 0)
    assert refusal.value.messages == ["Teksten er for lang. Det er plass til 20 000 tegn, og du har brukt 20001."]


def test_entries_are_only_ones_own_and_only_written_ones(learner, other_learner, course):
    save(learner, course, "Min.", 0)
    save(other_learner, course, "", 0)

    assert [entry.text for entry in entries_of(learner)] == ["Min."]
    assert entries_of(other_learner) == []


def test_save_entry_stores_the_text_when_the_page_knew_a_version_that_is_gone(learner, course):
    entry = save(learner, course, "En tanke.", 3)

    assert (entry.text, entry.version, NotebookEntry.objects.count()) == ("En tanke.", 1, 1)
