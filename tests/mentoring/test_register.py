"""Who may lead which package today (R023, R054)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from mentoring.models import LearningGroup, MentorQualification, Package
from mentoring.register import present_groups, refusal_for, who_may_lead
from tests import people
from tests.groups_ground import small_group, small_package

TODAY = 0


@pytest.fixture
def package(course):
    return small_package(course.page)


def day(days: int):
    return timezone.localdate() + timedelta(days=days)


def qualify(person, package, trained=None, until=None):
    return MentorQualification.objects.create(
        person=person,
        package=package,
        trained_on=None if trained is None else day(trained),
        valid_until=None if until is None else day(until),
    )


def test_whoever_has_the_role_or_a_qualification_may_lead(package, mentor, learner):
    qualify(learner, package, until=TODAY)

    assert (refusal_for(mentor, package), refusal_for(learner, package)) == ("", "")


def test_others_are_refused(package, learner):
    other = Package.objects.create(name="En annen pakke")
    qualify(learner, other)

    assert refusal_for(learner, package) == "Ingrid Solheim står ikke i mentorregisteret for «Liten pakke»."


def test_a_qualification_that_has_run_out_refuses_even_with_the_role(package, mentor):
    qualify(mentor, package, until=-1)

    told = date_format(day(-1), "j. F Y")
    assert refusal_for(mentor, package) == (
        f"Godkjenningen til Marit Fjellanger gjaldt til {told}. Forny den i mentorregisteret først."
    )


def test_a_shut_account_is_refused(package, mentor):
    mentor.is_active = False

    assert refusal_for(mentor, package) == "Mentoren må ha en konto som er i bruk."


@pytest.mark.parametrize(
    ("trained", "until", "may"),
    [(-30, None, True), (TODAY, TODAY, True), (None, None, False), (1, None, False), (-30, -1, False)],
)
def test_a_package_that_needs_training_wants_it_completed_and_valid(package, mentor, trained, until, may):
    package.needs_training = True
    qualify(mentor, package, trained, until)

    assert (refusal_for(mentor, package) == "") is may


def test_the_role_alone_does_not_do_where_training_is_needed(package, mentor):
    package.needs_training = True

    assert refusal_for(mentor, package) == (
        "«Liten pakke» krever fullført mentoropplæring, og den er ikke registrert for Marit Fjellanger."
    )


def test_the_register_knows_the_groups_that_are_led_now(course, mentor, learner, django_assert_num_queries):
    planned = small_group(course.page, mentor, name="A", started=False)
    started = small_group(course.page, mentor, name="B")
    for status in ("completed", "cancelled"):
        ended = small_group(course.page, mentor, name=status)
        LearningGroup.objects.filter(pk=ended.pk).update(status=status)

    with django_assert_num_queries(1):
        led = present_groups([mentor, learner])

    assert led == {mentor.pk: [planned, started]}


@pytest.mark.parametrize("needs_training", [False, True])
def test_who_may_lead_are_those_who_are_not_refused(package, course, mentor, learner, needs_training):
    Package.objects.update(needs_training=needs_training)
    package.refresh_from_db()
    other = Package.objects.create(name="En annen pakke")
    everybody = [mentor, learner, people.make_person("utenfor@example.org", "Utenfor")]
    for number, (trained, until) in enumerate([(-30, None), (TODAY, TODAY), (None, None), (1, None), (-30, -1)]):
        for role in ("", "Mentor"):
            person = people.make_person(f"m{number}{role}@example.org", f"M {number} {role}", role=role)
            qualify(person, package, trained, until)
            everybody.append(person)
    qualify(learner, other, -30)
    everybody[3].is_active = False
    everybody[3].save()
    small_group(course.page, mentor)

    may = list(who_may_lead(package))

    assert {person.pk for person in may} == {p.pk for p in everybody if not refusal_for(p, package)}
    assert len(may) == (3 if needs_training else 8)
    assert {person.pk: person.leads for person in may}.get(mentor.pk) == (None if needs_training else 1)
