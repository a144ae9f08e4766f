import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from modules.access import course_by_key_for, course_for, courses_for, lesson_for
from modules.enrolment import withdraw
from modules.freshness import renew_content
from modules.models import CoursePage, PilotTester
from tests.small_course import COURSE_KEY

FIRST = ("lite-kurs", "modul-1", "leksjon-1")


def make_pilot():
    CoursePage.objects.update(is_pilot=True)
    renew_content()


def invite(email):
    PilotTester.objects.create(course=CoursePage.objects.get(), email=email)


def test_lesson_for_an_enrolled_learner_is_open(learner, attempt):
    place = lesson_for(learner, "nb", *FIRST)

    assert (place.lesson.title, place.closed, place.attempt) == ("Første leksjon", "", attempt)


def test_lesson_for_a_visitor_is_closed_with_the_reason(outline):
    place = lesson_for(AnonymousUser(), "nb", *FIRST)

    assert place.closed == (
        "Leksjonene er åpne for alle som er påmeldt kurset. Det er gratis, og du trenger ingen forkunnskaper."
    )


def test_lesson_for_one_who_has_left_is_closed(learner, attempt):
    withdraw(attempt.enrolment)

    assert lesson_for(learner, "nb", *FIRST).attempt is None


def test_a_later_lesson_says_what_opens_it(learner, attempt):
    place = lesson_for(learner, "nb", "lite-kurs", "modul-2", "leksjon-3")

    assert place.closed == "Åpner når modul 1 er ferdig."
    assert place.opener.title == "Første leksjon"


@pytest.mark.parametrize(
    "address",
    [("annet", "modul-1", "leksjon-1"), ("lite-kurs", "annet", "leksjon-1"), ("lite-kurs", "modul-1", "leksjon-3")],
)
def test_lesson_for_refuses_when_there_is_no_such_place(learner, attempt, address):
    with pytest.raises(Http404):
        lesson_for(learner, "nb", *address)


def test_a_pilot_is_for_invited_testers_and_editors(learner, editor, outline):
    make_pilot()
    invite("LEARNER@example.org")

    assert course_for(learner, "nb", "lite-kurs").course.key == COURSE_KEY
    assert course_for(editor, "nb", "lite-kurs").course.key == COURSE_KEY


def test_a_pilot_does_not_exist_for_others(learner, other_learner, outline):
    make_pilot()
    invite("learner@example.org")

    assert courses_for(AnonymousUser(), "nb") == []
    for user in (AnonymousUser(), other_learner):
        with pytest.raises(Http404):
            course_for(user, "nb", "lite-kurs")
        with pytest.raises(Http404):
            course_by_key_for(user, "nb", COURSE_KEY)


def test_an_address_that_is_not_confirmed_opens_no_pilot(learner, outline):
    make_pilot()
    invite("learner@example.org")
    EmailAddress.objects.update(verified=False)

    with pytest.raises(Http404):
        course_for(learner, "nb", "lite-kurs")


def test_an_unpublished_course_does_not_exist(learner, course, attempt):
    course.page.unpublish()

    with pytest.raises(Http404):
        course_for(learner, "nb", "lite-kurs")
