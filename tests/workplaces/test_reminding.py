"""Reminders: a week before, the day before, once after; to those who share and lack the course; once each (B14)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from lms.workplaces import leading, reminding, sharing
from lms.workplaces.requiring import Deadline, change_deadline, end_requirement
from lms.workplaces.stopping import stop_path
from lms.workplaces.tasks import find_due_deadlines, remind_of_deadline
from tests.workplaces.ground import added_days_ago, ask_for_course, begin, invite, sharing_employee

OSLO = ZoneInfo("Europe/Oslo")


def noon() -> datetime:
    return datetime.combine(timezone.localdate(), datetime.min.time(), OSLO) + timedelta(hours=12)


@pytest.fixture
def due(employee, required):
    """A function: the course's reminders so many days after the employee came; gives back the subjects."""

    def at(days: int) -> list[str]:
        mail.outbox.clear()
        added_days_ago(employee, days)
        reminding.remind(required.pk, noon())
        return [letter.subject for letter in mail.outbox]

    return at


@pytest.mark.parametrize("days", [22, 28, 30, 38])
def test_nothing_goes_out_between(due, days):
    assert due(days) == []


def test_a_week_before_it_is_said_when(due, employee, required, learner):
    subjects = due(23)

    assert len(subjects) == 1
    assert subjects[0].startswith("Fristen for kurset er ")
    letter = mail.outbox[0]
    assert letter.to == [learner.email]
    assert "«Lite kurs»" in letter.body
    assert stop_path(employee) in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_after_a_standstill_the_week_may_come_up_to_three_days_before(due):
    assert len(due(27)) == 1


def test_the_day_before(due):
    assert due(29) == ["I morgen er fristen for kurset"]


@pytest.mark.parametrize("days", [31, 37])
def test_after_the_deadline(due, days):
    assert due(days) == ["Fristen for kurset er ute"]


def test_each_goes_once_whatever_runs_again(due, required):
    assert len(due(31)) == 1
    mail.outbox.clear()

    assert reminding.remind(required.pk, noon()) == 0
    assert mail.outbox == []


def test_a_deadline_that_moves_reminds_anew(due, required, leader):
    assert len(due(23)) == 1
    change_deadline(required, Deadline(29), leader)

    assert reminding.remind(required.pk, noon()) == 1


@pytest.mark.parametrize("who", ["completed", "declined", "stopped", "removed", "shut", "off the list"])
def test_nobody_is_reminded_who_should_not_be(due, employee, required, learner, leader, course, who):
    if who == "completed":
        begin(learner, course, 4)
    elif who == "declined":
        sharing.do_not_share(employee, learner)
    elif who == "stopped":
        Client().post(stop_path(employee), {"stop": "1"})
    elif who == "removed":
        sharing.remove(employee, leader)
    elif who == "shut":
        type(learner).objects.filter(pk=learner.pk).update(is_active=False)
    else:
        end_requirement(required, leader)

    assert due(31) == []


def test_nobody_is_reminded_while_nobody_leads_the_workplace(due, place, admin):
    leading.end_leadership(place.leaderships.get(), admin)

    assert due(31) == []


def test_one_who_has_not_answered_is_not_reminded(place, leader, required):
    employee = invite(place, leader)
    added_days_ago(employee, 31)
    mail.outbox.clear()

    assert reminding.remind(required.pk, noon()) == 0


def test_one_who_just_came_is_not_told_a_week_before(place, leader, learner, required):
    change_deadline(required, Deadline(7), leader)
    sharing_employee(place, leader, learner)

    assert reminding.remind(required.pk, noon()) == 0


@pytest.mark.parametrize(("hour", "there"), [(7, False), (8, True), (20, True), (21, False)])
def test_mail_comes_by_day(required, hour, there):
    with time_machine.travel(datetime(2027, 3, 3, hour, 30, tzinfo=OSLO)):
        assert find_due_deadlines() == ([(remind_of_deadline.name, [required.pk])] if there else [])


def test_the_task_reminds(due, employee, required):
    added_days_ago(employee, 31)
    mail.outbox.clear()

    remind_of_deadline(required.pk)
    remind_of_deadline(required.pk)

    assert [letter.subject for letter in mail.outbox] == ["Fristen for kurset er ute"]


def test_by_hand_goes_to_those_who_lack_the_course_once_a_week(employee, required, leader):
    mail.outbox.clear()
    assert [str(one.employee) for one in reminding.would_remind(required)] == ["Ingrid Solheim"]

    assert reminding.remind_by_hand(required, leader) == 1
    with pytest.raises(ValidationError) as refusal:
        reminding.remind_by_hand(required, leader)

    assert refusal.value.messages == ["Det er mindre enn en uke siden dere minnet om dette kurset."]
    assert [letter.subject for letter in mail.outbox] == ["Solbakken barnehage minner om kurset"]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        required.refresh_from_db()
        assert reminding.may_remind_at(required) is None
        assert reminding.remind_by_hand(required, leader) == 1
    assert required.workplace.events.filter(kind="reminded").count() == 2


def test_by_hand_refuses_when_nobody_lacks_the_course(employee, required, leader, learner, course):
    begin(learner, course, 4)

    with pytest.raises(ValidationError) as refusal:
        reminding.remind_by_hand(required, leader)

    required.refresh_from_db()
    assert refusal.value.messages == ["Ingen av dem som deler, mangler kurset."]
    assert required.reminded_at is None


def test_a_new_course_is_told_of_once_and_only_to_those_who_share(employee, required, leader, place):
    invite(place, leader, "taus@example.org")
    mail.outbox.clear()

    assert [reminding.tell_of_new_course(required) for _time in range(2)] == [1, 0]
    assert [letter.subject for letter in mail.outbox] == ["Solbakken barnehage ber deg ta ett kurs til"]
    assert "Du kan slutte å dele når du vil." in mail.outbox[0].body


def test_the_link_stops_and_starts_on_a_post_alone(employee, client):
    path = stop_path(employee)

    assert "Vil du slippe det?" in client.get(path).content.decode()
    employee.refresh_from_db()
    assert employee.reminders_stopped_at is None
    for _time in range(2):
        assert client.post(path, {"stop": "1"}).url == path
    assert "Du får ikke flere påminnelser" in client.get(path).content.decode()
    client.post(path, {"start": "1"})
    employee.refresh_from_db()
    assert employee.reminders_stopped_at is None


def test_the_button_of_a_mail_program_needs_no_form_of_ours(employee):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(stop_path(employee), {"List-Unsubscribe": "One-Click"}).status_code == 200

    employee.refresh_from_db()
    assert employee.reminders_stopped_at is not None


def test_the_link_is_dead_when_it_is_not_ours_or_the_person_is_off_the_list(employee, leader, client):
    path = stop_path(employee)
    assert client.get(path[:-4] + "AAA/").status_code == 404

    sharing.remove(employee, leader)

    assert client.post(path, {"stop": "1"}).status_code == 404


def test_a_course_off_the_list_and_on_again_is_no_new_occasion(due, employee, required, place, leader):
    assert len(due(23)) == 1
    reminding.remind_by_hand(required, leader)
    reminding.tell_of_new_course(required)
    deadline = max(one.deadline for one in reminding.lacking(required))
    end_requirement(required, leader)
    again = ask_for_course(place, leader, on=deadline)
    mail.outbox.clear()

    assert (reminding.remind(again.pk, noon()), reminding.tell_of_new_course(again)) == (0, 0)
    with pytest.raises(ValidationError, match="mindre enn en uke"):
        reminding.remind_by_hand(again, leader)
    assert mail.outbox == []

    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert reminding.tell_of_new_course(again) == 1
        assert reminding.remind_by_hand(again, leader) == 1
