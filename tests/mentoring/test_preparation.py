import pytest

from mentoring.models import Membership
from mentoring.preparation import course_of, unfinished
from modules.enrolment import start_again, withdraw
from modules.models import Attempt
from tests.group_progress import take_modules
from tests.groups_ground import small_group


@pytest.fixture
def group(course, mentor, learner):
    return small_group(course.page, mentor, learner)


def left_before(group, number):
    [modules] = unfinished(
        Membership.objects.filter(group=group), group.meetings.get(number=number), course_of(group)
    ).values()
    return [module.number for module in modules]


@pytest.mark.parametrize(("taken", "left"), [(0, [[1], [2]]), (1, [[], [2]]), (2, [[], []])])
def test_what_is_left_before_each_meeting(group, learner, taken, left):
    take_modules(learner, taken)

    assert [left_before(group, number) for number in (1, 2)] == left


def test_a_course_that_was_finished_counts_when_it_is_taken_again_and_after_leaving_it(group, learner):
    enrolment = take_modules(learner).enrolment
    start_again(enrolment)
    assert left_before(group, 1) == []

    withdraw(enrolment)
    assert left_before(group, 1) == []


def test_a_course_that_was_left_unfinished_does_not_count(group, learner):
    withdraw(take_modules(learner, 1).enrolment)

    assert left_before(group, 1) == [1]
    assert Attempt.objects.count() == 1
