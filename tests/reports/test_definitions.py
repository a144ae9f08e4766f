"""What each figure counts, as small worked examples: what happened, and the value. Counted live, and from kept rows.

The period is 1 January to 18 March 2025, both days included, Norwegian time.
"""

import pytest

from lms.reports.figures import report_of
from lms.reports.forms import SelectionForm
from mentoring.models import Membership
from tests.groups_ground import small_group
from tests.plain_course import plain_course
from tests.reports.facts import came, enrolled, group_at, handed_in, held, keep, lesson_done, module_done

PERIOD = {"fra": "2025-01-01", "til": "2025-03-18"}
IN = "2025-02-01T10:00"
LAST_SECOND, TOO_LATE, TOO_EARLY = "2025-03-18T23:59:59", "2025-03-19T00:00", "2024-12-31T23:59:59"

# figure, the dates of an enrolment (enrolled, first lesson, last module, taken off), how often it is counted
ENROLMENTS = [
    ("status/enrolled", (IN, None, None, None), 1),
    ("status/enrolled", (LAST_SECOND, None, None, None), 1),
    ("status/enrolled", (TOO_LATE, None, None, None), 0),
    ("status/enrolled", (TOO_EARLY, None, None, None), 1),
    ("status/enrolled", (IN, None, None, IN), 1),
    ("status/not_begun", (IN, None, None, None), 1),
    ("status/not_begun", (IN, TOO_LATE, None, None), 1),
    ("status/not_begun", (IN, IN, None, None), 0),
    ("status/not_begun", (IN, None, None, IN), 0),
    ("status/started", (IN, IN, None, None), 1),
    ("status/started", (IN, LAST_SECOND, None, None), 1),
    ("status/started", (IN, TOO_LATE, None, None), 0),
    ("status/started", (IN, IN, None, IN), 1),
    ("status/under_way", (IN, IN, None, None), 1),
    ("status/under_way", (IN, IN, TOO_LATE, None), 1),
    ("status/under_way", (IN, IN, IN, None), 0),
    ("status/under_way", (IN, IN, None, IN), 0),
    ("status/under_way", (IN, IN, None, TOO_LATE), 1),
    ("status/completed", (IN, IN, LAST_SECOND, None), 1),
    ("status/completed", (IN, IN, TOO_LATE, None), 0),
    ("status/completed", (IN, IN, IN, IN), 1),
    ("status/stopped", (IN, IN, None, LAST_SECOND), 1),
    ("status/stopped", (IN, IN, None, TOO_LATE), 0),
    ("status/stopped", (IN, IN, IN, IN), 0),
    ("nytt/newly_enrolled", ("2025-01-01T00:00", None, None, None), 1),
    ("nytt/newly_enrolled", (TOO_EARLY, None, None, None), 0),
    ("nytt/newly_started", (TOO_EARLY, IN, None, None), 1),
    ("nytt/newly_started", (TOO_EARLY, TOO_EARLY, None, None), 0),
    ("nytt/newly_completed", (TOO_EARLY, TOO_EARLY, LAST_SECOND, None), 1),
    ("nytt/newly_completed", (TOO_EARLY, TOO_EARLY, TOO_EARLY, None), 0),
    ("nytt/newly_stopped", (TOO_EARLY, None, None, IN), 1),
    ("nytt/newly_stopped", (TOO_EARLY, None, None, TOO_LATE), 0),
]


@pytest.fixture(params=["live", "kept"])
def figure(request, settings):
    """The value of a figure in the period, and of the one before it; `chosen` is a filter as in the address."""

    def value_of(name: str, **chosen: str) -> tuple[int, int]:
        if request.param == "kept":
            keep(settings)
        group, key = name.split("/")
        found = report_of(SelectionForm(PERIOD | chosen).selection()).figure(group, key)
        return found.value, found.before

    return value_of


@pytest.mark.parametrize(("name", "dates", "value"), ENROLMENTS)
def test_an_enrolment_is_counted(course, figure, name, dates, value):
    at, began, completed, left = dates
    enrolled(course.page, "a@example.org", at, began=began, completed=completed, left=left)

    assert figure(name)[0] == value


def test_one_person_in_two_courses_is_two_enrolments(course, figure):
    other = plain_course(1)
    enrolled(course.page, "a@example.org", "2024-03-18T23:59")
    enrolled(other, "a@example.org", IN)
    enrolled(other, "b@example.org", IN)

    assert figure("status/enrolled") == (3, 1)
    assert figure("status/people") == (2, 1)
    assert figure("status/people", kurs=str(other.translation_key)) == (2, 0)


def test_whoever_comes_back_or_starts_again_is_the_same_enrolment(course, figure):
    attempt = enrolled(course.page, "a@example.org", "2024-03-01T10:00", began=IN, completed=IN)
    attempt.enrolment.attempts.create(number=2)

    assert figure("status/enrolled") == (1, 1)
    assert figure("status/completed") == (1, 0)


def test_somebody_who_is_erased_is_still_counted(course, figure):
    person = enrolled(course.page, "a@example.org", IN, sector="respite").enrolment.learner
    person.is_active, person.erased_at, person.name = False, person.date_joined, ""
    person.save()

    assert figure("status/enrolled", sektor="respite") == (1, 0)


@pytest.mark.parametrize(("level", "value"), [("1", 1), ("2", 2), ("3", 0)])
def test_a_level_chooses_the_courses_that_aim_at_it(course, figure, level, value):
    other = plain_course(1)
    for page, aims in ((course.page, "1-2"), (other, "2")):
        type(page).objects.filter(pk=page.pk).update(level=aims)
        enrolled(page, "a@example.org", IN)

    assert figure("status/enrolled", niva=level)[0] == value
    assert figure("status/people", niva=level)[0] == min(value, 1)


# figure, the dates of a group (made, started, completed, cancelled), value
GROUPS = [
    ("started_in_all", (IN, LAST_SECOND, None, None), 1),
    ("started_in_all", (IN, TOO_LATE, None, None), 0),
    ("started_in_all", (IN, IN, IN, None), 1),
    ("started_in_period", (TOO_EARLY, IN, None, None), 1),
    ("started_in_period", (TOO_EARLY, TOO_EARLY, None, None), 0),
    ("planned", (IN, None, None, None), 1),
    ("planned", (IN, TOO_LATE, None, None), 1),
    ("planned", (TOO_LATE, None, None, None), 0),
    ("planned", (IN, None, None, IN), 0),
    ("under_way", (IN, IN, None, None), 1),
    ("under_way", (IN, IN, TOO_LATE, None), 1),
    ("under_way", (IN, IN, IN, None), 0),
    ("completed", (IN, IN, LAST_SECOND, None), 1),
    ("completed", (IN, IN, TOO_LATE, None), 0),
    ("cancelled", (IN, None, None, LAST_SECOND), 1),
    ("cancelled", (IN, IN, None, TOO_LATE), 0),
]


@pytest.mark.parametrize("figure", ["live"], indirect=True)
@pytest.mark.parametrize(("name", "dates", "value"), GROUPS)
def test_a_group_is_counted(course, mentor, figure, name, dates, value):
    made, started, completed, cancelled = dates
    group_at(
        small_group(course.page, mentor, started=bool(started)),
        made,
        started=started,
        completed=completed,
        cancelled=cancelled,
    )

    assert figure(f"grupper/{name}")[0] == value


# figure, when the meeting was, in which form and whether it was held, how two members were there, value
MEETINGS = [
    ("meetings", ("2025-03-18T20:00", "held"), ("there", "there"), 1),
    ("meetings", (TOO_LATE, "held"), ("there", "there"), 0),
    ("meetings", (IN, "cancelled"), ("there", "there"), 0),
    ("meetings", (IN, "planned"), ("there", "there"), 0),
    ("attendances", (IN, "held"), ("there", "digital"), 2),
    ("attendances", (IN, "held"), ("there", "excused"), 1),
    ("attended_there", (IN, "held"), ("there", "digital"), 1),
    ("attended_digitally", (IN, "held"), ("there", "digital"), 1),
    ("absences", (IN, "held"), ("excused", "absent"), 2),
    ("people", (IN, "held"), ("there", "absent"), 1),
]


@pytest.mark.parametrize("figure", ["live"], indirect=True)
@pytest.mark.parametrize(("name", "meeting", "marks", "value"), MEETINGS)
def test_a_meeting_is_counted(course, mentor, learner, other_learner, figure, name, meeting, marks, value):
    group = small_group(course.page, mentor, learner, other_learner)
    found = held(group, 1, meeting[0], status=meeting[1])
    for membership, status in zip(Membership.objects.order_by("pk"), marks, strict=True):
        came(found, membership, status, mentor)

    assert figure(f"moter/{name}")[0] == value


@pytest.mark.parametrize("figure", ["live"], indirect=True)
@pytest.mark.parametrize(("at", "value"), [(IN, 1), (LAST_SECOND, 1), (TOO_LATE, 0), (TOO_EARLY, 0), (None, 0)])
def test_a_note_is_counted_when_it_was_handed_in(course, mentor, learner, figure, at, value):
    group = small_group(course.page, mentor, learner)
    handed_in(group.memberships.get(), at)

    assert figure("moter/notes")[0] == value


@pytest.mark.parametrize("kept", [False, True])
def test_the_funnel_says_where_people_stop(course, settings, kept):
    for number, done in enumerate((0, 1, 2, 4, 4)):
        attempt = enrolled(course.page, f"p{number}@example.org", IN, began=IN if done else None)
        for lesson in course.lessons[:done]:
            lesson_done(attempt, lesson, LAST_SECOND)
        for module in course.modules[: done // 2]:
            module_done(attempt, module, LAST_SECOND)
    # Neither a second time through nor what came after the period is counted.
    again = attempt.enrolment.attempts.create(number=2)
    lesson_done(again, course.lessons[0], IN)
    lesson_done(enrolled(course.page, "late@example.org", IN), course.lessons[0], TOO_LATE)
    if kept:
        keep(settings)

    report = report_of(SelectionForm(PERIOD | {"kurs": str(course.page.translation_key)}).selection())

    assert [row[1] for row in report.table("trakt").rows] == [6, 4, 3, 2, 0]
    assert [row[2:] for row in report.table("leksjoner").rows] == [[4, ""], [3, 1], [2, 1], [2, 0]]


@pytest.mark.parametrize("kept", [False, True])
def test_lessons_are_counted_by_norwegian_weekday_and_hour(course, settings, kept):
    attempt = enrolled(course.page, "a@example.org", IN)
    # A Sunday: 01.30, and 03.10 after the clock has jumped over the hour between; then a Monday at midnight.
    for lesson, at in zip(course.lessons, ("2025-03-30T01:30", "2025-03-30T03:10", "2025-03-31T00:00"), strict=False):
        lesson_done(attempt, lesson, at)
    again = attempt.enrolment.attempts.create(number=2)
    lesson_done(again, course.lessons[0], "2025-03-30T01:59")
    if kept:
        keep(settings)

    report = report_of(SelectionForm({"fra": "2025-03-01", "til": "2025-03-31"}).selection())

    assert [row for row in report.table("ukedag-time").rows if row[-1]] == [
        ["00–01", 1, 0, 0, 0, 0, 0, 0, 1],
        ["01–02", 0, 0, 0, 0, 0, 0, 2, 2],
        ["03–04", 0, 0, 0, 0, 0, 0, 1, 1],
    ]
    assert report.table("ukedag-time").total == ["Sum", 1, 0, 0, 0, 0, 0, 3, 4]


def test_hundred_enrolled_and_seven_groups_come_out_of_the_page(course, mentor, admin, signed_in):
    other = plain_course(1)
    for number in range(90):
        enrolled(course.page, f"p{number}@example.org", "2025-02-01T10:00")
    for number in range(10):
        enrolled(other, f"p{number}@example.org", "2025-03-18T23:59")
    for number in range(13):
        enrolled(other, f"late{number}@example.org", "2025-03-19T00:00")
    for number in range(12):
        started = "2025-03-18T23:59" if number < 7 else "2025-03-19T00:00" if number < 9 else None
        group = small_group(course.page, mentor, name=f"Gruppe {number}", started=number < 9)
        group_at(group, "2025-01-15T10:00", started=started)

    page = signed_in(admin).get("/rapporter/?til=2025-03-18")

    assert "100 påmeldte og 7 grupper pr. 18.03.2025" in page.content.decode()
    report = page.context["report"]
    assert (report.figure("status", "enrolled").value, report.figure("status", "people").value) == (100, 90)
    assert report.figure("grupper", "started_in_all").value == 7


def test_half_a_percent_is_rounded_up(course):
    for number in range(8):
        enrolled(course.page, f"p{number}@example.org", IN, began=IN, completed=IN if number < 5 else None)

    report = report_of(SelectionForm(PERIOD).selection())

    assert report.figure("status", "completed").share == 63
    assert report.figure("status", "enrolled").share is None
