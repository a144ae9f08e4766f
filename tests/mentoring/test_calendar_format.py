"""Two parsers that know nothing of one another read the same in our invitations, whatever people write (S21, I9-I14)."""

import json
import os
import random
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from icalendar import Calendar

from mentoring.calendar_format import (
    CANCEL,
    OSLO_BLOCK,
    REQUEST,
    feed,
    invitation,
    meeting_url,
    one_line,
    place_of,
    summary_of,
    uid_of,
)
from mentoring.models import LearningGroup, Meeting
from mentoring.walltime import problem_of, utc_of, wall_of

READER = Path(__file__).with_name("read_calendars.cjs")
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOSTILE = [
    "Rom 2\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:ond\r\nSUMMARY:Falsk\r\nEND:VEVENT",
    "Storgata 1\nATTENDEE:mailto:ond@example.org",
    "a\rDTSTART:20200101T000000Z",
    "Rom; med, alt: \\ \\n \\, \\; \"sitert\" 'enkelt' ^n ^' ^^",
    "BEGIN:VALARM\nTRIGGER:-PT1M\nEND:VALARM",
    "Linje\u2028skilt\u2029av\u0085tegn\x0bsom\x0cbryter\x1cog\x1dmer\x1e",
    "null\x00 og \x1b[31m farge",
    "Ås, Øvre Ænes; «søndre fløy», 2. etg. – møterom Blåbær " * 6,
    "å" * 200,
    "👩‍👩‍👧‍👦🏳️‍🌈🧑🏽‍⚕️ hjerterom ❤️‍🩹 " * 8,
    "\u202eomvendt\u202c og \u200fhøyre\u200e",
    "=?utf-8?B?SGVp?= %0D%0ABcc: ond@example.org",
    " \t innrykk \t ",
    "<script>alert(1)</script> & {{ 7*7 }} ${7*7}",
    "Mátta-Várjjat áššedovdi đđ ŋŋ ŧŧ žž",
    "نص عربي و עברית",
    ":;,=\"'\\",
    "x" * 73 + "ø" + "y" * 74 + "😀",
    "CHARSET=UTF-8:",
    "-" * 75,
]
DAYS = [
    date(2026, 3, 28),
    date(2026, 3, 29),
    date(2026, 10, 24),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2027, 10, 31),
]
DAYS += [date(2044, 3, 27), date(2044, 10, 30), date(2039, 7, 1), date(2039, 1, 3)]


def meeting_with(**fields) -> Meeting:
    group = fields.pop("group", None) or LearningGroup(pk=7, name="Gruppen for SMA type 1")
    day, clock = fields.pop("day", date(2026, 3, 10)), fields.pop("clock", time(14))
    fold = fields.pop("fold", 0)
    known = {"number": 1, "title": "Første møte", "minutes": 90, "place": "Rom 2", "changed_at": NOW}
    fields = known | fields
    return Meeting(group=group, day=day, clock=clock, fold=fold, starts_at=utc_of(day, clock, fold), **fields)


def person(name="Ingrid Solheim", email="learner@example.org"):
    return SimpleNamespace(name=name, email=email)


def generated(count: int) -> list[tuple[Meeting, SimpleNamespace, str, str]]:
    """Meetings as nobody would plan them, and whom each is sent to; the same ones each time."""
    chance = random.Random(20261122)
    return [_one(chance, place) for place in range(count)]


def _one(chance, place: int):
    while True:
        day = chance.choice([*DAYS, date(2026, 1, 1) + timedelta(days=chance.randrange(20 * 365))])
        clock = chance.choice([time(1, 30), time(2, 30), time(0), time(23, 45), time(chance.randrange(24), 5)])
        if problem_of(day, clock) != "missing":
            break
    words = [*HOSTILE, "Møterom 2"]
    mentor = SimpleNamespace(name=chance.choice(words)[:120])
    meeting = meeting_with(
        day=day,
        clock=clock,
        fold=chance.randrange(2),
        number=chance.randrange(1, 40),
        uid=UUID(int=chance.getrandbits(128)),
        sequence=chance.randrange(50),
        minutes=chance.choice([15, 60, 90, 151, 720]),
        title=chance.choice(words)[:120],
        form=chance.choice(["physical", "digital", "both"]),
        place=chance.choice(words)[:200],
        link="https://video.example.org/hemmelig-rom",
        before=chance.choice(words),
    )
    meeting.group._state.fields_cache["mentor"] = mentor if place % 7 else None
    to = person(chance.choice(words)[:120], f"person{place}@example.org")
    return meeting, to, chance.choice([REQUEST, CANCEL]), chance.choice(["", "yes", "no"])


def read_by_ical_js(texts: list[str]) -> list[dict]:
    node = shutil.which("node", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    answer = subprocess.run([node, READER], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def read_by_icalendar(text: str) -> dict:
    calendar = Calendar.from_ical(text)
    return {
        "method": str(calendar["METHOD"]),
        "parts": [part.name.lower() for part in calendar.subcomponents],
        "events": [_event(event) for event in calendar.walk("VEVENT")],
    }


def _event(event) -> dict:
    attendees = event.get("ATTENDEE", [])
    return {
        **{name: str(event[name]) for name in ("uid", "summary", "location", "description", "url", "status")},
        **{name: str(event[name]) for name in ("class", "transp")},
        "sequence": int(event["SEQUENCE"]),
        "zone": event["DTSTART"].params.get("TZID"),
        "starts": int(event["DTSTART"].dt.timestamp()),
        "ends": int(event["DTEND"].dt.timestamp()),
        "stamp": int(event["DTSTAMP"].dt.timestamp()),
        "changed": int(event["LAST-MODIFIED"].dt.timestamp()),
        "organizer": _person(event["ORGANIZER"]) if "ORGANIZER" in event else None,
        "attendees": [_person(one) for one in (attendees if isinstance(attendees, list) else [attendees])],
        "inside": len(event.subcomponents),
    }


def _person(address) -> dict:
    of = address.params.get
    return {
        "address": str(address),
        "name": of("CN"),
        "part": of("PARTSTAT"),
        "rsvp": of("RSVP"),
        "role": of("ROLE"),
    }


def test_two_parsers_agree_on_every_field_of_500_meetings(settings):
    cases = generated(500)
    texts = [invitation(meeting, to, method, NOW, answer) for meeting, to, method, answer in cases]

    by_icalendar = [read_by_icalendar(text) for text in texts]

    assert read_by_ical_js(texts) == by_icalendar
    for (meeting, to, method, answer), read in zip(cases, by_icalendar, strict=True):
        assert (read["method"], read["parts"], len(read["events"])) == (method, ["vtimezone", "vevent"], 1)
        (event,) = read["events"]
        assert (event["starts"], event["ends"] - event["starts"]) == (
            int(meeting.starts_at.timestamp()),
            60 * meeting.minutes,
        )
        assert (event["uid"], event["sequence"], event["inside"]) == (f"{meeting.uid}@refleks", meeting.sequence, 0)
        assert (event["summary"], event["url"]) == (f"Refleks: møte {meeting.number}", meeting_url(meeting))
        assert event["location"] == place_of(meeting)
        (attendee,) = event["attendees"]
        assert attendee["address"] == f"mailto:{to.email}"
        assert attendee["part"] == {"": "NEEDS-ACTION", "yes": "ACCEPTED", "no": "DECLINED"}[answer]
        assert event["organizer"]["address"] == "mailto:refleks@example.org"


def test_what_is_written_is_short_lines_and_one_of_everything():
    for meeting, to, method, answer in generated(500):
        written = invitation(meeting, to, method, NOW, answer).encode()

        lines = written.split(b"\r\n")
        assert b"\n" not in b"".join(lines)
        assert max(len(line) for line in lines) <= 75
        for line in lines:
            line.decode()
        assert [line for line in lines if line.startswith(b"BEGIN:")] == [
            b"BEGIN:VCALENDAR", b"BEGIN:VTIMEZONE", b"BEGIN:STANDARD", b"BEGIN:DAYLIGHT", b"BEGIN:VEVENT",
        ]  # fmt: skip
        assert sum(line.startswith((b"ATTENDEE", b"UID")) for line in lines) == 2


def test_nothing_sensitive_stands_in_an_invitation():
    meeting = meeting_with(
        form="both", link="https://video.example.org/rom", title="Å miste et barn", topics="Sorg", before="Les om SMA"
    )

    text = invitation(meeting, person(), REQUEST, NOW).replace("\r\n ", "")

    assert not [word for word in ("SMA", "video.example", "miste", "Sorg") if word in text]
    assert "CLASS:PRIVATE" in text
    assert "VALARM" not in text


def test_the_fixed_zone_agrees_with_the_tz_database_until_2060():
    hours = range(0, 34 * 366 * 24, 11)
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in hours]
    texts = [_zone_probe(moments[start : start + 2000]) for start in range(0, len(moments), 2000)]

    starts = [event["starts"] for read in read_by_ical_js(texts) for event in read["events"]]

    assert starts == [int(moment.timestamp()) for moment in moments if is_clear(moment)]


def is_clear(moment: datetime) -> bool:
    """Whether its wall time is that of no other moment."""
    wall = wall_of(moment)
    return problem_of(wall.date(), wall.time()) == ""


def _zone_probe(moments: list[datetime]) -> str:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{place}\r\nDTSTAMP:20260101T000000Z\r\nLAST-MODIFIED:20260101T000000Z\r\n"
        f"DTSTART;TZID=Europe/Oslo:{wall_of(moment):%Y%m%dT%H%M%S}\r\nEND:VEVENT\r\n"
        for place, moment in enumerate(moments)
        if is_clear(moment)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{OSLO_BLOCK}{events}END:VCALENDAR\r\n"


def test_a_zone_that_is_not_ours_brings_its_own_rules():
    meeting = meeting_with(zone="America/New_York")
    meeting.starts_at = utc_of(meeting.day, meeting.clock, 0, "America/New_York")

    text = invitation(meeting, person(), REQUEST, NOW)

    assert read_by_ical_js([text])[0]["events"][0]["starts"] == int(meeting.starts_at.timestamp())


def test_two_equal_hours_are_said_in_utc():
    first, second = (meeting_with(day=date(2026, 10, 25), clock=time(2, 30), fold=fold) for fold in (0, 1))

    assert "DTSTART:20261025T003000Z\r\n" in invitation(first, person(), REQUEST, NOW)
    assert "DTSTART:20261025T013000Z\r\n" in invitation(second, person(), REQUEST, NOW)


def test_a_feed_names_nobody_and_is_the_same_each_time():
    meetings = [meeting for meeting, _to, _method, _answer in generated(40)]

    written = feed(meetings)

    read = read_by_ical_js([written.decode()])[0]
    assert (read["method"], len(read["events"]), written == feed(meetings)) == ("PUBLISH", 40, True)
    assert [(event["attendees"], event["organizer"]) for event in read["events"]] == [([], None)] * 40
    assert {event["status"] for event in read["events"]} == {"CONFIRMED"}


@pytest.mark.parametrize(
    ("written", "seen"),
    [("a\r\nb", "a b"), ("a\u2028b\x85c", "a b c"), ("\x00a\x1bb", "ab"), ("  a \t b ", "a b"), ("\ud800a", "a")],
)
def test_one_line_is_one_line(written, seen):
    assert one_line(written) == seen


def test_names_of_a_meeting_are_neutral_and_stable():
    meeting = meeting_with(uid=UUID(int=5))

    assert (summary_of(meeting), uid_of(meeting)) == (
        "Refleks: møte 1",
        "00000000-0000-0000-0000-000000000005@refleks",
    )
    assert meeting_url(meeting).endswith("/grupper/7/moter/1/")
