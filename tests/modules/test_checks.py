import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from modules.checks import Check, answer_check, check_content
from modules.models import CheckAnswer
from tests.small_course import (
    FIRST_OF_SEVERAL,
    FIRST_STATEMENT,
    RIGHT,
    SECOND_OF_SEVERAL,
    SECOND_STATEMENT,
    WRONG,
)


def check_in(lesson, kind):
    return check_content(next(block for block in lesson.body if block.block_type == kind))


def form(**fields):
    posted = QueryDict(mutable=True)
    for name, values in fields.items():
        posted.setlist(name.replace("__", "-"), [str(v) for v in (values if isinstance(values, list) else [values])])
    return posted


def test_answer_to_a_single_choice_is_stored_and_right(course, attempt):
    check = check_in(course.lessons[0], "choice")

    stored = answer_check(attempt, course.lessons[0].translation_key, check, form(answer=RIGHT))

    assert (stored.answer, stored.is_right, stored.tries) == ([str(RIGHT)], True, 1)


def test_a_new_try_takes_the_place_of_the_last(course, attempt):
    check, key = check_in(course.lessons[0], "choice"), course.lessons[0].translation_key
    answer_check(attempt, key, check, form(answer=RIGHT))

    answer_check(attempt, key, check, form(answer=WRONG))

    stored = CheckAnswer.objects.get()
    assert (stored.answer, stored.is_right, stored.tries) == ([str(WRONG)], False, 2)


def test_a_wrong_answer_counts_as_answered(course, attempt):
    check, key = check_in(course.lessons[0], "choice"), course.lessons[0].translation_key

    assert answer_check(attempt, key, check, form(answer=WRONG)).is_right is False
    assert CheckAnswer.objects.count() == 1


def test_several_right_answers_are_all_needed(course, attempt):
    check, key = check_in(course.lessons[1], "choice"), course.lessons[1].translation_key

    half = answer_check(attempt, key, check, form(answer=[FIRST_OF_SEVERAL]))
    assert half.is_right is False
    whole = answer_check(attempt, key, check, form(answer=[SECOND_OF_SEVERAL, FIRST_OF_SEVERAL]))
    assert whole.is_right is True


def test_sorting_is_right_when_every_statement_is_in_its_group(course, attempt):
    check, key = check_in(course.lessons[2], "sort"), course.lessons[2].translation_key
    posted = form(**{f"answer__{FIRST_STATEMENT}": "Livstruende", f"answer__{SECOND_STATEMENT}": "Livsbegrensende"})

    assert answer_check(attempt, key, check, posted).is_right is True


@pytest.mark.parametrize("posted", [{}, {"answer": "nobody-knows-this"}])
def test_answer_refuses_when_nothing_known_is_chosen(course, attempt, posted):
    check = check_in(course.lessons[0], "choice")

    with pytest.raises(ValidationError) as refusal:
        answer_check(attempt, course.lessons[0].translation_key, check, form(**posted))
    assert refusal.value.messages == ["Velg et svar først."]
    assert CheckAnswer.objects.count() == 0


def test_sorting_refuses_when_a_statement_has_no_group(course, attempt):
    check = check_in(course.lessons[2], "sort")

    with pytest.raises(ValidationError) as refusal:
        answer_check(
            attempt,
            course.lessons[2].translation_key,
            check,
            form(**{f"answer__{FIRST_STATEMENT}": "Livstruende"}),
        )
    assert refusal.value.messages == ["Velg en gruppe for hvert utsagn først."]


def test_an_old_answer_of_another_shape_counts_as_none_chosen(course, attempt):
    content = check_in(course.lessons[2], "sort")
    answer = CheckAnswer(attempt=attempt, check_id=content.id, answer=["a", "b"], is_right=False)

    assert [item.chosen for item in Check(content, answer).statements] == ["", ""]
