"""The employee decides: yes, no, and later the other; each time is kept (P9, GDPR Art. 7)."""

import pytest
from django.core.exceptions import ValidationError

from lms.workplaces import sharing
from lms.workplaces.models import Consent, Employee, RequiredCourse
from modules.enrolment import current_attempt
from modules.models import CoursePage
from tests.small_course import COURSE_KEY, course_index
from tests.workplaces.ground import begin, invite


@pytest.fixture
def asked(place, leader, learner) -> Employee:
    return invite(place, leader, f"{learner.email}, Ingrid")


def history(employee) -> list[tuple[bool, str]]:
    return [(bool(one.withdrawn_at), one.ended_why) for one in Consent.objects.filter(employee=employee)]


def test_a_yes_is_a_row_with_its_time_and_wording(asked, learner):
    consent = sharing.share(asked, learner)

    asked.refresh_from_db()
    assert (consent.person, consent.wording, consent.withdrawn_at) == (learner, "2026-11", None)
    assert (asked.person, asked.declined_at) == (learner, None)


def test_a_yes_twice_is_one_row(asked, learner):
    first = sharing.share(asked, learner)

    assert sharing.share(asked, learner) == first
    assert history(asked) == [(False, "")]


def test_ceasing_twice_ends_it_once_and_keeps_the_first_time(asked, learner):
    sharing.share(asked, learner)
    sharing.do_not_share(asked, learner)
    ended = Consent.objects.get().withdrawn_at

    sharing.do_not_share(asked, learner)

    assert Consent.objects.get().withdrawn_at == ended
    assert history(asked) == [(True, "own_wish")]


def test_sharing_again_is_a_new_row(asked, learner):
    sharing.share(asked, learner)
    sharing.do_not_share(asked, learner)
    sharing.share(asked, learner)

    asked.refresh_from_db()
    assert history(asked) == [(True, "own_wish"), (False, "")]
    assert asked.declined_at is None


def test_a_no_without_an_account_binds_nobody(asked):
    sharing.do_not_share(asked)

    asked.refresh_from_db()
    assert (asked.person, asked.declined_at is None, history(asked)) == (None, False, [])


def test_taking_off_the_list_ends_sharing(asked, learner, leader):
    sharing.share(asked, learner)

    sharing.remove(asked, leader)
    sharing.remove(asked, leader)

    assert history(asked) == [(True, "removed")]
    assert asked.workplace.events.filter(kind="removed").count() == 1


def test_leaving_ends_sharing_and_takes_one_off_the_list(asked, learner):
    sharing.share(asked, learner)

    sharing.leave(asked, learner)

    asked.refresh_from_db()
    assert asked.removed_at is not None
    assert history(asked) == [(True, "own_wish")]


def test_an_answer_is_refused_when_another_account_gave_it_first(asked, learner, other_learner):
    sharing.share(asked, learner)

    for act in (sharing.share, sharing.do_not_share, sharing.leave):
        with pytest.raises(ValidationError) as refusal:
            act(asked, other_learner)
        assert refusal.value.messages == ["Invitasjonen er besvart fra en annen konto. Logg inn med den."]
    assert history(asked) == [(False, "")]


def test_a_no_without_an_account_is_refused_when_an_account_has_answered(asked, learner):
    sharing.share(asked, learner)

    with pytest.raises(ValidationError):
        sharing.do_not_share(asked)

    assert history(asked) == [(False, "")]


def test_an_answer_is_refused_when_one_is_off_the_list(asked, learner, leader):
    sharing.remove(asked, leader)

    with pytest.raises(ValidationError) as refusal:
        sharing.share(asked, learner)

    assert refusal.value.messages == ["Du står ikke på denne listen lenger."]


def test_enrolling_is_the_persons_act_and_harmless_twice(asked, learner):
    sharing.share(asked, learner)
    assert current_attempt(learner, COURSE_KEY) is None

    for _time in range(2):
        sharing.enrol_in_required(asked, learner)

    assert learner.enrolments.count() == 1
    assert sharing.lacking_courses(asked, learner) == []


def test_one_who_is_in_already_goes_on_where_they_are(asked, learner, course):
    attempt = begin(learner, course, 2)

    sharing.enrol_in_required(asked, learner)

    assert current_attempt(learner, COURSE_KEY) == attempt


def test_a_course_that_is_taken_down_is_asked_of_nobody(asked, learner, leader):
    draft = CoursePage(title="Kladd", slug="kladd", summary="x", live=False)
    course_index().add_child(instance=draft)
    RequiredCourse.objects.create(
        workplace=asked.workplace, course=draft, course_key=draft.translation_key, deadline_days=3, set_by=leader
    )

    assert [course.title for course in sharing.asked_courses(asked)] == ["Lite kurs"]


def test_what_one_shares_with_is_told_by_name(asked, learner):
    assert sharing.shared_with(learner) == []
    sharing.share(asked, learner)
    assert sharing.shared_with(learner) == ["Solbakken barnehage"]
