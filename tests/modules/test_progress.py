import pytest
from django.core.exceptions import ValidationError

from modules.freshness import renew_content
from modules.models import Attempt, CoursePage, LessonCompletion, ModuleCompletion
from modules.outline import course_outline
from modules.progress import (
    Finished,
    complete_lesson,
    missing_modules,
    next_lesson,
    settle,
    standing_of,
    why_closed,
)
from modules.settling import settle_all
from tests.modules.conftest import answer_all
from tests.small_course import COURSE_KEY


def test_complete_lesson_stores_it_once_with_the_version_that_was_read(course, outline, attempt):
    module, lesson = outline.modules[0], outline.modules[0].lessons[0]
    answer_all(attempt, lesson)

    assert complete_lesson(attempt, outline, module, lesson) == Finished()
    assert complete_lesson(attempt, outline, module, lesson) == Finished()

    stored = LessonCompletion.objects.get()
    assert (stored.lesson_key, stored.revision) == (lesson.key, course.lessons[0].live_revision_id)


def test_complete_lesson_refuses_when_a_check_is_not_answered(outline, attempt):
    module, lesson = outline.modules[0], outline.modules[0].lessons[0]

    with pytest.raises(ValidationError) as refusal:
        complete_lesson(attempt, outline, module, lesson)
    assert refusal.value.messages == ["Svar på kunnskapssjekken først."]
    assert LessonCompletion.objects.count() == 0


def test_complete_lesson_refuses_when_the_lesson_before_is_not_done(outline, attempt):
    module, lesson = outline.modules[0], outline.modules[0].lessons[1]
    answer_all(attempt, lesson)

    with pytest.raises(ValidationError) as refusal:
        complete_lesson(attempt, outline, module, lesson)
    assert refusal.value.messages == ["Åpner når leksjon 1 i denne modulen er ferdig."]


def test_complete_lesson_refuses_when_the_module_before_is_not_done(outline, attempt, finish):
    finish(1)
    module, lesson = outline.modules[1], outline.modules[1].lessons[0]
    answer_all(attempt, lesson)

    with pytest.raises(ValidationError) as refusal:
        complete_lesson(attempt, outline, module, lesson)
    assert refusal.value.messages == ["Åpner når modul 1 er ferdig."]


def test_the_last_lesson_of_a_module_finishes_the_module(finish, attempt):
    assert finish(2) == Finished(module=True)
    assert ModuleCompletion.objects.count() == 1
    assert Attempt.objects.get().completed_at is None


def test_the_last_lesson_of_all_finishes_the_course_with_its_version(finish, attempt):
    assert finish(4) == Finished(module=True, course=True)

    attempt.refresh_from_db()
    assert attempt.completed_at is not None
    assert attempt.completed_version == "2026.1"
    assert missing_modules(attempt) == []


@pytest.mark.parametrize(("order", "open_lessons"), [("lessons", [1]), ("modules", [1, 2]), ("free", [1, 2, 3, 4])])
def test_order_of_the_course_says_what_is_open_at_first(course, attempt, order, open_lessons):
    CoursePage.objects.update(order=order)
    renew_content()
    outline = course_outline(COURSE_KEY, "nb")
    standing = standing_of(attempt)

    is_open = [
        number
        for number, (module, lesson) in enumerate(((m, lesson) for m in outline.modules for lesson in m.lessons), 1)
        if why_closed(outline, standing, module, lesson) is None
    ]

    assert is_open == open_lessons


def test_what_is_done_stays_open_when_the_order_of_lessons_changes(course, attempt, finish):
    finish(2)
    course.lessons[1].move(course.lessons[0], "left")
    renew_content()
    outline = course_outline(COURSE_KEY, "nb")
    standing = standing_of(attempt)

    assert [why_closed(outline, standing, outline.modules[0], x) for x in outline.modules[0].lessons] == [None, None]
    assert next_lesson(outline, standing) == outline.modules[1].lessons[0]


def test_a_new_lesson_does_not_undo_a_finished_module(course, attempt, finish):
    finish(2)
    extra = course.lessons[3]
    extra.move(type(course.modules[0]).objects.get(pk=course.modules[0].pk), "last-child")
    renew_content()
    outline = course_outline(COURSE_KEY, "nb")
    standing = standing_of(attempt)

    assert standing.has_done(outline.modules[0])
    assert standing.percent(outline.modules[0]) == 100
    assert next_lesson(outline, standing).title == "Tredje leksjon"


def test_a_course_once_finished_stays_so_when_a_module_is_added(course, attempt, finish):
    finish(4)
    attempt.refresh_from_db()
    course.page.title = "Nytt navn"
    course.page.version_label = "2027.1"
    course.page.save_revision().publish()

    assert missing_modules(attempt) == []
    assert Attempt.objects.get().completed_version == "2026.1"


def test_settle_all_finishes_the_course_when_the_lesson_that_lacked_is_taken_down(course, attempt, finish):
    finish(3)
    course.lessons[3].unpublish()

    assert settle_all() == 1
    assert settle_all() == 0
    assert Attempt.objects.get().completed_at is not None


def test_settle_twice_has_one_effect(outline, attempt, finish):
    finish(4)
    before = Attempt.objects.get().completed_at

    assert settle(attempt, outline) == Finished()
    assert Attempt.objects.get().completed_at == before


def test_missing_modules_are_those_not_finished(outline, attempt, finish):
    finish(2)

    assert missing_modules(attempt) == [outline.modules[1]]


def test_percent_is_whole_and_100_only_at_the_end(outline, attempt, finish):
    assert standing_of(attempt).percent(outline.modules[0]) == 0
    finish(1)
    assert standing_of(attempt).percent(outline.modules[0]) == 50
    finish(2)
    assert standing_of(attempt).percent(outline.modules[0]) == 100
