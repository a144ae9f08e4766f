"""A release: made once a month from facts, never changed, and read by the pages as it was stored."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lms.accounts.models import Municipality, User
from lms.openfigures.facts import OSLO, facts_of
from lms.openfigures.models import Release, StartKey
from lms.openfigures.protection import ALL, Rule
from lms.openfigures.releases import last_month_end, next_release, numbers_of, publish
from lms.openfigures.tasks import publish_figures
from modules.enrolment import enrol
from modules.models import Attempt, Enrolment
from modules.outline import course_outline
from tests.small_course import COURSE_KEY

OCTOBER = datetime.date(2026, 10, 31)
IN_OCTOBER = datetime.datetime(2026, 10, 12, 12, tzinfo=OSLO)
IN_NOVEMBER = datetime.datetime(2026, 11, 1, 0, 5, tzinfo=OSLO)


def make_people(count, sector="kindergarten", town="0301", at=IN_OCTOBER, completed=0):
    """People who enrolled at `at`, the first of whom have completed."""
    start = User.objects.count()
    people = [
        User(email=f"person-{start + number}@example.org", name="Noen", sector=sector, municipality_id=town)
        for number in range(count)
    ]
    for number, person in enumerate(User.objects.bulk_create(people)):
        enrol(person, course_outline(COURSE_KEY, "nb"))
        mine = Enrolment.objects.filter(learner=person)
        mine.update(enrolled_at=at)
        if number < completed:
            Attempt.objects.filter(enrolment__in=mine).update(completed_at=at)


def test_facts_count_people_at_the_end_of_the_day(course):
    make_people(3, completed=2)
    make_people(2, sector="", town=None)
    make_people(1, at=datetime.datetime(2026, 10, 31, 23, 59, tzinfo=OSLO))
    make_people(1, at=datetime.datetime(2026, 11, 1, 0, 0, tzinfo=OSLO))

    facts = facts_of(OCTOBER)

    assert {label: counts for label, counts in facts.cells.items() if counts[0]} == {
        ("03", "kindergarten"): (4, 2),
        ("", ""): (2, 0),
    }
    assert facts.towns["03"] == {"0301": (4, 2)}
    assert len(facts.cells) == 16 * 12
    assert facts.events == {"groups": 0, "meetings": 0, "attendances": 0, "participants": 0}


def test_people_of_a_municipality_that_is_no_more_are_among_those_who_told_none(course):
    Municipality.objects.create(
        number="1399", name="Gamleby", county_number="13", county_name="Gamlefylket", valid_from="2000-01-01", valid_to="2019-12-31"
    )  # fmt: skip
    make_people(3, town="1399")

    assert facts_of(OCTOBER).cells["", "kindergarten"] == (3, 0)


def test_a_person_with_two_courses_is_one(course, django_assert_num_queries):
    make_people(2)
    first = Enrolment.objects.first()
    Enrolment.objects.create(
        learner=first.learner, course=first.course, course_key="00000000-0000-0000-0000-000000000009"
    )
    Enrolment.objects.update(enrolled_at=IN_OCTOBER)

    with django_assert_num_queries(6):
        facts = facts_of(OCTOBER)

    assert facts.cells["03", "kindergarten"] == (2, 0)


def test_a_month_is_published_once(course):
    make_people(20, completed=15)

    assert publish(IN_NOVEMBER) is True
    before = Release.objects.values().get()
    make_people(50)
    assert publish(IN_NOVEMBER + datetime.timedelta(days=20)) is False

    assert Release.objects.values().get() == before
    assert (before["as_of"], before["smallest"]) == (OCTOBER, 5)
    shown = {(place, sector): (enrolled, done) for place, sector, enrolled, done in before["numbers"]["people"]}
    assert 10 < shown[ALL, ALL][0] <= 20
    assert before["numbers"]["municipalities"] == []


def test_two_who_publish_at_once_make_one_release(course, monkeypatch):
    def overtaken(*args):
        Release.objects.create(as_of=OCTOBER, made_at=timezone.now(), smallest=5, numbers={"first": True})
        return {"first": False}

    monkeypatch.setattr("lms.openfigures.releases.numbers_of", overtaken)

    publish(IN_NOVEMBER)

    assert Release.objects.get().numbers == {"first": True}


def test_the_task_publishes_the_month_that_has_ended(course):
    publish_figures()

    assert Release.objects.get().as_of == last_month_end(timezone.now())


@pytest.mark.parametrize(
    ("now", "end", "following"),
    [
        ("2026-11-22T12:00+00:00", "2026-10-31", "2026-12-01"),
        ("2026-12-31T23:30+00:00", "2026-12-31", "2027-02-01"),
        ("2027-01-31T22:00+00:00", "2026-12-31", "2027-02-01"),
    ],
)
def test_months_end_in_oslo(now, end, following):
    day = last_month_end(datetime.datetime.fromisoformat(now))

    assert (day.isoformat(), next_release(day).isoformat()) == (end, following)


@pytest.mark.django_db
def test_a_release_refuses_to_be_changed():
    Release.objects.create(as_of=OCTOBER, made_at=timezone.now(), smallest=5, numbers={"people": []})

    with pytest.raises(DatabaseError, match="a release is never changed"), transaction.atomic():
        Release.objects.update(smallest=3)

    assert connection.vendor in {"sqlite", "postgresql"}
    assert Release.objects.get().smallest == 5


@pytest.mark.django_db
def test_the_secret_stays_the_same():
    assert StartKey.value() == StartKey.value()
    assert len(StartKey.value()) == 32


def test_an_erased_person_leaves_the_release_as_it_was(course):
    make_people(20)
    publish(IN_NOVEMBER)
    before = Release.objects.get().numbers
    User.objects.filter(email__startswith="person-").update(municipality=None, sector="")

    publish(IN_NOVEMBER)

    assert Release.objects.get().numbers == before


def test_municipalities_are_told_apart_only_where_there_are_enough(course):
    make_people(40)
    facts, rule = facts_of(OCTOBER), Rule(b"key", 5)

    few, many = (numbers_of(facts, rule, municipalities_from) for municipalities_from in (1000, 30))

    assert few["municipalities"] == []
    assert len(many["municipalities"]) == 357
    assert {len(line) for line in many["people"]} == {4}
    assert len(many["people"]) - len(few["people"]) == 357


def test_many_attendances_of_few_people_are_hidden(course):
    facts, rule = facts_of(OCTOBER), Rule(b"key", 5)
    facts.events.update(attendances=60, participants=4)

    events = numbers_of(facts, rule, 1000)["events"]

    assert (events["attendances"], events["participants"]) == (0, 0)


def test_no_exact_count_is_stored(course):
    make_people(3, completed=1)
    make_people(11, sector="respite", town="4601")
    publish(IN_NOVEMBER)

    numbers = Release.objects.get().numbers

    assert {value % 5 for *_, enrolled, completed in numbers["people"] for value in (enrolled, completed)} == {0}
    assert {value % 5 for value in numbers["events"].values()} == {0}
