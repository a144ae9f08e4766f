from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.outbox import jobs
from lms.outbox.models import Job, OutgoingMail
from mentoring import tasks
from mentoring.calendar import announce
from mentoring.models import LearningGroup, Meeting, Membership, Notice
from mentoring.reminders import due_meetings, kinds_due, remind
from tests.groups_ground import small_group
from tests.mentoring.meeting_ground import at, finish_modules, set_time
from tests.people import make_person

DAY = date(2027, 3, 9)


@pytest.fixture
def group(course, mentor, learner, other_learner):
    return small_group(course.page, mentor, learner, other_learner)


@pytest.fixture
def meeting(group):
    return set_time(group.meetings.get(number=1), DAY)


@pytest.fixture
def outbox(settings):
    """Mail goes where the product puts it."""
    settings.EMAIL_BACKEND = "lms.outbox.backend.OutboxBackend"
    return OutgoingMail.objects


def told() -> list[tuple[str, str]]:
    notices = Notice.objects.order_by("pk")
    return [(notice.membership.member.email, notice.kind) for notice in notices.select_related("membership__member")]


EVERYBODY = ("learner@example.org", "other@example.org")


def everybody(kind):
    return [(email, kind) for email in EVERYBODY]


def test_everybody_is_reminded_a_week_before(meeting, mailoutbox):
    assert remind(meeting.pk, at(2027, 3, 2, 9)) == 2

    assert told() == everybody("week_before")
    mail = mailoutbox[0]
    assert mail.subject == "Påminnelse: møte 1 tirsdag 9. mars kl. 14.00"
    assert "tirsdag 9. mars 2027 kl. 14.00–15.30 (norsk tid, UTC+1)" in mail.body
    assert "Møterom 2" in mail.body
    assert f"/grupper/{meeting.group_id}/moter/1/" in mail.body


def test_everybody_is_reminded_the_day_before(meeting, mailoutbox):
    assert remind(meeting.pk, at(2027, 3, 8, 9)) == 2

    assert told() == everybody("day_before")
    assert mailoutbox[0].subject == "I morgen kl. 14.00: møte 1"


def test_only_those_who_lack_modules_are_reminded_of_them(meeting, learner, mailoutbox):
    finish_modules(learner, 1)

    assert remind(meeting.pk, at(2027, 3, 6, 9)) == 1
    assert told() == [("other@example.org", "modules")]
    assert "Modul 1" in mailoutbox[0].body


def test_nobody_lacks_modules_before_a_meeting_without(course, mentor, learner, mailoutbox):
    group = small_group(None, mentor, learner)
    meeting = set_time(group.meetings.get(number=1), DAY)

    assert remind(meeting.pk, at(2027, 3, 6, 9)) == 0
    assert remind(meeting.pk, at(2027, 3, 8, 9)) == 1
    assert "Les heftet." in mailoutbox[0].body


@pytest.mark.parametrize("days", range(0, 12))
def test_each_reminder_has_its_days(meeting, days):
    expected = {7: ["week_before"], 6: ["week_before"], 5: ["week_before"], 4: ["week_before"], 3: ["modules"]}
    expected |= {2: ["modules"], 1: ["day_before"]}
    now = at(2027, 3, 9, 9) - timedelta(days=days)

    assert kinds_due(meeting, now) == expected.get(days, [])


def test_reminders_come_by_day(meeting):
    assert [hour for hour in range(24) if kinds_due(meeting, at(2027, 3, 8, hour))] == list(range(8, 21))


def test_nobody_is_reminded_twice_of_the_same(meeting):
    for hour in range(8, 21):
        remind(meeting.pk, at(2027, 3, 2, hour))
        remind(meeting.pk, at(2027, 3, 5, hour))

    assert told() == everybody("week_before")


def test_a_standstill_leaves_no_backlog(meeting):
    """Nobody worked from the first of the month to the evening before: one reminder, not three."""
    for hour in range(10, 20):
        remind(meeting.pk, at(2027, 3, 8, hour))

    assert told() == everybody("day_before")


def test_a_moved_meeting_reminds_anew_and_not_twice_for_the_same_date(meeting):
    remind(meeting.pk, at(2027, 3, 2, 9))
    set_time(meeting, DAY + timedelta(days=2))
    remind(meeting.pk, at(2027, 3, 4, 9))
    set_time(meeting, DAY)
    remind(meeting.pk, at(2027, 3, 4, 10))

    assert told() == everybody("week_before") * 2


def test_who_was_just_invited_is_not_reminded_a_week_before(meeting, time_machine):
    time_machine.move_to(at(2027, 3, 3, 9), tick=False)
    announce(meeting)
    assert remind(meeting.pk, at(2027, 3, 3, 12)) == 0

    assert remind(meeting.pk, at(2027, 3, 5, 12)) == 2


def test_nobody_is_reminded_when_they_stopped_it_or_have_left(meeting, group, learner, other_learner):
    group.memberships.filter(member=learner).update(reminders_stopped_at=at(2027, 1, 1))
    assert remind(meeting.pk, at(2027, 3, 2, 9)) == 1

    group.memberships.filter(member=other_learner).update(left_at=at(2027, 3, 3))
    assert remind(meeting.pk, at(2027, 3, 8, 9)) == 0


def test_nobody_is_reminded_when_the_account_is_shut(meeting, learner):
    type(learner).objects.filter(pk=learner.pk).update(is_active=False)

    remind(meeting.pk, at(2027, 3, 8, 9))
    assert told() == [("other@example.org", "day_before")]


@pytest.mark.parametrize("status", ["cancelled", "held"])
def test_nobody_is_reminded_of_a_meeting_that_is_not_to_come(meeting, status):
    Meeting.objects.filter(pk=meeting.pk).update(status=status)

    assert due_meetings(at(2027, 3, 8, 9)) == []
    assert remind(meeting.pk, at(2027, 3, 8, 9)) == 0


@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_nobody_is_reminded_when_the_group_has_ended(meeting, group, status):
    LearningGroup.objects.filter(pk=group.pk).update(status=status)

    assert due_meetings(at(2027, 3, 8, 9)) == []
    assert remind(meeting.pk, at(2027, 3, 8, 9)) == 0


def test_nobody_is_reminded_of_a_meeting_without_place(meeting):
    set_time(meeting, DAY, place="")

    assert remind(meeting.pk, at(2027, 3, 8, 9)) == 0


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 3, 29), date(2026, 10, 25), date(2026, 10, 26)])
def test_a_night_when_clocks_change_is_a_day_like_others(group, day):
    """D14: by the hour through the week before, each reminder goes once to each, on its own day."""
    meeting = set_time(group.meetings.get(number=1), day)
    moment = at(day.year, day.month, day.day, 0) - timedelta(days=9)
    while moment < at(day.year, day.month, day.day, 23):
        remind(meeting.pk, moment)
        moment += timedelta(hours=1)

    assert told() == everybody("week_before") + everybody("modules") + everybody("day_before")


def test_two_schedulers_send_each_reminder_once(meeting, outbox, time_machine):
    """D25: through the whole week, planned and worked off twice."""
    own = {tasks.find_due_reminders.name, tasks.remind_of_meeting.name}
    moment = at(2027, 3, 1, 6)
    while moment < at(2027, 3, 9, 15):
        time_machine.move_to(moment, tick=False)
        for _scheduler in (1, 2):
            jobs.plan(moment)
            while due := jobs.hand_out(moment):
                for job in due:
                    if job.task in own:
                        jobs.run(job.pk)
                        jobs.run(job.pk)
                    else:
                        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, done_at=moment)
        moment += timedelta(hours=3)

    expected = everybody("week_before") + everybody("modules") + everybody("day_before")
    assert told() == expected
    assert outbox.count() == len(expected)


def test_the_mail_can_be_stopped_by_one_press(meeting, mailoutbox, client, group, learner):
    remind(meeting.pk, at(2027, 3, 2, 9))
    mail = next(mail for mail in mailoutbox if mail.to == [learner.email])
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")

    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.body
    path = address[address.index("/grupper/") :]
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert group.memberships.get(member=learner).reminders_stopped_at is not None


def test_no_words_of_others_break_the_mail(meeting, group, mailoutbox):
    words = "A\r\nBcc: alle@example.org\r\n\r\nBEGIN:VEVENT;,\\ <b>x</b>"
    set_time(meeting, DAY, place=words[:200], title=words[:120])
    LearningGroup.objects.filter(pk=group.pk).update(name=words[:120])

    remind(meeting.pk, at(2027, 3, 2, 9))
    message = mailoutbox[0].message()
    assert mailoutbox[0].recipients() == ["learner@example.org"]
    assert message["Bcc"] is None
    assert "<b>" not in mailoutbox[0].alternatives[0].content


def test_a_meeting_costs_the_same_reads_for_one_and_for_twelve(meeting, group):
    def reads(now):
        with CaptureQueriesContext(connection) as queries:
            sent = remind(meeting.pk, now)
        return sent, sum(query["sql"].startswith("SELECT") for query in queries.captured_queries)

    group.memberships.filter(member__email="other@example.org").delete()
    one = reads(at(2027, 3, 2, 9))
    for number in range(11):
        person = make_person(f"nr{number}@example.org", f"Person {number}")
        Membership.objects.create(group=group, member=person)
    twelve = reads(at(2027, 3, 8, 9))

    assert (one[0], twelve[0]) == (1, 12)
    assert one[1] + 1 >= twelve[1]


def test_what_is_due_is_asked_in_one_query(meeting, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert due_meetings(at(2027, 3, 8, 9)) == [meeting.pk]
