"""The rules of time: what is refused, what stays, who hears of it, and what a tz database that changes does."""

import shutil
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from lms.outbox.models import OutgoingMail
from mentoring import scheduling
from mentoring.models import GroupEvent, LearningGroup, Meeting, MeetingReply
from mentoring.scheduling import Slot, cancel_meeting, change, plan_series, recompute_coming, series_dates, set_time
from tests.mentoring.calendars import calendar_part, calendars_to, mails_to, only_event, told

pytestmark = pytest.mark.usefixtures("outbox")
PLACE = {"form": "physical", "place": "Møterom 2, Storgata 1", "link": ""}
SLOTS = {1: Slot(date(2026, 3, 10), time(14)), 2: Slot(date(2026, 4, 14), time(14))}


@pytest.fixture
def planned(group, mentor):
    plan_series(group, SLOTS, mentor, **PLACE)
    return group


def meeting_of(group, number=1) -> Meeting:
    return Meeting.objects.get(group=group, number=number)


def refused(act, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refusal:
        act(*args, **kwargs)
    return refusal.value.messages[0]


# --- a series


def test_a_series_invites_everybody_to_every_meeting_once(planned, mentor, learner, other_learner):
    assert [told(person) for person in (mentor, learner, other_learner)] == [[("REQUEST", 0)] * 2] * 3
    assert [meeting.starts_at for meeting in planned.meetings.all()] == [
        datetime(2026, 3, 10, 13, tzinfo=UTC),
        datetime(2026, 4, 14, 12, tzinfo=UTC),
    ]


def test_the_same_plan_again_tells_nobody(planned, mentor):
    before = OutgoingMail.objects.count()

    plan_series(planned, SLOTS, mentor, **PLACE)

    assert OutgoingMail.objects.count() == before
    assert GroupEvent.objects.filter(group=planned, kind="meeting").count() == 2


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [
        ("1w", [(3, 31), (4, 7), (4, 14)]),
        ("2w", [(3, 31), (4, 14), (4, 28)]),
        ("3w", [(3, 31), (4, 21), (5, 12)]),
        ("4w", [(3, 31), (4, 28), (5, 26)]),
        # A fifth Tuesday is the last one where there is no fifth.
        ("1m", [(3, 31), (4, 28), (5, 26)]),
    ],
)
def test_a_rhythm_gives_its_dates(rhythm, days):
    assert series_dates(date(2026, 3, 31), rhythm, 3) == [date(2026, month, day) for month, day in days]


def test_every_month_keeps_the_weekday_of_the_month():
    days = series_dates(date(2026, 11, 10), "1m", 4)

    assert days == [date(2026, 11, 10), date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9)]


def test_the_plan_refuses_when_the_group_has_no_such_meeting(group, mentor):
    assert refused(plan_series, group, {3: Slot(date(2026, 5, 1), time(14))}, mentor) == "Gruppen har ikke møte 3."


def test_nothing_of_a_plan_is_kept_when_one_date_is_refused(group, mentor):
    slots = SLOTS | {2: Slot(date(2026, 3, 1), time(14))}

    said = refused(plan_series, group, slots, mentor, **PLACE)

    assert said == "Møte 2 søndag 1. mars 2026 kl. 14.00 er passert. Velg et tidspunkt som kommer."
    assert list(group.meetings.values_list("day", flat=True)) == [None, None]
    assert not OutgoingMail.objects.exists()


# --- place and link (R022)


@pytest.mark.parametrize(
    ("how", "lacks"),
    [
        ({"form": "physical", "place": "", "link": "https://x.example.org/"}, "mangler sted"),
        ({"form": "digital", "place": "Rom 2", "link": ""}, "mangler lenke"),
        ({"form": "both", "place": "Rom 2", "link": ""}, "mangler lenke"),
        ({"form": "both", "place": "", "link": "https://x.example.org/"}, "mangler sted"),
        ({"form": "both", "place": "", "link": ""}, "mangler sted og lenke"),
    ],
)
def test_nobody_is_invited_to_a_meeting_that_lacks_its_place(group, mentor, how, lacks):
    plan_series(group, SLOTS, mentor, **how)

    assert [meeting.lacks for meeting in group.meetings.all()] == [lacks, lacks]
    assert not OutgoingMail.objects.exists()


def test_the_place_that_was_lacking_invites(group, mentor, learner):
    plan_series(group, SLOTS, mentor, form="physical", place="", link="")

    change(meeting_of(group), mentor, place="Møterom 2")

    assert told(learner) == [("REQUEST", 0)]


def test_the_change_refuses_when_an_announced_meeting_would_lack_its_link(planned, mentor):
    said = refused(change, meeting_of(planned), mentor, form="digital")

    assert said == "Skriv inn lenken. Deltakerne er allerede invitert."
    assert meeting_of(planned).form == "physical"


# --- clocks (D14)


def test_a_missing_time_refuses_and_says_why(group, mentor):
    said = refused(set_time, meeting_of(group), date(2026, 3, 29), time(2, 30), None, mentor)

    assert said == (
        "Møte 1: Kl. 02.30 finnes ikke 29. mars 2026. Da stilles klokken frem en time. Velg et annet klokkeslett."
    )


def test_a_time_that_comes_twice_asks_which(group, mentor):
    said = refused(set_time, meeting_of(group), date(2026, 10, 25), time(2, 30), None, mentor)

    assert said == (
        "Møte 1: Kl. 02.30 kommer to ganger 25. oktober 2026, for klokken stilles tilbake. Velg hvilken du mener."
    )


@pytest.mark.parametrize(("fold", "hour"), [(0, 0), (1, 1)])
def test_the_chosen_one_of_two_is_taken(group, mentor, fold, hour):
    meeting = set_time(meeting_of(group), date(2026, 10, 25), time(2, 30), fold, mentor)

    assert meeting.starts_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (date(2026, 10, 20), date(2026, 10, 27)),
        (date(2027, 3, 23), date(2027, 3, 30)),
    ],
)
def test_a_meeting_at_two_stays_at_two_when_the_clock_changes(group, mentor, learner, first, second):
    plan_series(group, {1: Slot(first, time(14)), 2: Slot(second, time(14))}, mentor, **PLACE)

    one, two = group.meetings.all()
    assert two.starts_at - one.starts_at != timedelta(days=7)
    walls = [only_event(calendar)["DTSTART"].dt for calendar in calendars_to(learner)]
    assert [wall.time() for wall in walls] == [time(14), time(14)]
    assert [wall.astimezone(UTC) for wall in walls] == [one.starts_at, two.starts_at]


# --- what is refused


def test_the_past_refuses(planned, mentor):
    said = refused(set_time, meeting_of(planned), date(2026, 3, 1), time(14), 0, mentor)

    assert said == "Møte 1 søndag 1. mars 2026 kl. 14.00 er passert. Velg et tidspunkt som kommer."


def test_what_was_is_registered_and_tells_nobody(group, mentor):
    change(meeting_of(group), mentor, **PLACE)

    meeting = set_time(meeting_of(group), date(2026, 3, 1), time(14), 0, mentor, was=True)

    assert (meeting.day, OutgoingMail.objects.count()) == (date(2026, 3, 1), 0)


def test_what_was_refuses_when_it_has_not_been(group, mentor):
    said = refused(set_time, meeting_of(group), date(2026, 3, 3), time(14), 0, mentor, was=True)

    assert said == "Møte 1 tirsdag 3. mars 2026 kl. 14.00 er ikke passert ennå."


def test_a_mistyped_year_refuses(group, mentor):
    said = refused(set_time, meeting_of(group), date(2062, 3, 3), time(14), 0, mentor)

    assert said.endswith("er mer enn tre år unna. Se etter om årstallet er riktig.")


def test_meetings_out_of_order_refuse(planned, mentor):
    said = refused(set_time, meeting_of(planned), date(2026, 4, 21), time(14), 0, mentor)

    assert said == (
        "Møte 2 (tirsdag 14. april 2026 kl. 14.00) må komme etter møte 1 (tirsdag 21. april 2026 kl. 14.00)."
    )


def test_meetings_at_the_same_time_refuse(planned, mentor):
    said = refused(set_time, meeting_of(planned), date(2026, 4, 14), time(13), 0, mentor)

    assert said == "Møte 2 begynner før møte 1 er slutt (tirsdag 14. april 2026 kl. 13.00)."


def test_a_longer_meeting_refuses_when_it_runs_into_the_next(planned, mentor):
    set_time(meeting_of(planned), date(2026, 4, 14), time(12, 30), 0, mentor)

    assert refused(change, meeting_of(planned), mentor, minutes=120).startswith("Møte 2 begynner før møte 1 er slutt")


@pytest.mark.parametrize("minutes", [14, 721])
def test_the_length_refuses_when_it_is_no_length(planned, mentor, minutes):
    assert (
        refused(change, meeting_of(planned), mentor, minutes=minutes) == "Et møte varer fra et kvarter til tolv timer."
    )


def test_a_link_refuses_when_it_is_no_link(planned, mentor):
    with pytest.raises(ValidationError):
        change(meeting_of(planned), mentor, form="both", link="javascript:alert(1)")


def test_the_change_refuses_when_the_group_is_over(planned, mentor):
    LearningGroup.objects.update(status="completed")

    said = refused(change, meeting_of(planned), mentor, place="Rom 3")

    assert said == "Gruppen er avsluttet. Møtene kan ikke endres lenger."


def test_the_change_refuses_when_the_meeting_is_held(planned, mentor):
    Meeting.objects.filter(number=1).update(status="held")

    assert refused(set_time, meeting_of(planned), date(2026, 3, 12), time(14), 0, mentor) == (
        "Møtet er holdt. Tid og sted kan ikke endres lenger."
    )
    assert change(meeting_of(planned), mentor, topics="Det vi snakket om").topics == "Det vi snakket om"


def test_a_field_that_is_not_open_is_an_error(planned, mentor):
    with pytest.raises(TypeError):
        change(meeting_of(planned), mentor, uid="x")


# --- changes


def test_a_moved_meeting_tells_everybody_with_a_higher_version(planned, mentor, learner):
    set_time(meeting_of(planned), date(2026, 3, 12), time(15), 0, mentor)

    assert told(learner) == [("REQUEST", 0), ("REQUEST", 0), ("REQUEST", 1)]
    first, _second, moved = (only_event(calendar) for calendar in calendars_to(learner))
    assert moved["UID"] == first["UID"]
    assert moved["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 3, 12, 15)


def test_the_rest_moves_by_as_many_days(planned, mentor, learner):
    set_time(meeting_of(planned), date(2026, 3, 13), time(12), 0, mentor, following=True)

    assert [(meeting.day, meeting.clock) for meeting in planned.meetings.all()] == [
        (date(2026, 3, 13), time(12)),
        (date(2026, 4, 17), time(14)),
    ]
    assert told(learner)[2:] == [("REQUEST", 1), ("REQUEST", 1)]


def test_the_rest_is_refused_when_it_would_land_on_a_missing_time(group, mentor):
    plan_series(group, {1: Slot(date(2026, 3, 10), time(14)), 2: Slot(date(2026, 3, 28), time(2, 30))}, mentor, **PLACE)

    said = refused(set_time, meeting_of(group), date(2026, 3, 11), time(14), 0, mentor, following=True)

    assert said.startswith("Møte 2: Kl. 02.30 finnes ikke 29. mars 2026.")
    assert meeting_of(group).day == date(2026, 3, 10)


def test_topics_and_questions_are_the_groups_own_and_tell_nobody(planned, mentor):
    before = OutgoingMail.objects.count()

    changed = change(meeting_of(planned), mentor, topics="Søsken", prompts="Hva trenger vi?\r\nHva nå?", before="Les")

    assert (changed.prompts, changed.sequence) == ("Hva trenger vi?\nHva nå?", 0)
    assert OutgoingMail.objects.count() == before
    assert GroupEvent.objects.filter(kind="meeting").last().detail == "Møte 1: temaer, spørsmål til samtalen, før møtet"


def test_an_answer_is_forgotten_when_the_time_changes_and_kept_when_the_place_does(planned, mentor, learner):
    membership = planned.memberships.get(member=learner)
    MeetingReply.objects.create(meeting=meeting_of(planned), membership=membership, answer="yes")

    change(meeting_of(planned), mentor, place="Rom 9")
    assert only_event(calendars_to(learner)[-1])["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"

    set_time(meeting_of(planned), date(2026, 3, 11), time(14), 0, mentor)
    assert not MeetingReply.objects.exists()


def test_a_cancelled_meeting_leaves_every_calendar(planned, mentor, learner):
    cancel_meeting(meeting_of(planned), mentor)
    cancel_meeting(meeting_of(planned), mentor)

    assert told(learner)[2:] == told(mentor)[2:] == [("CANCEL", 1)]
    assert only_event(calendars_to(learner)[-1])["STATUS"] == "CANCELLED"


def test_a_cancelled_meeting_comes_back_with_a_new_time(planned, mentor, learner):
    cancel_meeting(meeting_of(planned), mentor)

    back = set_time(meeting_of(planned), date(2026, 3, 10), time(14), 0, mentor)

    assert (back.status, back.cancelled_at) == ("planned", None)
    assert told(learner)[2:] == [("CANCEL", 1), ("REQUEST", 2)]


def test_a_meeting_nobody_was_invited_to_is_cancelled_in_silence(group, mentor):
    set_time(meeting_of(group), date(2026, 3, 10), time(14), 0, mentor)

    cancel_meeting(meeting_of(group), mentor)

    assert not OutgoingMail.objects.exists()


def test_the_cancellation_refuses_when_the_meeting_is_held(planned, mentor):
    Meeting.objects.update(status="held")

    assert refused(cancel_meeting, meeting_of(planned), mentor) == "Møtet er holdt og kan ikke avlyses."


# --- a country changes its clocks (D15)


@pytest.fixture
def fixed_oslo(tmp_path):
    """A tz database in which Oslo is an hour ahead all year."""
    source = next(Path(place, "Etc/GMT-1") for place in zoneinfo.TZPATH if Path(place, "Etc/GMT-1").exists())
    (tmp_path / "Europe").mkdir()
    shutil.copy(source, tmp_path / "Europe/Oslo")

    def use() -> None:
        zoneinfo.reset_tzpath([tmp_path, *before])
        zoneinfo.ZoneInfo.clear_cache()

    before = zoneinfo.TZPATH
    yield use
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def test_meetings_keep_their_wall_time_when_the_country_gives_up_summer_time(planned, mentor, learner, fixed_oslo):
    winter, summer = (meeting.starts_at for meeting in planned.meetings.all())
    fixed_oslo()

    assert recompute_coming() == 1
    assert recompute_coming() == 0

    moments = [meeting.starts_at for meeting in planned.meetings.all()]
    assert moments == [winter, summer + timedelta(hours=1)]
    event = only_event(calendars_to(learner)[-1])
    assert told(learner)[2:] == [("REQUEST", 1)]
    # The zone in the mail tells the new rule, so that every calendar agrees.
    written = calendar_part(mails_to(learner)[-1]).get_payload(decode=True)
    assert event["DTSTART"].to_ical() == b"20260414T140000"
    assert (b"TZOFFSETTO:+0100" in written, b"+0200" in written) == (True, False)


def test_a_meeting_without_a_time_has_nothing_to_work_out(group):
    assert scheduling.recompute(meeting_of(group)) is False
