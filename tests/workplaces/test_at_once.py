"""The same button pressed many times in the same moment: one consent, one mail, one leader (D16)."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from lms.workplaces import inviting, leading, reminding, sharing
from lms.workplaces.models import Consent, Employee, Leadership, RequiredCourse
from mentoring.rosters import read_text
from tests.mentoring.test_joining_at_once import at_once
from tests.people import make_person
from tests.workplaces.ground import a_workplace, ask_for_course, invite, sharing_employee

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def test_a_yes_many_times_at_once_is_one_consent(place, leader, learner):
    employee = invite(place, leader)

    answers = at_once([lambda: sharing.share(employee, learner).pk] * MANY)

    assert set(answers) == {Consent.objects.get().pk}


def test_an_invitation_is_one_persons_when_many_answer_at_once(place, leader):
    employee = invite(place, leader)
    crowd = [make_person(f"p{number}@example.org", f"Person {number}") for number in range(MANY)]

    answers = at_once(
        [lambda person=person: sharing.share(Employee.objects.get(pk=employee.pk), person) for person in crowd]
    )

    assert sum(isinstance(answer, Consent) for answer in answers) == 1
    assert {type(answer) for answer in answers} == {Consent, ValidationError}
    assert Consent.objects.get().person == Employee.objects.get().person


def test_a_list_sent_many_times_at_once_invites_once(place, leader):
    mail.outbox.clear()

    counts = at_once([lambda: inviting.invite_all(read_text("a@example.org\nb@example.org"), place, leader)] * MANY)

    assert sorted(counts) == [0] * (MANY - 1) + [2]
    assert (Employee.objects.count(), len(mail.outbox)) == (2, 2)


def test_a_reminder_by_hand_goes_once(place, leader, learner, required):
    sharing_employee(place, leader, learner)
    mail.outbox.clear()

    answers = at_once([lambda: reminding.remind_by_hand(required, leader)] * MANY)

    assert [answer for answer in answers if answer == 1] == [1]
    assert len(mail.outbox) == 1


def test_a_course_set_many_times_at_once_is_there_once(place, leader):
    RequiredCourse.objects.all().delete()

    answers = at_once([lambda: ask_for_course(place, leader).pk] * MANY)

    assert set(answers) == {RequiredCourse.objects.get().pk}


def test_a_role_given_many_times_at_once_is_one_and_asks_once(leader, admin):
    workplace = a_workplace()

    answers = at_once([lambda: leading.give_leadership(workplace, leader, "post@x.example.org", by=admin).pk] * MANY)

    assert set(answers) == {Leadership.objects.get().pk}
    assert len(mail.outbox) == 1


def test_a_yes_of_the_workplace_many_times_at_once_tells_once(leader, admin):
    leadership = leading.give_leadership(a_workplace(), leader, "post@x.example.org", by=admin)
    mail.outbox.clear()

    at_once([lambda: leading.confirm(leadership)] * MANY)

    assert len(mail.outbox) == 1
