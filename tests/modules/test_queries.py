"""How often pages ask the database: the same for one and for many (L15), and few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.enrolment import enrol
from modules.freshness import renew_content
from modules.models import LessonPage
from modules.outline import course_outline
from tests.people import make_person
from tests.small_course import COURSE_KEY, _lesson, _publish, _text

FIRST, THIRD = "/kurs/lite-kurs/modul-1/leksjon-1/", "/kurs/lite-kurs/modul-2/leksjon-3/"


def queries_of(client, address):
    """The queries of a page once content is kept, as in steady state."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def grow(course):
    """More lessons, more learners: what pages must not feel."""
    for number in range(5, 15):
        _publish(course.modules[1], _lesson(number, f"Leksjon {number}", [_text("Mer.")]))
    renew_content()
    outline = course_outline(COURSE_KEY, "nb")
    for number in range(20):
        enrol(make_person(f"person{number}@example.org", f"Person {number}"), outline)
    return LessonPage.objects.count()


@pytest.mark.parametrize(
    ("address", "at_most"), [(FIRST, 8), (THIRD, 8), ("/kurs/lite-kurs/", 8), ("/min-side/", 9), ("/notatbok/", 5)]
)
def test_pages_of_a_learner_ask_seldom_and_as_often_with_many(learner_client, course, finish, address, at_most):
    finish(2)
    few = queries_of(learner_client, address)
    assert grow(course) == 14

    assert queries_of(learner_client, address) == few
    assert few <= at_most


@pytest.mark.parametrize("address", ["/", "/kurs/", "/kurs/lite-kurs/"])
def test_pages_of_a_visitor_ask_once(client, course, address):
    assert queries_of(client, address) == 1


def test_my_page_asks_as_often_with_two_courses_as_with_one(learner, learner_client, course, finish):
    finish(2)
    one = queries_of(learner_client, "/min-side/")
    second = type(course.page)(title="Kurs to", slug="kurs-to", summary="To.")
    _publish(course.page.get_parent().specific, second)
    renew_content()
    enrol(learner, course_outline(second.translation_key, "nb"))

    assert queries_of(learner_client, "/min-side/") == one
