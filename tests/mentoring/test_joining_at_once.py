"""Many people at one door in the same moment: one place is one person's, one person is one member (D16, R036)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from mentoring import invitations, joining
from mentoring.models import GroupEvent, Invitation, LearningGroup, Membership
from modules.models import Enrolment
from tests.groups_ground import small_group
from tests.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


def at_once(acts):
    """What each of the functions gave, all begun together; an exception is given too."""
    together = threading.Barrier(len(acts))

    def run(act):
        together.wait(30)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - looked at by the test
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@pytest.fixture
def group(course, mentor):
    return small_group(course.page, mentor, started=False)


def test_the_last_places_are_given_once_each(group, mentor):
    LearningGroup.objects.update(max_members=3)
    token = invitations.new_link(group, mentor)
    crowd = [make_person(f"p{number}@example.org", f"Person {number}") for number in range(MANY)]

    answers = at_once([lambda person=person: joining.join_by_link(token, person) for person in crowd])

    assert sum(isinstance(answer, Membership) for answer in answers) == 3
    assert {type(answer) for answer in answers} == {Membership, ValidationError}
    assert (Membership.objects.count(), Enrolment.objects.count()) == (3, 3)


def test_pressing_many_times_at_once_joins_once(group, learner, mentor):
    asked = invitations.invite(group, "ny@example.org", by=mentor)

    answers = at_once([lambda: joining.accept(asked, learner).pk] * MANY)

    assert set(answers) == {Membership.objects.get().pk}
    assert GroupEvent.objects.filter(kind="joined").count() == 1


def test_an_invitation_is_one_persons_when_many_have_it(group, mentor):
    asked = invitations.invite(group, "ny@example.org", by=mentor)
    crowd = [make_person(f"p{number}@example.org", f"Person {number}") for number in range(MANY)]

    answers = at_once([lambda person=person: joining.accept(asked, person) for person in crowd])

    assert sum(isinstance(answer, Membership) for answer in answers) == 1
    assert Invitation.objects.get().accepted_by == Membership.objects.get().member


def test_inviting_an_address_at_once_is_one_invitation_and_one_mail(group, mentor, mailoutbox):
    answers = at_once([lambda: invitations.invite(group, "ny@example.org", by=mentor).pk] * MANY)

    assert set(answers) == {Invitation.objects.get().pk}
    assert len(mailoutbox) == 1


def test_leaving_at_once_is_leaving_once(group, learner, mentor):
    membership = joining.join(group, learner, by=mentor)

    at_once([lambda: joining.leave(Membership.objects.get(pk=membership.pk), by=learner)] * MANY)

    assert GroupEvent.objects.filter(kind="left").count() == 1
