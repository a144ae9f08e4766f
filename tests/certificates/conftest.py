"""A learner on the way through the small course, one who has finished it, and a certificate."""

import pytest

from certificates.issuing import issue_certificate
from modules.enrolment import current_attempt, enrol
from modules.models import LessonCompletion
from modules.outline import course_outline
from modules.progress import settle
from tests.group_progress import go_all_the_way
from tests.groups_ground import small_group
from tests.small_course import COURSE_KEY


def finish(attempt, course):
    """Finishes all lessons of the small course."""
    for lesson in course.lessons:
        LessonCompletion.objects.create(attempt=attempt, lesson=lesson, lesson_key=lesson.translation_key)
    settle(attempt, course_outline(COURSE_KEY, "nb"))
    return current_attempt(attempt.enrolment.learner, COURSE_KEY)


@pytest.fixture
def attempt(learner, course):
    """Enrolled, nothing done yet."""
    enrol(learner, course_outline(COURSE_KEY, "nb"))
    return current_attempt(learner, COURSE_KEY)


@pytest.fixture
def completed(attempt, course):
    """The whole course done."""
    return finish(attempt, course)


@pytest.fixture
def certificate(completed):
    return issue_certificate(completed, name="Ingrid Solheim")


@pytest.fixture
def group(course, mentor, learner):
    """The learner goes through the small package."""
    return small_group(course.page, mentor, learner)


@pytest.fixture
def member(group):
    return group.memberships.select_related("member", "group__package__course").get()


@pytest.fixture
def finished(member):
    return go_all_the_way(member)
