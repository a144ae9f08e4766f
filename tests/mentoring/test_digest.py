from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.outbox.models import OutgoingMail
from mentoring.digest import due_mentors, news_of, send_digest
from mentoring.models import DigestStop, LearningGroup, Meeting, Membership, Note, Poll
from tests.groups_ground import small_group
from tests.mentoring.meeting_ground import OSLO, at, finish_modules, set_time
from tests.people import make_person

MONDAY = at(2027, 3, 1, 7)


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def meeting(group):
    return set_time(group.meetings.get(number=1), date(2027, 3, 9))


def lines(mentor):
    return [line for item in news_of(mentor, MONDAY) if item.says_something for line in item.lines]


def test_the_mail_comes_on_mondays_from_seven(group, mentor):
    hours = [MONDAY + timedelta(hours=hour) for hour in range(-8, 24 * 7)]
    due = [moment for moment in hours if due_mentors(moment)]

    assert (due[0], due[-1]) == (MONDAY, at(2027, 3, 1, 23))
    assert len(due) == 17


def test_seven_is_seven_on_both_sides_of_a_changed_clock(group):
    before, after = at(2027, 3, 22, 7), at(2027, 3, 29, 7)

    assert (before.utcoffset(), after.utcoffset()) == (timedelta(hours=1), timedelta(hours=2))
    assert [bool(due_mentors(moment)) for moment in (before, after)] == [True, True]
    assert [bool(due_mentors(moment - timedelta(minutes=1))) for moment in (before, after)] == [False, False]


def test_the_mail_says_what_is_next_and_what_waits(meeting, group, mentor, learner, other_learner, mailoutbox):
    group.memberships.filter(member=learner).update(confirmed_at=at(2027, 2, 1))
    finish_modules(learner, 1)
    Note.objects.create(membership=group.memberships.get(member=learner), status="handed_in", text="Hemmelig")
    Poll.objects.create(meeting=group.meetings.get(number=2), by=mentor)

    assert send_digest(mentor.pk, MONDAY) is True
    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == ([mentor.email], "Gruppene dine i uke 9")
    assert lines(mentor) == [
        "Møte 1 er tirsdag 9. mars 2027 kl. 14.00.",
        "1 har ikke begynt på modulene før møtet.",
        "En avstemning om tidspunkt er åpen. Du bestemmer når du har nok svar.",
        "1 notat er levert.",
        "1 har ikke bekreftet taushet.",
    ]
    assert [line for line in lines(mentor) if line not in mail.body] == []


def test_the_mail_has_nobodys_words_or_name(meeting, group, mentor, learner, mailoutbox):
    Note.objects.create(membership=group.memberships.get(member=learner), status="handed_in", text="Kanarihemmelig")
    send_digest(mentor.pk, MONDAY)
    whole = mailoutbox[0].body + mailoutbox[0].alternatives[0].content

    assert [word for word in ("Kanarihemmelig", learner.name) if word in whole] == []


def test_who_has_begun_is_told_apart(meeting, mentor, learner, course):
    finish_modules(learner)
    learner.enrolments.get().attempts.get().lessons.create(
        lesson=course.lessons[0], lesson_key=course.lessons[0].translation_key
    )

    assert lines(mentor)[1:3] == [
        "1 har ikke begynt på modulene før møtet.",
        "1 er i gang med modulene før møtet og er ikke ferdig.",
    ]


def test_a_meeting_without_place_and_a_group_without_times_are_said(meeting, group, mentor):
    set_time(meeting, date(2027, 3, 9), place="")
    assert lines(mentor)[0] == "Møte 1 er tirsdag 9. mars 2027 kl. 14.00, men mangler sted."

    group.meetings.update(day=None, clock=None, starts_at=None)
    assert lines(mentor)[0] == "Neste møte har ikke fått noe tidspunkt."


def test_the_mail_is_once_a_week(meeting, mentor, settings):
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    for hour in range(10):
        send_digest(mentor.pk, MONDAY + timedelta(hours=hour))
    assert OutgoingMail.objects.count() == 1

    send_digest(mentor.pk, MONDAY + timedelta(days=7))
    assert OutgoingMail.objects.count() == 2


def test_there_is_no_mail_when_nothing_waits(group, mentor, mailoutbox):
    for number in (1, 2):
        set_time(group.meetings.get(number=number), date(2027, 5, number))

    assert send_digest(mentor.pk, MONDAY) is False
    assert mailoutbox == []


def test_there_is_no_mail_when_it_is_stopped_or_nobody_leads(meeting, group, mentor, other_learner):
    assert send_digest(other_learner.pk, MONDAY) is False

    DigestStop.objects.create(person=mentor)
    assert send_digest(mentor.pk, MONDAY) is False


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_there_is_no_mail_when_the_groups_have_ended(meeting, group, mentor, status):
    LearningGroup.objects.filter(pk=group.pk).update(status=status)

    assert due_mentors(MONDAY) == []


def test_cancelled_meetings_are_not_next(meeting, group, mentor):
    Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    set_time(group.meetings.get(number=2), datetime(2027, 3, 12, tzinfo=OSLO).date())

    assert news_of(mentor, MONDAY)[0].next_meeting.number == 2


def test_the_news_cost_the_same_for_one_and_for_twelve(meeting, group, mentor):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            news_of(mentor, MONDAY)
        return len(queries)

    few = cost()
    for number in range(10):
        Membership.objects.create(group=group, member=make_person(f"nr{number}@example.org", f"Person {number}"))
    assert cost() == few
