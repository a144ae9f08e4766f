"""Whether a group is big enough, and who of it is expected (R053, R056)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mentoring.groups import create_group
from mentoring.models import Attendance, Meeting, MeetingReply, Membership
from mentoring.ready import create_from_template
from mentoring.turnout import expected_and_invited, warnings_of
from tests.people import make_person


def people(count: int) -> list:
    return [make_person(f"forelder{number}@example.org", f"Forelder {number}") for number in range(count)]


@pytest.fixture
def parents(mentor):
    return create_group(
        mentor, name="Foreldre ved Fjellro skole", package=create_from_template("parents"), mentor=mentor
    )


def fill(group, count: int) -> list[Membership]:
    return [Membership.objects.create(group=group, member=person) for person in people(count)]


def came(meeting: Meeting, memberships: list[Membership], by, status="there") -> None:
    for membership in memberships:
        Attendance.objects.create(meeting=meeting, membership=membership, status=status, by=by)
    Meeting.objects.filter(pk=meeting.pk).update(status="held", held_at=timezone.now())


def test_eight_signed_up_are_few_and_nine_are_enough(parents):
    fill(parents, 8)
    assert warnings_of(parents) == ["8 er påmeldt. Det bør være minst 9, for noen er alltid forhindret."]
    Membership.objects.create(group=parents, member=make_person("ni@example.org", "Nummer Ni"))
    assert warnings_of(parents) == []


def test_three_at_a_meeting_are_few_and_four_are_enough(parents, mentor):
    memberships = fill(parents, 9)
    first, second = parents.meetings.all()[:2]
    came(first, memberships[:2], mentor)
    came(first, memberships[2:3], mentor, "digital")
    came(first, memberships[3:], mentor, "absent")
    came(second, memberships[:4], mentor)

    assert warnings_of(parents) == ["Til møte 1 kom 3. Færre enn 4 er for få til en god samtale."]


def test_the_next_meeting_is_told_of_when_too_many_have_said_no(parents):
    memberships = fill(parents, 9)
    starts_at = timezone.now() + timedelta(days=3)
    third = parents.meetings.all()[2]
    Meeting.objects.filter(pk=third.pk).update(starts_at=starts_at, day=starts_at.date(), clock=starts_at.time())
    for membership in memberships[:5]:
        MeetingReply.objects.create(meeting=third, membership=membership, answer="no")
    assert warnings_of(parents) == []

    MeetingReply.objects.create(meeting=third, membership=memberships[5], answer="no")

    assert warnings_of(parents) == ["Til møte 3 er det bare 3 som kan komme. Det bør være minst 4."]


def test_who_has_left_counts_nowhere(parents):
    memberships = fill(parents, 9)
    Membership.objects.filter(pk=memberships[0].pk).update(left_at=timezone.now())

    assert warnings_of(parents) == ["8 er påmeldt. Det bør være minst 9, for noen er alltid forhindret."]


def test_a_group_that_has_ended_and_a_package_without_limits_warn_of_nothing(parents, mentor):
    wheel = create_group(mentor, name="Hjulet", package=create_from_template("competence_wheel"), mentor=mentor)
    parents.status = "completed"

    assert warnings_of(parents) == warnings_of(wheel) == []


def test_warnings_ask_twice_however_many_there_are(parents, django_assert_num_queries):
    fill(parents, 3)

    with django_assert_num_queries(2):
        warnings_of(parents)


def test_half_a_position_is_expected_and_less_is_invited(mentor):
    wheel = create_group(mentor, name="Hjulet", package=create_from_template("competence_wheel"), mentor=mentor)
    for person, position in zip(people(4), (100, 50, 49, None), strict=True):
        Membership.objects.create(group=wheel, member=person, position_percent=position)

    expected, invited = expected_and_invited(wheel)

    assert [[member.member.name for member in members] for members in (expected, invited)] == [
        ["Forelder 0", "Forelder 1", "Forelder 3"],
        ["Forelder 2"],
    ]
