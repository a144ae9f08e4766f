"""A meeting that was announced for a day to come turns out to have been: no ghost is left in any calendar."""

from datetime import date, time

import pytest

from lms.outbox.models import OutgoingMail
from mentoring.joining import leave
from mentoring.models import Meeting, MeetingReply, Notice
from mentoring.scheduling import Slot, plan_series, set_time
from tests.groups_ground import small_group
from tests.mentoring.calendars import Diary, calendars_to, mails_to, told

pytestmark = pytest.mark.usefixtures("outbox")
PLACE = {"form": "physical", "place": "Møterom 2", "link": ""}
WAS = (date(2026, 2, 26), time(14), 0)


@pytest.fixture
def group(course, mentor, learner, other_learner):
    group = small_group(course.page, mentor, learner, other_learner)
    plan_series(group, {1: Slot(date(2026, 3, 3), time(14)), 2: Slot(date(2026, 4, 14), time(14))}, mentor, **PLACE)
    return group


@pytest.fixture
def meeting(group) -> Meeting:
    return group.meetings.get(number=1)


def days_in_calendar_of(person) -> list:
    diary = Diary()
    for calendar in calendars_to(person):
        diary.take(calendar)
    return sorted(event["DTSTART"].dt.date() for event in diary.events)


def test_everybody_who_has_the_meeting_gets_it_moved_to_when_it_was(meeting, mentor, learner, other_learner):
    changed = set_time(meeting, *WAS, mentor, was=True)

    assert changed.told_count == 3
    for person in (mentor, learner, other_learner):
        assert told(person)[2:] == [("REQUEST", 1)]
        assert days_in_calendar_of(person) == [date(2026, 2, 26), date(2026, 4, 14)]


def test_the_mail_says_what_happened_and_invites_nobody(meeting, mentor, learner):
    set_time(meeting, *WAS, mentor, was=True)

    mail = mails_to(learner)[-1]
    text = mail.get_body(("plain",)).get_content()
    assert "Rettet i kalenderen: møte 1 var torsdag 26. februar 2026 kl. 14.00" in mail["Subject"]
    assert "Mentoren har ført at møte 1 allerede har vært." in text
    assert [said for said in ("si om du kommer", "invitert", "lenken står") if said in text] == []


def test_the_log_says_that_each_member_was_told_once(meeting, mentor):
    set_time(meeting, *WAS, mentor, was=True)
    set_time(Meeting.objects.get(pk=meeting.pk), *WAS, mentor, was=True)

    assert Notice.objects.filter(kind="changed").count() == 2


def test_replies_stay_when_a_time_is_only_written_down(meeting, group, mentor, learner):
    MeetingReply.objects.create(meeting=meeting, membership=group.memberships.get(member=learner), answer="yes")
    set_time(meeting, *WAS, mentor, was=True)

    assert MeetingReply.objects.get().answer == "yes"
    attendee = calendars_to(learner)[-1].walk("VEVENT")[0]["ATTENDEE"]
    assert attendee.params["PARTSTAT"] == "ACCEPTED"


def test_a_second_correction_within_the_past_tells_nobody(meeting, mentor):
    set_time(meeting, *WAS, mentor, was=True)
    before = OutgoingMail.objects.count()

    changed = set_time(Meeting.objects.get(pk=meeting.pk), date(2026, 2, 25), time(14), 0, mentor, was=True)

    assert (changed.told_count, OutgoingMail.objects.count()) == (0, before)


def test_a_meeting_that_nobody_has_is_written_down_in_silence(group, meeting, mentor):
    Meeting.objects.filter(pk=meeting.pk).update(place="")
    before = OutgoingMail.objects.count()

    changed = set_time(Meeting.objects.get(pk=meeting.pk), *WAS, mentor, was=True)

    assert (changed.told_count, OutgoingMail.objects.count()) == (0, before)


def test_who_leaves_afterwards_has_only_the_meetings_to_come_taken_out(group, meeting, mentor, learner):
    set_time(meeting, *WAS, mentor, was=True)
    leave(group.memberships.get(member=learner), by=learner)

    assert days_in_calendar_of(learner) == [date(2026, 2, 26)]


def test_a_time_to_come_after_all_invites_anew(meeting, mentor, learner):
    set_time(meeting, *WAS, mentor, was=True)
    set_time(Meeting.objects.get(pk=meeting.pk), date(2026, 3, 5), time(14), 0, mentor)

    assert told(learner)[2:] == [("REQUEST", 1), ("REQUEST", 2)]
    assert days_in_calendar_of(learner) == [date(2026, 3, 5), date(2026, 4, 14)]
