"""Fifty identical posts at the same moment: one effect each (D16)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.http import QueryDict

from modules.checks import answer_check, check_content
from modules.enrolment import current_attempt, enrol, start_again
from modules.models import Attempt, CheckAnswer, Enrolment, LessonCompletion, ModuleCompletion, NotebookEntry
from modules.notebook import Prompt, WrittenElsewhere, save_entry
from modules.outline import course_outline
from modules.progress import complete_lesson
from tests.modules.conftest import answer_all
from tests.small_course import COURSE_KEY, PROMPT, RIGHT

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 50


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


def test_enrolling_at_once_is_one_enrolment(learner, outline):
    answers = at_once(lambda: enrol(learner, outline).pk)

    assert set(answers) == {Enrolment.objects.get().pk}
    assert Attempt.objects.count() == 1


def test_finishing_a_lesson_at_once_is_one_completion(learner, outline, attempt):
    module = outline.modules[0]
    for lesson in module.lessons:
        answer_all(attempt, lesson)
    complete_lesson(attempt, outline, module, module.lessons[0])

    answers = at_once(lambda: complete_lesson(attempt, outline, module, module.lessons[1]))

    assert [error for error in answers if isinstance(error, Exception)] == []
    assert (LessonCompletion.objects.count(), ModuleCompletion.objects.count()) == (2, 1)


def test_finishing_the_course_at_once_happens_once(learner, outline, attempt, finish):
    finish(3)
    module, lesson = outline.modules[1], outline.modules[1].lessons[1]

    answers = at_once(lambda: complete_lesson(attempt, outline, module, lesson))

    assert sum(answer.course for answer in answers) == 1
    assert Attempt.objects.get().completed_at is not None


def test_answering_at_once_is_one_answer(course, attempt):
    lesson = course.lessons[0]
    content = check_content(next(block for block in lesson.body if block.block_type == "choice"))
    posted = QueryDict(f"answer={RIGHT}")

    answers = at_once(lambda: answer_check(attempt, lesson.translation_key, content, posted).is_right)

    assert answers == [True] * MANY
    assert CheckAnswer.objects.count() == 1


def test_saving_the_same_note_at_once_is_one_note(learner, course):
    def save():
        return save_entry(
            learner,
            course_key=COURSE_KEY,
            lesson_key=course.lessons[2].translation_key,
            prompt=Prompt(str(PROMPT), "Hva?"),
            text="Det samme.",
            version=0,
        ).text

    assert at_once(save) == ["Det samme."] * MANY
    assert NotebookEntry.objects.count() == 1


def test_saving_different_notes_at_once_keeps_one_and_tells_the_others(learner, course):
    words = iter([f"Tekst {number}" for number in range(MANY)])
    lock = threading.Lock()

    def save():
        with lock:
            text = next(words)
        return save_entry(
            learner,
            course_key=COURSE_KEY,
            lesson_key=course.lessons[2].translation_key,
            prompt=Prompt(str(PROMPT), "Hva?"),
            text=text,
            version=0,
        )

    answers = at_once(save)

    kept = NotebookEntry.objects.get()
    assert [answer.text for answer in answers if isinstance(answer, NotebookEntry)] == [kept.text]
    assert {answer.entry.text for answer in answers if isinstance(answer, WrittenElsewhere)} == {kept.text}


def test_starting_again_at_once_is_one_new_attempt(learner, attempt, finish):
    finish(4)
    enrolment = current_attempt(learner, COURSE_KEY).enrolment

    answers = at_once(lambda: start_again(enrolment).number)

    assert set(answers) == {2}
    assert Attempt.objects.count() == 2


def test_outlines_asked_for_at_once_are_the_same(course):
    assert set(at_once(lambda: course_outline(COURSE_KEY, "nb").title)) == {"Lite kurs"}
