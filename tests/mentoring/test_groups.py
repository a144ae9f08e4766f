import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from mentoring.access import group_for, groups_for
from mentoring.following import course_of, member_rows
from mentoring.models import Membership
from modules.enrolment import current_attempt, enrol
from modules.outline import course_outline
from modules.progress import complete_lesson
from tests.groups_ground import small_group
from tests.modules.conftest import answer_all
from tests.small_course import COURSE_KEY


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


def test_the_mentor_sees_modules_done_and_those_who_came_least_far_first(group, learner, other_learner, mentor):
    Membership.objects.create(group=group, member=other_learner)
    outline = course_outline(COURSE_KEY, "nb")
    enrol(learner, outline)
    attempt = current_attempt(learner, COURSE_KEY)
    for lesson in outline.modules[0].lessons:
        answer_all(attempt, lesson)
        complete_lesson(attempt, outline, outline.modules[0], lesson)

    rows = member_rows(group, course_of(group, "nb"))

    assert [(row.name, row.enrolled, row.done_count) for row in rows] == [
        (other_learner.name, False, 0),
        (learner.name, True, 1),
    ]


def test_member_rows_ask_the_same_number_of_times_for_one_and_for_three(
    group, learner, other_learner, editor, django_assert_num_queries
):
    outline = course_outline(COURSE_KEY, "nb")
    enrol(learner, outline)
    with django_assert_num_queries(4):
        member_rows(group, outline)
    for person in (other_learner, editor):
        Membership.objects.create(group=group, member=person)
        enrol(person, outline)
    with django_assert_num_queries(4):
        member_rows(group, outline)


def test_a_mentor_is_refused_as_member_of_their_own_group(group, mentor):
    with pytest.raises(ValidationError) as refusal:
        Membership(group=group, member=mentor).full_clean()
    assert refusal.value.message_dict["member"] == ["Mentoren kan ikke være deltaker i sin egen gruppe."]


def test_the_page_shows_the_mentor_everybody_and_a_member_no_progress(group, learner, mentor, signed_in):
    assert "Ikke påmeldt kurset ennå" in signed_in(mentor).get(f"/grupper/{group.pk}/").content.decode()
    assert "Ikke påmeldt kurset ennå" not in signed_in(learner).get(f"/grupper/{group.pk}/").content.decode()
