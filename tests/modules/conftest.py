"""A learner who is in the small course, and ways to be further along in it."""

import pytest

from modules.enrolment import current_attempt, enrol
from modules.models import CheckAnswer
from modules.outline import course_outline
from modules.progress import complete_lesson
from tests.small_course import COURSE_KEY


@pytest.fixture
def outline(course):
    return course_outline(COURSE_KEY, "nb")


@pytest.fixture
def attempt(learner, outline):
    enrol(learner, outline)
    return current_attempt(learner, COURSE_KEY)


@pytest.fixture
def finish(attempt):
    """A function that answers the checks of the first `count` lessons and finishes them, as the course is now."""

    def finish_lessons(count: int, of=None):
        course = course_outline(COURSE_KEY, "nb")
        done = None
        for module in course.modules:
            for lesson in module.lessons:
                if (module.number - 1) * 2 + lesson.number > count:
                    return done
                answer_all(of or attempt, lesson)
                done = complete_lesson(of or attempt, course, module, lesson)
        return done

    return finish_lessons


def answer_all(attempt, lesson):
    for check in lesson.checks:
        CheckAnswer.objects.get_or_create(
            attempt=attempt,
            check_id=check.id,
            defaults={"lesson_key": lesson.key, "answer": [], "is_right": False},
        )
