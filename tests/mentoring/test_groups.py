import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from mentoring.access import group_for, groups_for
from mentoring.models import Membership
from tests.groups_ground import small_group


@pytest.fixture
def group(course, mentor, learner):
    group = small_group(course.page, mentor, name="Solbakken barnehage")
    Membership.objects.create(group=group, member=learner)
    return group


def test_the_mentor_and_the_members_find_their_group(group, mentor, learner):
    assert list(groups_for(mentor)) == [group]
    assert list(groups_for(learner)) == [group]
    assert group_for(learner, group.pk) == group


def test_the_group_refuses_when_one_is_neither(group, other_learner, admin):
    for user in (other_learner, admin):
        with pytest.raises(Http404):
            group_for(user, group.pk)


def test_the_group_refuses_when_the_member_has_left(group, learner):
    Membership.objects.update(left_at=timezone.now())

    with pytest.raises(Http404):
        group_for(learner, group.pk)


def test_a_mentor_is_refused_as_member_of_their_own_group(group, mentor):
    with pytest.raises(ValidationError) as refusal:
        Membership(group=group, member=mentor).full_clean()
    assert refusal.value.message_dict["member"] == ["Mentoren kan ikke være deltaker i sin egen gruppe."]
