"""What a leader sees of an employee: four words and a date, of those who share this moment, and nothing else (R051)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.workplaces import sharing
from lms.workplaces.following import employees_of, figures_of, standings_of
from lms.workplaces.requiring import required_courses
from modules.enrolment import enrol, withdraw
from modules.models import Attempt
from modules.outline import course_outline
from tests import people
from tests.small_course import COURSE_KEY
from tests.workplaces.ground import added_days_ago, begin, invite, sharing_employee


def seen(place) -> list[tuple]:
    standings = standings_of(list(employees_of(place)), required_courses(place))
    return [(str(one.employee), one.words, one.is_overdue) for one in standings]


def test_one_who_has_not_answered_is_shown_as_that_whatever_they_have_done(place, leader, learner, course):
    invite(place, leader, f"{learner.email}, Ingrid")
    begin(learner, course, 4)

    assert seen(place) == [("Ingrid", "har ikke svart", False)]


def test_one_who_shares_and_is_not_enrolled_has_not_begun(place, employee):
    assert seen(place) == [("Ingrid Solheim", "ikke begynt", False)]


def test_one_who_is_enrolled_without_a_finished_lesson_has_not_begun(place, employee, learner, course):
    begin(learner, course, 0)

    assert seen(place) == [("Ingrid Solheim", "ikke begynt", False)]


def test_one_who_has_finished_a_lesson_is_under_way(place, employee, learner, course):
    begin(learner, course, 1)

    assert seen(place) == [("Ingrid Solheim", "i gang", False)]


def test_one_who_has_completed_is_shown_with_the_day(place, employee, learner, course):
    attempt = begin(learner, course, 4)
    Attempt.objects.filter(pk=attempt.pk).update(completed_at="2026-03-03T23:30:00Z")

    assert seen(place) == [("Ingrid Solheim", "fullført 4. mars 2026", False)]


@pytest.mark.parametrize(("lessons", "words"), [(0, "ikke begynt"), (2, "i gang")])
def test_one_past_the_deadline_is_overdue(place, employee, learner, course, lessons, words):
    begin(learner, course, lessons)
    added_days_ago(employee, 31)

    assert seen(place) == [("Ingrid Solheim", words, True)]


def test_the_deadline_is_the_last_day(place, employee):
    added_days_ago(employee, 30)

    assert seen(place) == [("Ingrid Solheim", "ikke begynt", False)]


def test_one_who_completed_is_never_overdue(place, employee, learner, course):
    begin(learner, course, 4)
    added_days_ago(employee, 100)

    assert seen(place)[0][2] is False


def test_one_who_said_no_is_shown_as_not_sharing_and_never_overdue(place, leader, learner, course):
    employee = invite(place, leader, f"{learner.email}, Ingrid")
    sharing.do_not_share(employee, learner)
    begin(learner, course, 4)
    added_days_ago(employee, 31)

    assert seen(place) == [("Ingrid", "deler ikke", False)]


def test_a_withdrawn_consent_counts_at_once(place, employee, learner, course):
    begin(learner, course, 4)
    assert seen(place)[0][1].startswith("fullført")

    sharing.do_not_share(employee, learner)

    assert seen(place) == [("Ingrid Solheim", "deler ikke", False)]


def test_a_shut_account_is_not_shown(place, employee, learner, course):
    begin(learner, course, 4)
    learner.is_active = False
    learner.save()

    assert seen(place) == [("Ingrid Solheim", "deler ikke", False)]


def test_one_who_was_removed_is_not_on_the_list(place, employee, leader):
    sharing.remove(employee, leader)

    assert seen(place) == []


def test_a_finished_time_counts_also_when_the_person_has_begun_anew_or_left(place, employee, learner, course):
    attempt = begin(learner, course, 4)
    attempt.enrolment.attempts.create(number=2)
    withdraw(attempt.enrolment)

    assert seen(place)[0][1].startswith("fullført")


def test_figures_put_each_in_one_place_and_count_overdue_besides(place, employee, leader, other_learner, course):
    second = sharing_employee(place, leader, other_learner)
    begin(other_learner, course, 1)
    invite(place, leader, "ny@example.org")
    added_days_ago(second, 31)

    figures = figures_of(standings_of(list(employees_of(place)), required_courses(place)))

    assert (figures.not_answered, figures.not_shared, figures.not_begun) == (1, 0, 1)
    assert (figures.under_way, figures.completed, figures.overdue) == (1, 0, 1)


def test_looking_takes_as_many_queries_for_many_as_for_few(place, leader, employee, course, django_assert_num_queries):
    courses = required_courses(place)
    for number in range(12):
        person = people.make_person(f"ansatt{number}@example.org", f"Ansatt {number}")
        sharing_employee(place, leader, person)
        enrol(person, course_outline(COURSE_KEY, "nb"))
    everybody = list(employees_of(place))

    with django_assert_num_queries(2):
        standings = standings_of(everybody, courses)

    assert len(standings) == 13


def test_what_was_done_long_before_is_shared_too(place, employee, learner, course):
    attempt = begin(learner, course, 4)
    day = timezone.now() - timedelta(days=500)
    Attempt.objects.filter(pk=attempt.pk).update(completed_at=day)

    standing = standings_of([employee], required_courses(place))[0]

    assert standing.completed_on == timezone.localdate(day)
