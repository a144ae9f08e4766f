from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentoring.attendance import make_up, may_make_up, rate_of, record, remove_make_up, standing_of, unmark
from mentoring.models import Attendance, GroupEvent, MakeUp, Meeting, Membership, Package
from mentoring.polls import answer, open_poll
from mentoring.scheduling import Slot, change
from tests.groups_ground import small_group
from tests.people import make_person

OSLO = ZoneInfo("Europe/Oslo")
REASON = "Vi snakket gjennom spørsmålene på telefon."
There = Attendance.Status


def set_time(meeting, day, clock=time(14)):
    """Gives a meeting a time without telling anybody."""
    meeting.day, meeting.clock = day, clock
    meeting.starts_at = datetime.combine(day, clock, OSLO)
    meeting.save()
    return meeting


def today():
    return timezone.now().astimezone(OSLO).date()


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def first(group):
    return set_time(group.meetings.get(number=1), today() - timedelta(days=1))


@pytest.fixture
def second(group):
    return set_time(group.meetings.get(number=2), today() + timedelta(days=27))


@pytest.fixture
def membership(group, learner):
    return group.memberships.get(member=learner)


def standing(membership):
    return standing_of([membership])[membership.pk]


def refusal(rule, *args):
    with pytest.raises(ValidationError) as caught:
        rule(*args)
    return caught.value.messages


def test_a_first_mark_makes_the_meeting_held(first, second, membership, mentor):
    record(first, membership, There.THERE, mentor)

    first.refresh_from_db()
    assert (first.status, first.held_at) == (Meeting.Status.HELD, first.starts_at)
    assert standing(membership).counted == 1
    assert not GroupEvent.objects.filter(kind="attendance").exists()


def test_attendance_counts_against_planned_meetings(first, second, membership, mentor):
    record(first, membership, There.DIGITAL, mentor)

    now = standing(membership)
    assert (now.counted, now.planned, now.required, now.missing) == (1, 2, 2, 1)
    assert [(mark.meeting.number, mark.status) for mark in now.marks] == [(1, "digital"), (2, "")]


def test_the_same_mark_twice_is_one(first, membership, mentor):
    record(first, membership, There.THERE, mentor)
    record(first, membership, There.THERE, mentor)

    assert Attendance.objects.count() == 1
    assert not GroupEvent.objects.filter(kind="attendance").exists()


def test_a_correction_is_in_the_log_with_old_and_new(first, membership, mentor, learner):
    record(first, membership, There.ABSENT, mentor)
    record(first, membership, There.THERE, mentor)

    event = GroupEvent.objects.get(kind="attendance")
    assert (event.detail, event.by, event.about) == ("Møte 1: ikke til stede → til stede", mentor, learner)


def test_undoing_the_only_mark_makes_the_meeting_planned_again(first, membership, mentor):
    record(first, membership, There.THERE, mentor)
    unmark(first, membership, mentor)
    unmark(first, membership, mentor)

    first.refresh_from_db()
    assert (first.status, first.held_at) == (Meeting.Status.PLANNED, None)
    assert GroupEvent.objects.get(kind="attendance").detail == "Møte 1: til stede → ikke ført"


def test_an_absence_told_before_the_hour_does_not_hold_the_meeting(group, membership, mentor, time_machine):
    meeting = set_time(group.meetings.get(number=1), datetime(2027, 3, 9).date())
    time_machine.move_to(datetime(2027, 3, 9, 8, tzinfo=OSLO), tick=False)
    record(meeting, membership, There.EXCUSED, mentor)
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.PLANNED

    time_machine.move_to(datetime(2027, 3, 9, 14, 5, tzinfo=OSLO), tick=False)
    record(meeting, group.memberships.exclude(pk=membership.pk).get(), There.ABSENT, mentor)
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.HELD


def test_a_mark_refuses_when_the_meeting_comes_on_a_later_day(second, membership, mentor, time_machine):
    # Five to midnight in Oslo is the day before there, whatever the day is in UTC.
    set_time(second, datetime(2027, 6, 9).date(), time(0, 30))
    time_machine.move_to(datetime(2027, 6, 8, 23, 55, tzinfo=OSLO), tick=False)
    assert refusal(record, second, membership, "there", mentor) == ["Oppmøtet kan føres fra og med dagen møtet er."]

    time_machine.move_to(datetime(2027, 6, 9, 0, 5, tzinfo=OSLO), tick=False)
    assert record(second, membership, "there", mentor).status == "there"


def test_a_mark_refuses_when_there_is_no_meeting_to_mark(group, first, membership, mentor):
    unset = group.meetings.get(number=2)
    assert refusal(record, unset, membership, "there", mentor) == ["Møtet har ikke fått noe tidspunkt ennå."]

    Meeting.objects.filter(pk=first.pk).update(status="cancelled")
    assert refusal(record, first, membership, "there", mentor) == [
        "Møtet er avlyst. Da er det ikke noe oppmøte å føre."
    ]


def test_a_mark_refuses_when_it_is_no_mark(first, membership, mentor):
    assert refusal(record, first, membership, "late", mentor) == ["Velg hvordan deltakeren var med."]


def test_a_mark_refuses_when_the_member_is_of_another_group(course, first, mentor, learner):
    stranger = small_group(course.page, mentor, learner, name="En annen").memberships.get()

    assert refusal(record, first, stranger, "there", mentor) == ["Deltakeren er ikke med i denne gruppen."]


def test_a_mark_refuses_when_the_member_had_left_before(first, membership, mentor):
    membership.left_at = first.starts_at - timedelta(days=2)
    membership.save()
    assert refusal(record, first, membership, "there", mentor) == ["Deltakeren hadde sluttet før møtet."]

    membership.left_at = first.starts_at + timedelta(hours=20)
    membership.save()
    assert record(first, membership, "there", mentor).status == "there"


def test_a_missed_meeting_is_made_up_with_a_reason(first, second, membership, mentor, learner):
    record(first, membership, There.EXCUSED, mentor)
    made = make_up(first, membership, f"  {REASON} ", mentor)
    again = make_up(first, membership, "Noe ganske annet enn sist.", mentor)

    assert (made.reason, again) == (REASON, made)
    assert standing(membership).counted == 1
    event = GroupEvent.objects.get(kind="make_up")
    assert (event.detail, event.about) == ("Møte 1: tatt igjen", learner)


def test_a_make_up_is_removed_and_the_log_keeps_it(first, membership, mentor):
    record(first, membership, There.ABSENT, mentor)
    make_up(first, membership, REASON, mentor)
    remove_make_up(first, membership, mentor)
    remove_make_up(first, membership, mentor)

    assert standing(membership).counted == 0
    assert [event.detail for event in GroupEvent.objects.filter(kind="make_up")] == [
        "Møte 1: tatt igjen",
        "Møte 1: ikke lenger tatt igjen",
    ]


def test_a_make_up_goes_when_it_turns_out_that_the_member_came(first, membership, mentor):
    record(first, membership, There.ABSENT, mentor)
    make_up(first, membership, REASON, mentor)
    record(first, membership, There.THERE, mentor)

    assert not MakeUp.objects.exists()
    assert standing(membership).counted == 1


def test_a_make_up_refuses_when_one_is_used_already(group, first, membership, mentor):
    other = set_time(group.meetings.get(number=2), today() - timedelta(days=1))
    for meeting in (first, other):
        record(meeting, membership, There.ABSENT, mentor)
    make_up(first, membership, REASON, mentor)

    assert refusal(make_up, other, membership, REASON, mentor) == [
        "Pakken lar en deltaker ta igjen 1 møter, og de er brukt."
    ]


def test_a_make_up_refuses_when_the_meeting_was_not_missed(first, second, membership, mentor):
    assert refusal(make_up, second, membership, REASON, mentor) == [
        "Bare et møte som er holdt eller avlyst, kan tas igjen."
    ]

    record(first, membership, There.THERE, mentor)
    assert refusal(make_up, first, membership, REASON, mentor) == [
        "Bare et møte som deltakeren ikke var med på, kan tas igjen."
    ]


@pytest.mark.parametrize("reason", ["", "   ", "Telefon.", "x" * 40])
def test_a_make_up_refuses_when_the_reason_is_no_sentence(first, membership, mentor, reason):
    record(first, membership, There.ABSENT, mentor)

    assert refusal(make_up, first, membership, reason, mentor) == [
        "Skriv i minst én setning hva deltakeren gjorde i stedet."
    ]


def test_undoing_refuses_when_the_meeting_is_made_up(first, membership, mentor):
    record(first, membership, There.ABSENT, mentor)
    make_up(first, membership, REASON, mentor)

    assert refusal(unmark, first, membership, mentor) == ["Møtet er ført som tatt igjen. Ta bort det først."]


def cancel(meeting):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    return Meeting.objects.get(pk=meeting.pk)


def test_a_cancelled_meeting_lacks_and_is_no_part_of_the_rate(first, second, membership, mentor):
    record(first, membership, There.THERE, mentor)
    cancel(second)

    now = standing(membership)
    assert (now.counted, now.planned, now.required, now.missing) == (1, 1, 2, 1)
    assert [mark.meeting.number for mark in now.every] == [1, 2]
    rate = rate_of([now])
    assert (rate.came, rate.expected) == (1, 1)


def test_a_cancelled_meeting_that_is_held_after_all_lacks_nobody(first, second, membership, mentor):
    record(first, membership, There.THERE, mentor)
    back = cancel(second)
    change(back, mentor, slot=Slot(today() - timedelta(days=1), time(18)), was=True)
    record(back, membership, There.THERE, mentor)

    assert standing(membership).missing == 0


def test_a_cancelled_meeting_is_made_up_within_the_limit_of_the_package(first, second, membership, mentor):
    record(first, membership, There.THERE, mentor)
    cancelled = cancel(second)
    assert may_make_up(membership, cancelled, standing(membership))
    make_up(cancelled, membership, REASON, mentor)

    now = standing(membership)
    assert (now.counted, now.required, now.missing, now.made_up) == (2, 2, 0, 1)
    assert not may_make_up(membership, cancelled, now)


def test_a_second_make_up_of_cancelled_meetings_refuses(group, first, second, membership, mentor):
    make_up(cancel(first), membership, REASON, mentor)

    assert not may_make_up(membership, cancel(second), standing(membership))
    assert refusal(make_up, cancel(second), membership, REASON, mentor) == [
        "Pakken lar en deltaker ta igjen 1 møter, og de er brukt."
    ]


@pytest.mark.parametrize(
    ("required", "missing"), [(None, 1), (2, 1), (1, 0), (0, 0)], ids=["all", "both", "one", "each-alone"]
)
def test_the_package_says_whether_a_cancelled_meeting_lacks(first, second, membership, mentor, required, missing):
    Package.objects.update(required_meetings=required)
    record(first, membership, There.THERE, mentor)
    cancel(second)

    assert standing(membership).missing == missing


def test_cancelled_meetings_that_each_stand_alone_are_left_out(group, first, second, membership):
    Package.objects.update(required_meetings=0)
    cancelled = cancel(second)

    assert [mark.meeting.number for mark in standing(membership).every] == [1]
    assert not may_make_up(membership, cancelled, standing(membership))


def test_all_lacks_when_all_meetings_are_cancelled(group, membership):
    group.meetings.update(status="cancelled")

    assert standing(membership).missing == 2


def test_something_lacks_when_there_are_no_meetings(group, membership):
    group.meetings.all().delete()

    assert standing(membership).missing == 1


def test_the_package_says_how_many_are_required(group, first, membership, mentor):
    group.package.required_meetings = 1
    group.package.save()
    record(first, membership, There.THERE, mentor)

    assert (standing(membership).required, standing(membership).missing) == (1, 0)


def test_small_positions_are_invited_and_not_counted(group, first, membership, mentor):
    group.package.expected_position = 50
    group.package.save()
    Membership.objects.filter(pk=membership.pk).update(position_percent=49)
    other = group.memberships.exclude(pk=membership.pk).get()
    Membership.objects.filter(pk=other.pk).update(position_percent=50)
    for one in (membership, other):
        record(first, one, There.THERE, mentor)

    standings = standing_of(group.memberships.all())
    assert [standings[one.pk].invited for one in (membership, other)] == [True, False]
    rate = rate_of(standings.values())
    assert (rate.came, rate.expected, rate.percent) == (1, 2, 50)


def test_standings_cost_three_queries_whatever_the_number(group, first, mentor):
    def cost():
        memberships = list(group.memberships.all())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            standing_of(memberships)
        return len(queries)

    few = cost()
    for number in range(10):
        person = make_person(f"nr{number}@example.org", f"Person {number}")
        record(first, Membership.objects.create(group=group, member=person), There.THERE, mentor)
    assert (few, cost()) == (3, 3)


def test_a_first_mark_starts_a_planned_group(course, mentor, learner):
    mentor.groups.add(Group.objects.get_or_create(name="Mentor")[0])
    group = small_group(course.page, mentor, learner, started=False)
    meeting = set_time(group.meetings.get(number=1), today())
    record(meeting, group.memberships.get(), There.THERE, mentor)

    group.refresh_from_db()
    assert (group.status, group.started_at is None) == ("started", False)
    assert group.events.get(kind="started").by == mentor


def test_an_absence_told_early_starts_no_group(course, mentor, learner, time_machine):
    group = small_group(course.page, mentor, learner, started=False)
    meeting = set_time(group.meetings.get(number=1), datetime(2027, 3, 9).date())
    time_machine.move_to(datetime(2027, 3, 9, 8, tzinfo=OSLO), tick=False)
    record(meeting, group.memberships.get(), There.EXCUSED, mentor)

    group.refresh_from_db()
    assert group.status == "planned"


def test_a_mark_refuses_when_the_mentor_may_not_lead_a_group_that_has_not_started(course, other_learner, learner):
    group = small_group(course.page, other_learner, learner, started=False)
    meeting = set_time(group.meetings.get(number=1), today())

    assert (
        "står ikke i mentorregisteret" in refusal(record, meeting, group.memberships.get(), "there", other_learner)[0]
    )
    assert not Attendance.objects.exists()


def test_a_meeting_that_is_held_asks_nobody_when_it_suits(group, membership, mentor):
    meeting = set_time(group.meetings.get(number=1), today())
    later = [Slot(today() + timedelta(days=days), time(14)) for days in (5, 6)]
    poll = open_poll(meeting, later, mentor)
    record(meeting, membership, There.THERE, mentor)

    poll.refresh_from_db()
    assert poll.closed_at
    with pytest.raises(ValidationError, match="avsluttet"):
        answer(membership, {poll.options.first(): "yes"})
