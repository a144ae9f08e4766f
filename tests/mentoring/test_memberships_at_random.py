"""Any order of inviting, joining, leaving, replacing and ending, against a model as plain as a set (R025, R035, R036)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentoring import invitations, joining
from mentoring.access import groups_for
from mentoring.models import GroupEvent, LearningGroup, Membership
from modules.models import Attempt, Enrolment
from tests.groups_ground import small_group
from tests.people import make_person

PLACES = 3
PEOPLE = range(5)
steps = st.one_of(
    st.tuples(st.just("invite"), st.sampled_from(PEOPLE), st.booleans()),
    st.tuples(st.just("link"), st.sampled_from(PEOPLE), st.just(0)),
    st.tuples(st.just("leave"), st.sampled_from(PEOPLE), st.just(0)),
    st.tuples(st.just("remove"), st.sampled_from(PEOPLE), st.booleans()),
    st.tuples(st.just("replace"), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.tuples(st.just("meet"), st.just(0), st.just(0)),
    st.tuples(st.just("end"), st.just(0), st.just(0)),
)


class Model:
    """Who is in, who was taken out, and what has happened to the group."""

    def __init__(self):
        self.present: set[int] = set()
        self.taken_out: set[int] = set()
        self.met = self.ended = False

    def may(self, by_mentor: bool) -> bool:
        return not self.ended and (by_mentor or not self.met)

    def come(self, person: int, allowed: bool) -> None:
        if person not in self.present and allowed and not self.ended and len(self.present) < PLACES:
            self.present.add(person)
            self.taken_out.discard(person)

    def step(self, name: str, one: int, other: int) -> None:
        if name == "invite" and self.may(bool(other)):
            self.come(one, True)
        elif name == "link":
            self.come(one, not self.met and one not in self.taken_out)
        elif name == "leave" and not self.ended:
            self.present.discard(one)
        elif name == "remove" and one in self.present and self.may(bool(other)):
            self.present.discard(one)
            self.taken_out.add(one)
        elif name == "replace" and one in self.present and other not in self.present and not self.ended:
            self.present.discard(one)
            self.taken_out.add(one)
            self.come(other, True)
        elif name in {"meet", "end"}:
            self.met, self.ended = self.met or name == "meet", self.ended or name == "end"


class Real:
    """The same steps through the rules; what they refuse changes nothing."""

    def __init__(self, group, mentor, contact, people):
        self.group, self.mentor, self.contact, self.people = group, mentor, contact, people
        self.token = invitations.new_link(group, mentor)
        self.count = 0

    def membership(self, person: int) -> Membership:
        return Membership.objects.get(group=self.group, member=self.people[person], left_at=None)

    def address(self) -> str:
        self.count += 1
        return f"ny{self.count}@example.org"

    def step(self, name: str, one: int, other: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, name)(one, other)
        except (ValidationError, Membership.DoesNotExist):
            pass

    def invite(self, one, by_mentor):
        by = self.mentor if by_mentor else self.contact
        joining.accept(invitations.invite(self.group, self.address(), by=by), self.people[one])

    def link(self, one, _other):
        joining.join_by_link(self.token, self.people[one])

    def leave(self, one, _other):
        joining.leave(self.membership(one), by=self.people[one])

    def remove(self, one, by_mentor):
        joining.remove(self.membership(one), by=self.mentor if by_mentor else self.contact)

    def replace(self, one, other):
        joining.accept(joining.replace(self.membership(one), self.address(), "", self.mentor), self.people[other])

    def meet(self, _one, _other):
        self.group.meetings.filter(number=1).update(status="held", held_at=timezone.now())

    def end(self, _one, _other):
        LearningGroup.objects.filter(pk=self.group.pk).update(status="completed")
        self.group.refresh_from_db()


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.lists(steps, max_size=14))
def test_the_group_holds_whom_the_plain_model_holds(path, course, mentor):
    with transaction.atomic():
        contact = make_person("kontakt@example.org", "Karin Kontakt")
        people = [make_person(f"p{number}@example.org", f"Person {number}") for number in PEOPLE]
        group = small_group(course.page, mentor, started=False, contact=contact, max_members=PLACES)
        model, real = Model(), Real(group, mentor, contact, people)
        for step in path:
            model.step(*step)
            real.step(*step)
            there = {people.index(membership.member) for membership in joining.present_members(group)}
            assert (step, there) == (step, model.present)
        _holds_together(group, people, model)
        transaction.set_rollback(True)


def _holds_together(group, people, model):
    """What is true whatever happened: one row and one attempt a person, access for those who are in, a log that adds up."""
    memberships = Membership.objects.filter(group=group)
    assert memberships.count() == memberships.values("member").distinct().count()
    assert Attempt.objects.count() == Enrolment.objects.count() == memberships.count()
    assert {place for place, person in enumerate(people) if groups_for(person).exists()} == model.present
    came = GroupEvent.objects.filter(group=group, kind="joined").count()
    went = GroupEvent.objects.filter(group=group, kind__in=["left", "replaced"]).count()
    assert came - went == len(model.present)
    assert all((row.left_at is None) == (row.left_why == "") for row in memberships)
