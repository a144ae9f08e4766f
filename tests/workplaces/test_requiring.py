"""What a workplace asks of its employees, and until when (R050, R052)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from lms.workplaces.models import RequiredCourse
from lms.workplaces.requiring import Deadline, change_deadline, deadline_of, end_requirement, require_course
from modules.freshness import renew_content
from tests.small_course import COURSE_KEY
from tests.workplaces.ground import added_days_ago, ask_for_course, invite


def test_a_course_on_the_list_twice_is_there_once_with_the_first_deadline(place, leader):
    again = ask_for_course(place, leader, days=7)

    assert (RequiredCourse.objects.count(), again.deadline_days) == (1, 30)
    assert place.events.filter(kind="course_set").count() == 1


def test_a_course_that_was_taken_off_can_be_put_on_again(place, required, leader):
    end_requirement(required, leader)
    end_requirement(required, leader)

    assert ask_for_course(place, leader, days=7).pk != required.pk
    assert place.events.filter(kind="course_ended").count() == 1


@pytest.mark.parametrize(
    ("deadline", "sentence"),
    [
        (Deadline(), "Skriv enten antall dager eller en dato."),
        (Deadline(5, date(2999, 1, 1)), "Skriv enten antall dager eller en dato."),
        (Deadline(0), "Skriv et antall dager fra 1 til 730."),
        (Deadline(731), "Skriv et antall dager fra 1 til 730."),
        (Deadline(-1), "Skriv et antall dager fra 1 til 730."),
        (Deadline(on=date(2020, 1, 1)), "Fristen må være etter i dag."),
        (Deadline(on=date(9999, 12, 31)), "Fristen kan være høyst to år fram."),
    ],
)
def test_a_deadline_is_refused_when_it_cannot_be(place, leader, required, deadline, sentence):
    for act in (
        lambda: require_course(place, COURSE_KEY, deadline, leader),
        lambda: change_deadline(required, deadline, leader),
    ):
        with pytest.raises(ValidationError) as refusal:
            act()
        assert refusal.value.messages == [sentence]


def test_a_deadline_today_is_refused(place, leader):
    with pytest.raises(ValidationError):
        require_course(place, COURSE_KEY, Deadline(on=timezone.localdate()), leader)


def test_a_course_is_refused_when_it_is_not_open_to_all(place, leader, course):
    course.page.is_pilot = True
    course.page.save_revision().publish()
    renew_content()

    for key in (COURSE_KEY, UUID(int=5)):
        with pytest.raises(ValidationError) as refusal:
            require_course(place, key, Deadline(30), leader)
        assert refusal.value.messages == ["Kurset er ikke åpent for alle."]


def test_days_count_from_when_the_employee_came(place, required, leader):
    employee = invite(place, leader)
    added_days_ago(employee, 10)
    employee.refresh_from_db()
    required.refresh_from_db()

    assert deadline_of(required, employee) == timezone.localdate() + timedelta(days=20)


def test_days_count_from_when_the_course_came_when_that_is_later(place, required, leader):
    employee = invite(place, leader)
    employee.added_at -= timedelta(days=400)

    assert deadline_of(required, employee) == timezone.localdate() + timedelta(days=30)


@time_machine.travel("2026-03-28T23:30:00Z")
def test_days_are_days_of_the_calendar_in_norway(place, required, leader):
    """Half past midnight on the 29th in Oslo, an hour before clocks go forward."""
    employee = invite(place, leader)
    required.deadline_days = 1
    employee.added_at = required.set_at = timezone.now()

    assert deadline_of(required, employee) == date(2026, 3, 30)


def test_a_date_is_the_same_for_all_who_came_before_it(place, required, leader):
    employee = invite(place, leader)
    on = timezone.localdate() + timedelta(days=3)
    change_deadline(required, Deadline(on=on), leader)

    assert deadline_of(required, employee) == on
    employee.added_at += timedelta(days=5)
    assert deadline_of(required, employee) is None


def test_a_list_has_at_most_ten_courses(place, required, leader):
    for number in range(9):
        RequiredCourse.objects.create(
            workplace=place, course_id=required.course_id, course_key=UUID(int=number), deadline_days=1, set_by=leader
        )

    with pytest.raises(ValidationError) as refusal:
        require_course(place, UUID(int=99), Deadline(30), leader)

    assert refusal.value.messages in (["Listen kan ha høyst 10 kurs."], ["Kurset er ikke åpent for alle."])
