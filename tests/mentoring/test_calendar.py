"""The mails that keep everybody's calendar right: who comes, who goes, and mails that overtake one another."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from lms.outbox.models import OutgoingMail
from mentoring import calendar
from mentoring.models import LearningGroup, Meeting, Membership, Notice
from mentoring.scheduling import Slot, cancel_meeting, change, plan_series, set_time
from tests import people
from tests.groups_ground import small_group
from tests.mentoring.calendars import Diary, calendar_part, calendars_to, mails_to, only_event, told

pytestmark = pytest.mark.usefixtures("outbox")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SLOTS = {1: Slot(date(2026, 3, 10), time(14)), 2: Slot(date(2026, 4, 14), time(14))}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def group(course, mentor, learner, other_learner):
    group = small_group(course.page, mentor, learner, other_learner)
    plan_series(group, SLOTS, mentor, form="physical", place="Rom 2", link="")
    return group


def meeting_of(group, number=1) -> Meeting:
    return Meeting.objects.get(group=group, number=number)


def come(group, person) -> Membership:
    membership, _new = Membership.objects.update_or_create(group=group, member=person, defaults={"left_at": None})
    calendar.tell_newcomer(membership)
    return membership


def go(membership: Membership) -> None:
    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now())
    calendar.tell_leaver(membership)


# --- the mail


def test_the_mail_has_text_page_calendar_and_a_copy(group, learner):
    mail = mails_to(learner)[0]

    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar", "application/ics"]
    assert mail["Subject"] == "Møte 1: tirsdag 10. mars 2026 kl. 14.00"
    part = calendar_part(mail)
    assert dict(part.get_params()) == {"text/calendar": "", "method": "REQUEST", "charset": "utf-8"}
    assert next(other for other in mail.walk() if part in (other.get_payload() or [])).get_content_type() == (
        "multipart/alternative"
    )
    copy = next(part for part in mail.walk() if part.get_content_type() == "application/ics")
    # Line ends of the part are the mail server's affair; in the copy they are ours.
    written = part.get_payload(decode=True).replace(b"\n", b"\r\n")
    assert (copy.get_filename(), copy.get_payload(decode=True)) == ("invitasjon.ics", written)


def test_the_text_says_everything(group, learner):
    text = mails_to(learner)[0].get_body(("plain",)).get_content()

    assert text.split("\n")[0] == "Du er invitert til møte 1 i gruppen din."
    for line in (
        "Når: tirsdag 10. mars 2026 kl. 14.00–15.30 (norsk tid, UTC+1)",
        "Hvor: Rom 2",
        "Mentor: Marit Fjellanger",
        "- Modul 1: Første modul",
        f"http://127.0.0.1:8000/grupper/{group.pk}/moter/1/",
    ):
        assert line in text.split("\n")
    assert "blir ikke lest" in text


def test_nothing_in_the_mail_names_the_group_or_the_way_in(group, mentor, learner):
    change(meeting_of(group), mentor, form="both", link="https://video.example.org/rom")

    words = "".join(str(mail) for mail in mails_to(learner))
    assert [secret for secret in ("video.example.org", group.name) if secret in words] == []
    assert "lenken står på møtesiden" in mails_to(learner)[-1].get_body(("plain",)).get_content()


def test_each_invitation_names_its_reader_alone(group, mentor, learner, other_learner):
    for person in (mentor, learner, other_learner):
        event = only_event(calendars_to(person)[0])
        assert (str(event["ATTENDEE"]), event["ATTENDEE"].params["CN"]) == (f"mailto:{person.email}", person.name)
        assert mails_to(person)[0]["To"] == person.email
        assert event["ORGANIZER"].params["CN"] == mentor.name


def test_the_mentor_sees_in_the_log_who_was_told(group, mentor):
    set_time(meeting_of(group), date(2026, 3, 11), time(14), 0, mentor)

    uid = meeting_of(group).uid.hex
    log = Notice.objects.filter(occasion__startswith=uid).order_by("pk")
    assert [(notice.kind, notice.occasion) for notice in log] == [
        ("invited", f"{uid}:0"),
        ("invited", f"{uid}:0"),
        ("changed", f"{uid}:1"),
        ("changed", f"{uid}:1"),
    ]


def test_announcing_twice_writes_one_mail(group, learner):
    assert (calendar.announce(meeting_of(group)), len(mails_to(learner))) == (1, 2)
    # The mentor's is stopped by its key alone.
    assert OutgoingMail.objects.count() == 6


def test_hostile_words_stay_one_event_to_the_right_person(group, mentor, learner):
    hostile = "Rom\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTENDEE:mailto:ond@example.org"
    change(meeting_of(group), mentor, place=hostile, before="x\r\nBcc: ond@example.org")

    mail = mails_to(learner)[-1]
    event = only_event(calendars_to(learner)[-1])
    assert (mail["To"], mail["Bcc"], str(event["ATTENDEE"])) == (learner.email, None, f"mailto:{learner.email}")
    assert mail["From"] == "Refleks <refleks@example.org>"
    assert mail["Message-ID"].startswith("<")


# --- who comes and who goes


def test_one_who_joins_gets_all_coming_dates_and_nobody_else_hears(group, learner):
    newcomer = people.make_person("ny@example.org", "Nina Ny")
    before = OutgoingMail.objects.count()

    come(group, newcomer)

    assert told(newcomer) == [("REQUEST", 0), ("REQUEST", 0)]
    assert OutgoingMail.objects.count() == before + 2


def test_what_is_over_is_not_sent_to_one_who_joins(group, clock):
    clock.move_to(NOW + timedelta(days=20))
    newcomer = people.make_person("ny@example.org", "Nina Ny")

    come(group, newcomer)

    assert [only_event(calendar)["DTSTART"].dt.date() for calendar in calendars_to(newcomer)] == [date(2026, 4, 14)]


def test_one_who_leaves_is_told_alone(group, learner, other_learner):
    go(group.memberships.get(member=learner))

    assert told(learner)[2:] == [("CANCEL", 1), ("CANCEL", 1)]
    assert told(other_learner)[2:] == []
    assert only_event(calendars_to(learner)[-1])["STATUS"] == "CANCELLED"


def test_one_who_comes_back_has_the_meetings_again(group, learner, other_learner, mentor):
    go(group.memberships.get(member=learner))
    come(group, learner)
    set_time(meeting_of(group, 2), date(2026, 4, 15), time(14), 0, mentor)

    assert told(learner)[2:] == [("CANCEL", 1), ("CANCEL", 1), ("REQUEST", 2), ("REQUEST", 2), ("REQUEST", 3)]
    assert told(other_learner)[2:] == [("REQUEST", 3)]


def test_one_who_left_hears_no_more(group, learner, mentor):
    go(group.memberships.get(member=learner))
    before = len(mails_to(learner))

    set_time(meeting_of(group), date(2026, 3, 11), time(14), 0, mentor)
    cancel_meeting(meeting_of(group), mentor)

    assert len(mails_to(learner)) == before


def test_a_suspended_member_hears_nothing(group, learner, mentor):
    learner.is_active = False
    learner.save()
    before = len(mails_to(learner))

    set_time(meeting_of(group), date(2026, 3, 11), time(14), 0, mentor)
    go(group.memberships.get(member=learner))

    assert len(mails_to(learner)) == before


def test_a_new_mentor_gets_the_meetings_and_the_former_loses_them(group, mentor):
    new = people.make_person("mentor2@example.org", "Nora Nabo", role="Mentor")
    LearningGroup.objects.update(mentor=new)

    calendar.tell_new_mentor(LearningGroup.objects.get(), former=mentor)

    assert told(mentor)[2:] == [("CANCEL", 1), ("CANCEL", 1)]
    assert told(new) == [("REQUEST", 1), ("REQUEST", 1)]


# --- mails that overtake one another (I14)


def test_the_calendar_is_right_in_whatever_order_mails_arrive(group, mentor, learner):
    set_time(meeting_of(group), date(2026, 3, 12), time(15), 0, mentor)
    change(meeting_of(group), mentor, place="Rom 9")
    cancel_meeting(meeting_of(group, 2), mentor)
    arrived = calendars_to(learner)

    for start in range(len(arrived)):
        for order in (arrived[start:] + arrived[:start], list(reversed(arrived[start:] + arrived[:start]))):
            diary = Diary()
            for one in order:
                diary.take(one)
            (event,) = diary.events
            assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 12, 15)
            assert str(event["LOCATION"]) == "Rom 9"
