"""Each figure on a small set whose numbers one can count by hand, and against a slow count over random sets."""

import datetime
import random
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from lms.accounts.models import Municipality
from lms.reports import queries
from lms.reports.lessons import steps_done
from lms.reports.selection import Selection
from mentoring.models import Attendance, LearningGroup, Meeting, Membership
from modules.models import Attempt, Enrolment, ModuleCompletion
from tests.groups_ground import small_group

OSLO = ZoneInfo("Europe/Oslo")
YEAR = Selection(datetime.date(2025, 1, 1), datetime.date(2025, 3, 18))


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=OSLO)


@pytest.fixture
def enrolled(course):
    """Makes an enrolment with the dates given, each a text of local time."""

    def make(email, at, *, began=None, completed=None, left=None, **person):
        user, _new = get_user_model().objects.get_or_create(email=email, defaults={"name": email} | person)
        enrolment = Enrolment.objects.create(
            learner=user, course=course.page, course_key=course.page.translation_key, withdrawn_at=left and moment(left)
        )
        Enrolment.objects.filter(pk=enrolment.pk).update(enrolled_at=moment(at))
        return Attempt.objects.create(
            enrolment=enrolment, began_at=began and moment(began), completed_at=completed and moment(completed)
        )

    return make


def test_a_hundred_enrolled_and_seven_groups_come_out_at_the_date(enrolled, course, mentor):
    for number in range(120):
        enrolled(f"p{number}@example.org", "2025-02-01T10:00" if number < 100 else "2025-03-19T00:00")
    for number in range(9):
        group = small_group(course.page, mentor, name=f"Gruppe {number}", started=number < 8)
        LearningGroup.objects.filter(pk=group.pk).update(created_at=moment("2025-02-01T10:00"))
        if number < 8:
            started = moment("2025-03-18T23:59" if number < 7 else "2025-03-19T00:00")
            LearningGroup.objects.filter(pk=group.pk).update(started_at=started)

    assert queries.enrolment_figures(YEAR)["enrolled"] == 100
    assert queries.group_figures(YEAR)["started_in_all"] == 7


def test_the_four_states_are_read_at_the_date_and_add_up(enrolled):
    enrolled("a@example.org", "2025-01-02T09:00")
    enrolled("b@example.org", "2025-01-02T09:00", began="2025-01-03T09:00")
    enrolled("c@example.org", "2025-01-02T09:00", began="2025-01-03T09:00", completed="2025-02-01T09:00")
    enrolled("d@example.org", "2025-01-02T09:00", began="2025-01-03T09:00", left="2025-02-01T09:00")
    enrolled("e@example.org", "2025-01-02T09:00", left="2025-03-18T23:59")
    enrolled("f@example.org", "2025-01-02T09:00", began="2025-01-03T09:00", completed="2025-03-19T00:00")
    enrolled("g@example.org", "2025-01-02T09:00", began="2025-03-19T00:00")
    enrolled("h@example.org", "2025-01-02T09:00", completed="2025-02-01T09:00", left="2025-03-01T09:00")

    assert queries.enrolment_figures(YEAR) == {
        "enrolled": 8,
        "people": 8,
        "started": 5,
        "completed": 2,
        "stopped": 2,
        "under_way": 2,
        "not_begun": 2,
        "newly_enrolled": 8,
        "newly_started": 4,
        "newly_completed": 2,
        "newly_stopped": 3,
    }


def test_a_person_in_two_groups_of_a_package_is_one_enrolment(enrolled, course, mentor):
    attempt = enrolled("a@example.org", "2025-01-02T09:00")
    for name in ("Gruppe 1", "Gruppe 2"):
        group = small_group(course.page, mentor, attempt.enrolment.learner, name=name)
    enrolled("b@example.org", "2025-01-02T09:00")
    chosen = Selection(YEAR.start, YEAR.end, package=group.package_id)

    assert queries.enrolment_figures(chosen)["enrolled"] == 1


def test_people_are_split_by_sector_and_county(enrolled):
    oslo, bergen = Municipality.objects.get(number="0301"), Municipality.objects.get(number="4601")
    enrolled("a@example.org", "2025-01-02T09:00", sector="kindergarten", municipality=oslo)
    enrolled("b@example.org", "2025-01-02T09:00", sector="kindergarten", municipality=oslo)
    enrolled("c@example.org", "2025-01-02T09:00", sector="kindergarten", municipality=bergen)
    enrolled("d@example.org", "2025-01-02T09:00")

    rows = queries.by_sector_and_county(YEAR)

    assert [(row["sector"], row["county"], row["enrolled"]) for row in rows] == [
        ("kindergarten", "Oslo", 2),
        ("kindergarten", "Vestland", 1),
        ("", None, 1),
    ]


def test_a_filter_by_county_or_sector_counts_only_them(enrolled):
    enrolled(
        "a@example.org", "2025-01-02T09:00", sector="respite", municipality=Municipality.objects.get(number="0301")
    )
    enrolled("b@example.org", "2025-01-02T09:00", sector="kindergarten")

    for narrow in ({"county": "03"}, {"municipality": "0301"}, {"sector": "respite"}):
        chosen = Selection(YEAR.start, YEAR.end, **narrow)
        assert queries.enrolment_figures(chosen)["enrolled"] == 1


def test_every_month_has_a_row_and_days_are_norwegian(enrolled):
    enrolled("a@example.org", "2025-01-31T23:30", began="2025-02-01T09:00", completed="2025-03-01T00:10")

    assert queries.new_per_month(YEAR) == [
        {"start": datetime.date(2025, 1, 1), "enrolled": 1, "completed": 0},
        {"start": datetime.date(2025, 2, 1), "enrolled": 0, "completed": 0},
        {"start": datetime.date(2025, 3, 1), "enrolled": 0, "completed": 1},
    ]
    weeks = {row["start"]: row["enrolled"] for row in queries.new_per_week(YEAR) if row["enrolled"]}
    assert weeks == {datetime.date(2025, 1, 27): 1}


def test_modules_are_counted_once_per_enrolment(enrolled, course):
    outline_key = course.page.translation_key
    attempt = enrolled("a@example.org", "2025-01-02T09:00", began="2025-01-03T09:00")
    again = Attempt.objects.create(enrolment=attempt.enrolment, number=2)
    for one in (attempt, again):
        done = ModuleCompletion.objects.create(attempt=one, module_key=outline_key)
        ModuleCompletion.objects.filter(pk=done.pk).update(completed_at=moment("2025-02-01T09:00"))

    assert steps_done(YEAR) == {str(outline_key): 1}


def test_attendances_and_people_are_counted_apart(course, mentor, learner, other_learner):
    group = small_group(course.page, mentor, learner, other_learner)
    first, second = group.meetings.order_by("number")
    for meeting, form in ((first, "physical"), (second, "both")):
        Meeting.objects.filter(pk=meeting.pk).update(
            day="2025-02-01", clock="12:00", starts_at=moment("2025-02-01T12:00"), status="held", form=form
        )
    ours, theirs = Membership.objects.order_by("pk")
    for meeting, membership, status in (
        (first, ours, "there"),
        (first, theirs, "absent"),
        (second, ours, "digital"),
        (second, theirs, "there"),
    ):
        Attendance.objects.create(meeting=meeting, membership=membership, status=status, by=mentor)

    assert queries.meeting_figures(YEAR) == {
        "meetings": 2,
        "physical": 1,
        "digital": 0,
        "hybrid": 1,
        "attendances": 3,
        "attended_there": 2,
        "attended_digitally": 1,
        "absences": 1,
        "people": 2,
    }


def test_random_sets_are_counted_as_a_slow_count_does(enrolled):
    chance = random.Random(7)
    day = datetime.timedelta(days=1)
    made = []
    for number in range(60):
        at = moment("2024-11-01T12:00") + chance.randrange(200) * day
        began = at + chance.randrange(20) * day if chance.random() < 0.7 else None
        completed = began + chance.randrange(40) * day if began and chance.random() < 0.5 else None
        left = at + chance.randrange(60) * day if chance.random() < 0.3 else None
        texts = [value and value.replace(tzinfo=None).isoformat() for value in (began, completed, left)]
        enrolled(
            f"p{number}@example.org",
            at.replace(tzinfo=None).isoformat(),
            began=texts[0],
            completed=texts[1],
            left=texts[2],
        )
        made.append((at, began, completed, left))

    for _again in range(10):
        start = datetime.date(2024, 11, 1) + chance.randrange(150) * day
        chosen = Selection(start, start + chance.randrange(90) * day)
        assert queries.enrolment_figures(chosen) == slow_count(made, chosen)


def slow_count(made, chosen):
    end, counts = chosen.until, dict.fromkeys(queries.enrolment_figures(chosen), 0)
    for at, began, completed, left in made:
        if at >= end:
            continue
        done, gone, on = (when is not None and when < end for when in (completed, left, began))
        state = "completed" if done else "stopped" if gone else "under_way" if on else "not_begun"
        for name, counted in {
            "enrolled": True,
            "people": True,
            "started": on or done,
            state: True,
            "newly_enrolled": at >= chosen.since,
            "newly_started": on and began >= chosen.since,
            "newly_completed": done and completed >= chosen.since,
            "newly_stopped": gone and left >= chosen.since,
        }.items():
            counts[name] += bool(counted)
    return counts


def test_the_period_before_is_as_long_or_the_same_days_of_the_year_before():
    week = Selection(datetime.date(2026, 3, 2), datetime.date(2026, 3, 8), sector="respite")
    year = Selection(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31))
    until_leap_day = Selection(datetime.date(2024, 1, 1), datetime.date(2024, 2, 29))
    two_years = Selection(datetime.date(2024, 1, 1), datetime.date(2025, 12, 31))

    assert week.before == Selection(datetime.date(2026, 2, 23), datetime.date(2026, 3, 1), sector="respite")
    assert year.before == Selection(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
    assert until_leap_day.before == Selection(datetime.date(2023, 1, 1), datetime.date(2023, 2, 28))
    assert two_years.before == Selection(datetime.date(2021, 12, 31), datetime.date(2023, 12, 31))
