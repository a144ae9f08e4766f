"""A group is planned, started, completed or cancelled, and changes hands, by rules (R020, R023, R034, R054)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.http import Http404
from django.utils import timezone

from mentoring.access import group_for
from mentoring.calendar import announce
from mentoring.forms.groups import FACTS, GroupForm
from mentoring.groups import cancel_group, complete_group, create_group, hand_over, set_contact, start_group
from mentoring.invitations import invite
from mentoring.joining import accept, join
from mentoring.models import GroupEvent, Invitation, LearningGroup, Meeting, Membership, MentorQualification
from tests.groups_ground import small_group, small_package
from tests.people import make_person


@pytest.fixture
def package(course):
    return small_package(course.page)


@pytest.fixture
def other_mentor(db):
    return make_person("annen@example.org", "Annette Vik", role="Mentor")


@pytest.fixture
def group(course, mentor):
    return small_group(course.page, mentor, started=False)


def date(meeting, days: int, **fields) -> Meeting:
    """Puts the meeting so many days from now, and tells nobody."""
    starts_at = (timezone.localtime() + timedelta(days=days)).replace(hour=14, minute=0, second=0, microsecond=0)
    values = {"day": starts_at.date(), "clock": starts_at.time(), "starts_at": starts_at, "place": "Møterommet"}
    Meeting.objects.filter(pk=meeting.pk).update(**values | fields)
    meeting.refresh_from_db()
    return meeting


def log_of(group) -> list[tuple]:
    return list(group.events.order_by("pk").values_list("kind", "by__name", "about__name"))


def refusal(call, *args, **kwargs) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return caught.value.messages


def test_a_group_begins_with_the_meetings_of_its_package_and_a_word_to_the_mentor(package, mentor, admin):
    group = create_group(admin, name="Solbakken", package=package, mentor=mentor)

    assert (group.status, group.mentor) == ("planned", mentor)
    meetings = list(group.meetings.all())
    assert [(meeting.number, meeting.title, meeting.minutes) for meeting in meetings] == [
        (1, "Første møte", 90),
        (2, "Andre møte", 90),
    ]
    assert [len(meeting.module_keys) for meeting in meetings] == [1, 1]
    assert log_of(group) == [("created", "Aud Nærland", "Marit Fjellanger")]
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["mentor@example.org"], "Du er mentor for Solbakken")
    ]


def test_creating_refuses_when_the_package_is_no_plan(package, admin):
    package.steps.all()[0].delete()

    assert refusal(create_group, admin, name="Solbakken", package=package) == [
        "Kurset har 2 moduler, men planen har 1. Hver modul skal med én gang."
    ]
    assert not LearningGroup.objects.exists()


def test_creating_refuses_when_the_mentor_is_not_in_the_register(package, learner, admin):
    assert refusal(create_group, admin, name="Solbakken", package=package, mentor=learner) == [
        "Ingrid Solheim står ikke i mentorregisteret for «Liten pakke»."
    ]


def test_creating_refuses_when_it_has_no_name(package, admin):
    assert refusal(create_group, admin, name="", package=package) == ["Feltet kan ikke være blankt."]
    assert not LearningGroup.objects.exists()


def test_a_planned_group_starts_with_its_mentor(group, admin):
    start_group(group, by=admin)

    assert (group.status, group.started_at is not None) == ("started", True)
    assert log_of(group)[-1] == ("started", "Aud Nærland", None)


def test_starting_refuses_when_there_is_no_mentor(package, admin):
    group = create_group(admin, name="Solbakken", package=package)

    assert refusal(start_group, group, by=admin) == ["Gruppen kan ikke starte uten mentor."]
    group.refresh_from_db()
    assert group.status == "planned"


def test_starting_refuses_when_the_mentor_may_not_lead_it_any_more(group, mentor, admin):
    MentorQualification.objects.create(
        person=mentor, package=group.package, valid_until=timezone.localdate() - timedelta(days=1)
    )

    assert len(refusal(start_group, group, by=admin)) == 1


@pytest.mark.parametrize("status", ["started", "completed", "cancelled"])
def test_starting_refuses_when_the_group_is_not_planned(group, admin, status):
    LearningGroup.objects.update(status=status, started_at=timezone.now())

    assert refusal(start_group, group, by=admin) == ["Bare en planlagt gruppe kan starte."]


def test_cancelling_takes_the_coming_meetings_back_and_shuts_every_way_in(group, mentor, learner, admin):
    start_group(group, by=admin)
    join(group, learner, by=mentor)
    first, second = group.meetings.all()
    date(first, -3, status=Meeting.Status.HELD)
    announce(date(second, 3))
    LearningGroup.objects.update(link_token="hemmelig")
    invitation = Invitation.objects.create(group=group, email="ny@example.org", invited_by=mentor)
    mail.outbox.clear()

    cancel_group(group, by=admin)

    assert (group.status, group.link_token, group.cancelled_at is not None) == ("cancelled", None, True)
    assert [meeting.status for meeting in group.meetings.all()] == ["held", "cancelled"]
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    told = sorted((letter.to[0], letter.subject.split(":")[0]) for letter in mail.outbox)
    assert told == [
        ("learner@example.org", "Avlyst"),
        ("learner@example.org", "Gruppen Solbakken barnehage er avlyst"),
        ("mentor@example.org", "Avlyst"),
        ("mentor@example.org", "Gruppen Solbakken barnehage er avlyst"),
    ]
    assert log_of(group)[-1] == ("cancelled", "Aud Nærland", None)
    assert len(refusal(join, group, admin, by=admin)) == 1


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_cancelling_refuses_when_the_group_has_ended(group, admin, status):
    LearningGroup.objects.update(status=status)

    assert refusal(cancel_group, group, by=admin) == ["Gruppen er allerede avsluttet."]


def test_a_group_is_completed_when_each_meeting_is_held_or_cancelled(group, admin):
    start_group(group, by=admin)
    group.meetings.filter(number=1).update(status="held")

    assert refusal(complete_group, group, by=admin) == [
        "Hvert møte må være holdt eller avlyst før gruppen er fullført. Dette står igjen: 2. Andre møte"
    ]
    group.meetings.filter(number=2).update(status="cancelled")
    complete_group(group, by=admin)

    assert (group.status, group.completed_at is not None) == ("completed", True)
    assert log_of(group)[-1] == ("completed", "Aud Nærland", None)


def test_completing_refuses_when_the_group_is_not_under_way(group, admin):
    assert refusal(complete_group, group, by=admin) == ["Bare en gruppe som er i gang kan fullføres."]


def test_handing_over_takes_the_gate_along_and_stands_in_the_log(group, mentor, other_mentor, admin):
    announce(date(group.meetings.all()[0], 3))
    mail.outbox.clear()

    hand_over(group, other_mentor, by=admin)
    hand_over(group, other_mentor, by=admin)

    assert group_for(other_mentor, group.pk) == group
    with pytest.raises(Http404):
        group_for(mentor, group.pk)
    assert log_of(group)[1:] == [("mentor", "Aud Nærland", "Annette Vik")]
    told = sorted((letter.to[0], letter.subject.split(":")[0]) for letter in mail.outbox)
    assert told == [
        ("annen@example.org", "Du er mentor for Solbakken barnehage"),
        ("annen@example.org", "Møte 1"),
        ("mentor@example.org", "Tatt ut av kalenderen din"),
    ]


def test_handing_over_refuses_when_the_new_mentor_may_not_lead_it(group, mentor, learner, admin):
    assert refusal(hand_over, group, learner, by=admin) == [
        "Ingrid Solheim står ikke i mentorregisteret for «Liten pakke»."
    ]
    group.refresh_from_db()
    assert group.mentor == mentor


def test_handing_over_refuses_when_the_new_mentor_is_a_member(group, other_mentor, admin):
    membership = Membership.objects.create(group=group, member=other_mentor)

    assert refusal(hand_over, group, other_mentor, by=admin) == [
        "Annette Vik er deltaker i gruppen og kan ikke lede den."
    ]
    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now())
    hand_over(group, other_mentor, by=admin)
    assert group.mentor == other_mentor


def test_handing_over_refuses_when_the_group_is_cancelled(group, other_mentor, admin):
    LearningGroup.objects.update(status="cancelled")

    assert refusal(hand_over, group, other_mentor, by=admin) == ["Gruppen er avlyst."]


def test_a_contact_person_comes_and_goes_and_stands_in_the_log(group, learner, admin):
    set_contact(group, learner, by=admin)
    set_contact(group, learner, by=admin)
    assert group.contact == learner
    set_contact(group, None, by=admin)

    assert group.contact is None
    assert log_of(group)[1:] == [
        ("contact", "Aud Nærland", "Ingrid Solheim"),
        ("contact", "Aud Nærland", None),
    ]


def test_a_contact_person_is_refused_when_the_account_is_shut(group, learner, admin):
    learner.is_active = False
    learner.save()

    assert refusal(set_contact, group, learner, by=admin) == ["Kontaktpersonen må ha en konto som er i bruk."]
    assert GroupEvent.objects.filter(kind="contact").count() == 0


def test_those_whom_the_former_mentor_asked_may_come_after_the_first_meeting(group, mentor, other_mentor, admin):
    asked = invite(group, "ny@example.org", by=mentor)
    hand_over(group, other_mentor, by=admin)
    group.meetings.filter(number=1).update(status="held", held_at=timezone.now())
    newcomer = make_person("ny@example.org", "Nina Ny")

    accept(asked, newcomer)

    assert group.memberships.filter(member=newcomer, left_at=None).exists()
    assert Invitation.objects.get().invited_by == other_mentor


def test_editing_the_facts_of_a_group_leaves_its_mentor_to_those_who_hand_it_over(group, other_mentor, admin):
    data = {"name": "Solbakken ny", "kind": "institution", "max_members": "", "workplace": "", "municipality": ""}
    form = modelform_factory(LearningGroup, GroupForm, fields=[*FACTS, "contact"])(data, instance=group, for_user=admin)
    assert form.is_valid(), form.errors
    hand_over(LearningGroup.objects.get(pk=group.pk), other_mentor, by=admin)

    form.save()

    group.refresh_from_db()
    assert (group.name, group.mentor) == ("Solbakken ny", other_mentor)
