"""Courses, packages and rounds of a year, from facts whose numbers one can count by hand (R060-R062, R070-R074)."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from lms.reports.models import Offering
from lms.reports.year import close_year, year_flags, year_report, year_tables
from mentoring.models import Application, ApplicationEvent, Attendance, LearningGroup, Meeting, Membership, Round
from modules.models import Attempt, Enrolment
from tests.groups_ground import small_group, small_package
from tests.people import make_person

OSLO = ZoneInfo("Europe/Oslo")
HISTORIES = {
    # What became of an application: its events in order; the last is where it stands.
    "completed": ["applied", "offered", "completed"],
    "moved": ["applied", "offered", "transferred"],
    "withdrew": ["applied", "offered", "withdrawn"],
    "has its place": ["applied", "waiting", "offered"],
    "other": ["applied", "other_offer"],
    "refused": ["applied", "refused"],
    "waits": ["applied", "waiting"],
    "unanswered": ["applied"],
    "withdrew early": ["applied", "withdrawn"],
}


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=OSLO)


def tables_of(year):
    return {table.key: table for table in year_tables(year)}


@pytest.fixture
def applied(course, admin):
    """Makes applications with these histories, in a round of 2025 with that many places, or in none."""

    def make(names, places=6, of="høsten 2025"):
        package = small_package(course.page)
        of = (
            of
            and Round.objects.get_or_create(
                package=package, name=of, places=places, opens_on="2025-05-01", closes_on="2025-08-31"
            )[0]
        )
        for number, name in enumerate(names):
            events = HISTORIES[name]
            person = make_person(f"{of and of.pk}-{number}@example.org", "Kari Kontakt")
            row = Application.objects.create(
                package=package,
                round=of,
                contact=person,
                workplace="Sted",
                kind="mixed",
                expected_size=5,
                status=events[-1],
            )
            Application.objects.filter(pk=row.pk).update(created_at=moment("2025-06-01T12:00"))
            for status in events:
                ApplicationEvent.objects.create(application=row, status=status, reason="Fordi.", by=admin)

    return make


def test_a_round_is_told_with_its_answers_and_its_places(applied):
    applied([*HISTORIES, "completed", "refused"])

    found = tables_of(2025)
    assert found["runder-svar"].columns == [
        *("Runde", "Søkte", "Fikk plass", "Fikk annet tilbud", "Fikk avslag", "På venteliste", "Ikke besvart"),
        "Trakk seg før svar",
    ]
    assert found["runder-svar"].rows == [["Liten pakke, høsten 2025", 11, 5, 1, 2, 1, 1, 1]]
    assert found["runder-plasser"].shown_rows == [["Liten pakke, høsten 2025", "6", "5", "2", "1", "1", "1", "33\xa0%"]]
    assert found["runder-plasser"].shown_total == ["Sum", "6", "5", "2", "1", "1", "1", ""]


def test_the_two_checks_of_a_round_say_where_the_rest_is(applied):
    applied([*HISTORIES])

    assert year_flags(2025) == [
        "Liten pakke, høsten 2025: 9 søkte, men 6 fikk svar (plass, annet tilbud eller avslag)."
        " 1 står på venteliste, 1 er ikke besvart, 1 trakk seg før svar.",
        "Liten pakke, høsten 2025: 4 fikk plass, men 3 har gjennomført, flyttet eller trukket seg."
        " 1 har plassen og er ikke ferdig.",
    ]


def test_a_round_that_adds_up_says_nothing_and_one_with_places_given_anew_says_so(applied):
    applied(["completed", "completed", "withdrew", "moved"], places=4)
    assert year_flags(2025) == []

    applied(["completed", "withdrew"], places=1, of="våren 2025")
    assert year_flags(2025) == [
        "Liten pakke, våren 2025: 2 fikk plass, men det var 1 plass. Den kan være gitt på nytt."
    ]


def test_applications_without_a_round_stand_apart_and_have_no_places(applied):
    applied(["completed", "waits"], of=None)

    found = tables_of(2025)
    assert found["runder-svar"].rows == [["Liten pakke, uten runde", 2, 1, 0, 0, 1, 0, 0]]
    assert found["runder-plasser"].shown_rows == [["Liten pakke, uten runde", "", "1", "1", "0", "0", "0", ""]]


def test_a_round_stands_in_the_year_of_its_deadline_alone(applied):
    applied(["completed"])

    assert "runder-svar" not in tables_of(2024) | tables_of(2026)


@pytest.fixture
def learning(course, mentor, learner, other_learner):
    """Two enrolments of 2025, one completed, and one of 2024; a group with a hybrid meeting and one on the spot."""
    people = [learner, other_learner, make_person("third@example.org", "Tora Tredje")]
    days = ["2025-02-01T10:00", "2025-03-01T10:00", "2024-12-31T23:59"]
    for person, day in zip(people, days, strict=True):
        enrolment = Enrolment.objects.create(learner=person, course=course.page, course_key=course.page.translation_key)
        Enrolment.objects.filter(pk=enrolment.pk).update(enrolled_at=moment(day))
        Attempt.objects.create(enrolment=enrolment, began_at=moment(day), completed_at=None)
    Attempt.objects.filter(enrolment__in=learner.enrolments.all()).update(completed_at=moment("2025-12-31T23:59"))
    group = small_group(course.page, mentor, learner, other_learner)
    LearningGroup.objects.filter(pk=group.pk).update(
        created_at=moment("2025-01-10T10:00"), started_at=moment("2025-01-11T10:00")
    )
    first, second = group.meetings.order_by("number")
    for meeting, form in ((first, "physical"), (second, "both")):
        Meeting.objects.filter(pk=meeting.pk).update(
            day="2025-04-01", clock="12:00", starts_at=moment("2025-04-01T12:00"), status="held", form=form
        )
    ours, theirs = Membership.objects.order_by("pk")
    for meeting, membership, status in (
        (first, ours, "there"),
        (first, theirs, "absent"),
        (second, ours, "digital"),
        (second, theirs, "there"),
    ):
        Attendance.objects.create(meeting=meeting, membership=membership, status=status, by=mentor)
    return group


def test_a_course_has_a_row_with_what_happened_in_the_year(learning):
    found = tables_of(2025)["nettkurs"]

    assert found.columns[1:] == [
        *("Nye påmeldinger", "Begynte", "Fullførte", "Meldte seg av", "Kursbevis", "Påmeldinger ved årets slutt"),
        "Ulike personer",
    ]
    assert [row[1:] for row in found.rows] == [[2, 2, 1, 0, 0, 3, 3]]
    assert found.total == ["Sum", 2, 2, 1, 0, 0, 3, ""]


def test_attendances_and_people_of_a_package_stand_apart_by_form(learning):
    found = tables_of(2025)["pakker"]

    assert found.columns == [
        *("Pakke", "Grupper startet", "Møter fysisk", "Møter på nett", "Møter begge deler", "Møter i alt"),
        *("Oppmøter på stedet", "Oppmøter på nett", "Oppmøter i alt", "Ulike personer", "Kursbevis"),
    ]
    assert found.rows == [["Liten pakke", 1, 1, 0, 1, 2, 2, 1, 3, 2, 0]]
    assert found.total == ["Sum", 1, 1, 0, 1, 2, 2, 1, 3, "", 0]


def test_a_meeting_that_was_moved_counts_where_it_was_held_and_a_cancelled_one_nowhere(learning):
    first, second = learning.meetings.order_by("number")
    Meeting.objects.filter(pk=first.pk).update(starts_at=moment("2026-01-01T00:00"), day="2026-01-01", clock="00:00")
    Meeting.objects.filter(pk=second.pk).update(status="cancelled")

    assert tables_of(2025)["pakker"].rows[0][5:9] == [0, 0, 0, 0]
    assert tables_of(2026)["pakker"].rows[0][5:9] == [1, 1, 0, 1]


def test_three_years_stand_side_by_side_and_a_year_without_facts_is_blank(learning):
    found = tables_of(2025)["egne"]

    assert found.columns == ["Hva", "2023", "2024", "2025"]
    assert found.rows[:3] == [
        ["Nye påmeldinger til nettkurs", "", 1, 2],
        ["Påmeldte ved utgangen av året", "", 1, 3],
        ["Fullførte nettkurs i året", "", 0, 1],
    ]


def test_a_closed_year_before_says_what_it_said_then(learning, admin):
    close_year(2024, admin)
    Enrolment.objects.all().delete()
    small_group(small_package(None).course, admin, name="En til")
    LearningGroup.objects.filter(name="En til").update(
        created_at=moment("2025-01-10T10:00"), started_at=moment("2025-01-11T10:00")
    )

    assert tables_of(2025)["egne"].rows[0] == ["Nye påmeldinger til nettkurs", "", 1, 0]


def test_offerings_stand_beside_the_years_before_also_one_that_is_no_more(db):
    Offering.objects.create(year=2023, kind="network", digital=2, participants=20)
    Offering.objects.create(year=2025, kind="webinar", digital=3, participants=90)
    Offering.objects.create(year=2025, kind="webinar", title="Webinar for foreldre", digital=1)

    found = tables_of(2025)["systemrettede-ar"]

    assert found.columns == [
        *("Tilbud", "Antall 2023", "Antall 2024", "Antall 2025"),
        *("Deltakelser 2023", "Deltakelser 2024", "Deltakelser 2025"),
    ]
    assert found.rows == [
        ["Webinarer", "", "", 3, "", "", 90],
        ["Webinar for foreldre", "", "", 1, "", "", ""],
        ["Nettverkssamlinger", 2, "", "", 20, "", ""],
    ]
    assert found.total == ["Sum", 2, "", 4, 20, "", 90]


def test_a_hybrid_day_has_attendances_of_each_form_summed_once(db):
    day = Offering(year=2025, kind="professional_day", hybrid=1, attended_there=120, attended_digitally=58, people=170)
    day.full_clean()
    day.save()

    found = tables_of(2025)
    assert found["systemrettede-form"].rows == [["Fagdager", 120, 58, "", "", 178]]
    assert found["systemrettede"].rows == [["Fagdager", 1, 0, 0, 0, 1, 178, 170]]


def test_a_year_without_facts_has_no_tables(db, admin):
    assert year_report(2025).tables == []
    assert close_year(2025, admin).tables == []
    with pytest.raises(ValidationError):
        close_year(2025, admin)
