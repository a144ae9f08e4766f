"""What a workplace wished for reaches whoever leads its group, and nobody else there (R033)."""

import pytest
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring.applications import apply, offer
from mentoring.groups import cancel_group, hand_over, set_contact
from mentoring.models import LearningGroup, Membership
from tests import people
from tests.groups_ground import small_group
from tests.mentoring.applying import *  # noqa: F403
from tests.mentoring.applying import facts

WISHES = "Gjerne tirsdager.\nVi vil snakke om søsken."
SHOWN = "<p>Gjerne tirsdager.<br>Vi vil snakke om søsken.</p>"


@pytest.fixture
def group(package, learner, admin, mentor):
    """The learner's, planned, and led by the mentor."""
    application, _new = apply(learner, package, facts(phone="+47 55 55 01 23", wishes=WISHES))
    return offer(application, admin, mentor=mentor).group


def page_of(group, person, signed_in, part=""):
    return signed_in(person).get(f"/grupper/{group.pk}/{part}")


def sees(group, person, signed_in):
    """Whether the person is shown the wishes, and how the contact person can be reached."""
    page = page_of(group, person, signed_in).content.decode()
    return SHOWN in page, "mailto:learner@example.org" in page, 'href="tel:+4755550123"' in page


def test_the_mentor_of_a_planned_group_sees_contact_and_wishes(group, mentor, signed_in):
    page = page_of(group, mentor, signed_in).content.decode()

    assert '<h2 id="onsker">Kontaktperson og ønsker</h2>' in page
    assert "Ingrid Solheim" in page
    assert sees(group, mentor, signed_in) == (True, True, True)


def test_once_the_group_is_under_way_they_stand_in_a_quiet_place(group, mentor, signed_in):
    LearningGroup.objects.update(status="started", started_at=timezone.now())

    page = page_of(group, mentor, signed_in).content.decode()

    assert ('id="onsker"' in page, "<summary>Kontaktperson og ønsker</summary>" in page) == (False, True)
    assert sees(group, mentor, signed_in) == (True, True, True)


def test_members_and_others_do_not_see_them(group, learner, other_learner, admin, signed_in):
    for member in (learner, other_learner):
        Membership.objects.create(group=group, member=member)

    assert page_of(group, other_learner, signed_in).status_code == 200
    assert sees(group, other_learner, signed_in) == (False, False, False)
    assert page_of(group, admin, signed_in).status_code == 404
    for part in ("", "deltakere/"):
        assert SHOWN not in page_of(group, learner, signed_in, part).content.decode()


def test_a_group_that_is_handed_over_takes_them_along(group, mentor, admin, signed_in):
    second = people.make_person("ny@example.org", "Nina Berg", role="Mentor")

    hand_over(group, second, admin)

    assert sees(group, second, signed_in) == (True, True, True)
    assert page_of(group, mentor, signed_in).status_code == 404


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_a_group_that_has_ended_shows_them_no_more(group, admin, mentor, signed_in, status):
    if status == "cancelled":
        cancel_group(group, admin)
    else:
        LearningGroup.objects.update(status=status, completed_at=timezone.now())

    assert sees(group, mentor, signed_in) == (False, False, False)


def test_a_new_contact_person_is_shown_without_the_phone_of_the_former(group, other_learner, admin, mentor, signed_in):
    set_contact(group, other_learner, admin)

    page = page_of(group, mentor, signed_in).content.decode()
    assert (SHOWN in page, "mailto:other@example.org" in page) == (True, True)
    assert ("learner@example.org" in page, "tel:" in page) == (False, False)


def test_a_group_without_contact_and_application_says_nothing_of_them(course, mentor, signed_in):
    group = small_group(course.page, mentor)

    assert "Kontaktperson" not in page_of(group, mentor, signed_in).content.decode()


def test_the_form_says_who_reads_the_application(package, learner_client):
    page = learner_client.get(f"/grupper/soknad/{package.pk}/").content.decode()

    assert (
        "Senteret leser søknaden. Får dere plass, ser mentoren hvem du er og hvordan du kan nås, og leser ønskene deres."
        in page
    )


def test_the_mentors_mail_says_where_they_are_and_not_what_they_say(queued_mail, group, mentor, course, admin):
    mail = OutgoingMail.objects.get(to=mentor.email)
    sentence = "Der finner du også kontaktpersonen deres, og ønskene fra søknaden hvis de skrev noen."
    assert (sentence in mail.message, "tirsdager" in mail.message) == (True, False)

    hand_over(small_group(course.page, None, started=False), mentor, admin)
    assert sentence not in OutgoingMail.objects.filter(to=mentor.email).latest("pk").message
