import pytest
from django.core.exceptions import ValidationError

from modules.enrolment import current_attempt, current_attempts, enrol, start_again, withdraw
from modules.models import Attempt, Enrolment, LessonCompletion
from tests.small_course import COURSE_KEY


def test_enrol_gives_the_learner_a_first_attempt(learner, outline):
    enrolment = enrol(learner, outline)

    assert (enrolment.learner, enrolment.course_key, enrolment.withdrawn_at) == (learner, COURSE_KEY, None)
    assert list(enrolment.attempts.values_list("number", flat=True)) == [1]


def test_enrol_twice_returns_the_first_enrolment(learner, outline):
    first = enrol(learner, outline)

    assert enrol(learner, outline).pk == first.pk
    assert (Enrolment.objects.count(), Attempt.objects.count()) == (1, 1)


def test_withdraw_keeps_what_was_done_and_enrol_brings_it_back(learner, outline, attempt, finish):
    finish(1)

    withdraw(attempt.enrolment)
    assert Enrolment.objects.get().withdrawn_at is not None
    assert LessonCompletion.objects.count() == 1

    enrol(learner, outline)
    assert Enrolment.objects.get().withdrawn_at is None
    assert current_attempt(learner, COURSE_KEY) == attempt


def test_start_again_opens_a_new_attempt_and_keeps_the_old(learner, attempt, finish):
    finish(4)

    again = start_again(attempt.enrolment)

    assert again.number == 2
    assert current_attempt(learner, COURSE_KEY) == again
    assert attempt.lessons.count() == 4


def test_start_again_twice_is_one_new_attempt(attempt, finish):
    finish(4)

    assert start_again(attempt.enrolment) == start_again(attempt.enrolment)
    assert Attempt.objects.count() == 2


def test_start_again_refuses_when_the_course_is_not_finished(attempt, finish):
    finish(3)

    with pytest.raises(ValidationError) as refusal:
        start_again(attempt.enrolment)
    assert refusal.value.messages == ["Du kan ta kurset på nytt når du har fullført det. Det du har gjort, er lagret."]
    assert Attempt.objects.count() == 1


def test_current_attempts_are_the_latest_of_each_course(learner, attempt, finish):
    finish(4)
    again = start_again(attempt.enrolment)

    assert current_attempts(learner) == [again]
