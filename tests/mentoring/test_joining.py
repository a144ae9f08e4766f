"""Who comes into a group, who goes, who takes whose place (R025, R035, R036, R122)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring import invitations, joining
from mentoring.access import groups_for
from mentoring.models import Invitation, LearningGroup, Membership
from modules.enrolment import current_attempt, enrol
from modules.models import Attempt, Enrolment
from modules.outline import course_outline
from tests.groups_ground import small_group
from tests.mentoring.joining_ground import contact, group, hold_the_first_meeting, kinds, refused
from tests.small_course import COURSE_KEY

__all__ = ["contact", "group"]


# --- Joining ----------------------------------------------------------------------------------------------------------


def test_joining_makes_a_member_enrols_in_the_course_and_is_in_the_log(group, learner, mentor):
    membership = joining.join(group, learner, by=mentor, position_percent=80)

    assert (membership.member, membership.position_percent, membership.left_at) == (learner, 80, None)
    assert current_attempt(learner, COURSE_KEY).enrolment.withdrawn_at is None
    event = group.events.get(kind="joined")
    assert (event.by, event.about) == (mentor, learner)
    assert list(joining.present_members(group)) == [membership]


def test_joining_keeps_the_one_progress_of_somebody_who_takes_the_course_alone(group, learner, mentor):
    enrol(learner, course_outline(COURSE_KEY, "nb"))
    before = current_attempt(learner, COURSE_KEY)

    joining.join(group, learner, by=mentor)

    assert current_attempt(learner, COURSE_KEY) == before
    assert (Enrolment.objects.count(), Attempt.objects.count()) == (1, 1)


def test_joining_a_group_without_a_course_enrols_nobody(mentor, learner):
    group = small_group(None, mentor)

    joining.join(group, learner, by=mentor)

    assert Enrolment.objects.count() == 0


def test_joining_twice_is_joining_once(group, learner, mentor):
    first, second = (joining.join(group, learner, by=mentor) for _time in range(2))

    assert first == second
    assert kinds(group) == ["joined"]


def test_joining_tells_the_calendar_once(group, learner, mentor, monkeypatch):
    told = []
    monkeypatch.setattr("mentoring.calendar.tell_newcomer", told.append)

    membership = joining.join(group, learner, by=mentor)
    joining.join(group, learner, by=mentor)

    assert told == [membership]


def test_one_who_left_comes_back_in_the_same_row(group, learner, mentor):
    membership = joining.join(group, learner, by=mentor, position_percent=80)
    joining.leave(membership, by=learner)

    back = joining.join(group, learner, by=learner)

    assert (back.pk, back.left_at, back.left_why, back.position_percent) == (membership.pk, None, "", 80)
    assert kinds(group) == ["joined", "left", "joined"]


def test_joining_refuses_when_the_group_is_full(group, learner, other_learner, mentor):
    LearningGroup.objects.update(max_members=1)
    joining.join(group, learner, by=mentor)

    assert refused(joining.join, group, other_learner, by=mentor) == "Gruppen er full. Det er ikke plass til flere."
    assert Membership.objects.count() == 1


def test_a_place_is_free_again_when_somebody_has_left(group, learner, other_learner, mentor):
    LearningGroup.objects.update(max_members=1)
    joining.leave(joining.join(group, learner, by=mentor), by=learner)

    assert joining.join(group, other_learner, by=mentor).left_at is None


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_joining_refuses_when_the_group_has_ended(group, learner, mentor, status):
    LearningGroup.objects.update(status=status)

    assert refused(joining.join, group, learner, by=mentor) == (
        "Gruppen er avsluttet. Da kan ingen komme til eller gå ut av den."
    )


def test_joining_refuses_the_mentor(group, mentor):
    assert refused(joining.join, group, mentor, by=mentor) == (
        "Du er mentor for denne gruppen, og kan ikke også være deltaker."
    )


def test_joining_refuses_a_shut_account(group, learner, mentor):
    learner.is_active = False

    assert refused(joining.join, group, learner, by=mentor) == "Denne kontoen er stengt."


def test_after_the_first_meeting_only_the_mentor_or_an_administrator_lets_in(group, learner, contact, mentor, admin):
    hold_the_first_meeting(group)

    for person in (learner, contact):
        assert refused(joining.join, group, learner, by=person) == (
            "Gruppen har begynt. Nå er det mentoren som bestemmer om noen nye kan bli med."
        )
    assert joining.join(group, learner, by=mentor).left_at is None
    assert joining.join(group, contact, by=admin).left_at is None


def test_a_meeting_whose_time_has_come_counts_as_the_first(group):
    assert invitations.has_met(group) is False

    soon = timezone.now() - timedelta(minutes=1)
    group.meetings.filter(number=1).update(day=soon.date(), clock=soon.time(), starts_at=soon)

    assert invitations.has_met(group) is True


# --- Leaving ----------------------------------------------------------------------------------------------------------


def test_leaving_ends_access_at_once_and_keeps_the_rest(group, learner, mentor):
    membership = joining.join(group, learner, by=mentor)

    joining.leave(membership, by=learner)

    assert list(groups_for(learner)) == []
    membership.refresh_from_db()
    assert (membership.left_why, membership.left_at is not None) == ("own_wish", True)
    assert current_attempt(learner, COURSE_KEY).enrolment.withdrawn_at is None


def test_leaving_twice_is_leaving_once(group, learner, mentor, monkeypatch):
    told = []
    monkeypatch.setattr("mentoring.calendar.tell_leaver", told.append)
    membership = joining.join(group, learner, by=mentor)

    for _time in range(2):
        joining.leave(membership, by=learner)

    assert kinds(group) == ["joined", "left"]
    assert told == [membership]


def test_leaving_refuses_when_the_group_has_ended(group, learner, mentor):
    membership = joining.join(group, learner, by=mentor)
    LearningGroup.objects.update(status="completed")
    membership.group.refresh_from_db()

    refused(joining.leave, membership, by=learner)

    membership.refresh_from_db()
    assert membership.left_at is None


def test_one_who_was_taken_out_does_not_come_back_by_the_link(group, learner, mentor):
    token = invitations.new_link(group, mentor)
    joining.remove(joining.join_by_link(token, learner), by=mentor)

    assert refused(joining.join_by_link, token, learner) == (
        "Du er ikke med i denne gruppen lenger. Spør mentoren hvis du tror det er feil."
    )


def test_one_who_was_taken_out_comes_back_by_a_newer_invitation_only(group, learner, mentor):
    old = invitations.invite(group, "annen@example.org", by=mentor)
    membership = joining.join(group, learner, by=mentor)
    joining.remove(membership, by=mentor)

    assert "ikke med i denne gruppen lenger" in refused(joining.accept, old, learner)
    Invitation.objects.update(invited_at=timezone.now() + timedelta(minutes=1))
    assert joining.accept(old, learner).pk == membership.pk


def test_taking_out_withdraws_open_invitations_to_the_person(group, learner, mentor):
    asked = Invitation.objects.create(group=group, email="learner@example.org", invited_by=mentor)
    other = invitations.invite(group, "annen@example.org", by=mentor)
    membership = joining.join(group, learner, by=mentor)

    joining.remove(membership, by=mentor)

    assert list(invitations.open_invitations(group)) == [other]
    asked.refresh_from_db()
    assert asked.withdrawn_at is not None


def test_taking_out_refuses_the_contact_after_the_first_meeting_and_others_always(group, learner, contact, mentor):
    membership = joining.join(group, learner, by=mentor)

    refused(joining.remove, membership, by=learner)
    hold_the_first_meeting(group)
    assert refused(joining.remove, membership, by=contact) == (
        "Etter det første møtet er det mentoren som bestemmer hvem som er med."
    )
    joining.remove(membership, by=mentor)
    assert membership.left_why == "removed"


# --- Replacing --------------------------------------------------------------------------------------------------------


def test_a_replacement_takes_the_place_when_they_say_yes(group, learner, other_learner, contact, mentor):
    LearningGroup.objects.update(max_members=1)
    old = joining.join(group, learner, by=mentor, position_percent=60)
    asked = joining.replace(old, "ny@example.org", "Ny", by=contact)
    assert list(joining.present_members(group)) == [old]

    new = joining.accept(asked, other_learner)

    old.refresh_from_db()
    assert (old.left_why, old.replaced_by, new.position_percent) == ("replaced", new, 60)
    assert list(joining.present_members(group)) == [new]
    assert kinds(group) == ["joined", "replaced", "joined"]


def test_a_replacement_who_is_invited_once_more_takes_nobodys_place(group, learner, other_learner, mentor):
    joining.join(group, learner, by=mentor)
    asked = joining.replace(group.memberships.get(), other_learner.email, "Jonas", mentor)
    joining.accept(asked, other_learner)
    joining.leave(group.memberships.get(member=other_learner), by=other_learner)
    joining.join(group, learner, by=mentor)

    again = invitations.invite(group, other_learner.email, by=mentor)
    joining.accept(again, other_learner)

    assert [there.member for there in joining.present_members(group)] == [learner, other_learner]


def test_nobody_has_left_when_the_replacement_cannot_come(group, learner, mentor):
    old = joining.join(group, learner, by=mentor)
    asked = joining.replace(old, "ny@example.org", "", by=mentor)

    refused(joining.accept, asked, mentor)

    old.refresh_from_db()
    assert old.left_at is None


def test_a_member_cannot_replace_somebody_and_nothing_changes(group, learner, other_learner, mentor):
    old = joining.join(group, learner, by=mentor)
    there = joining.join(group, other_learner, by=mentor)
    asked = joining.replace(old, "ny@example.org", "", by=mentor)

    assert joining.accept(asked, other_learner) == there
    assert list(invitations.open_invitations(group)) == [asked]
    assert joining.present_members(group).count() == 2


def test_replacing_refuses_the_contact_after_the_first_meeting_and_a_second_time(
    group, learner, other_learner, contact, mentor
):
    old = joining.join(group, learner, by=mentor)
    hold_the_first_meeting(group)

    refused(joining.replace, old, "ny@example.org", "", by=contact)
    joining.accept(joining.replace(old, "ny@example.org", "", by=mentor), other_learner)
    old.refresh_from_db()
    assert refused(joining.replace, old, "enda@example.org", "", by=mentor) == "Ingrid Solheim er allerede erstattet."


def test_somebody_can_be_found_for_one_who_has_left(group, learner, other_learner, mentor):
    old = joining.join(group, learner, by=mentor)
    joining.leave(old, by=learner)

    new = joining.accept(joining.replace(old, "ny@example.org", "", by=mentor), other_learner)

    old.refresh_from_db()
    assert (old.left_why, old.replaced_by) == ("own_wish", new)


# --- Confidentiality --------------------------------------------------------------------------------------------------


def test_the_first_promise_counts_and_the_others_are_shown_to_lack_it(group, learner, other_learner, mentor):
    one, other = (joining.join(group, person, by=mentor) for person in (learner, other_learner))

    joining.confirm(one)
    first = one.confirmed_at
    joining.confirm(one)

    assert one.confirmed_at == first
    assert list(joining.unconfirmed_members(group)) == [other]


def test_one_who_has_left_promises_nothing(group, learner, mentor):
    membership = joining.join(group, learner, by=mentor)
    joining.leave(membership, by=learner)

    joining.confirm(membership)

    assert membership.confirmed_at is None


def test_one_who_is_back_keeps_the_place_that_another_was_asked_into(group, learner, other_learner, mentor):
    old = joining.join(group, learner, by=mentor)
    asked = joining.replace(old, "ny@example.org", "Ny", by=mentor)
    joining.leave(old, by=learner)
    joining.join(group, learner, by=mentor)
    joining.accept(asked, other_learner)

    old.refresh_from_db()
    assert (old.left_at, old.replaced_by) == (None, None)
    assert joining.present_members(group).count() == 2
