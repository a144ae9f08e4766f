"""What a meeting is in iCalendar: read by Outlook, Google and Apple alike, nothing sensitive in it (I9-I14, S21)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Component, Event, Timezone, vCalAddress, vDuration, vText

from mentoring.models import Meeting, MeetingReply
from mentoring.walltime import OSLO, TWICE, problem_of, wall_of

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
# Both rules, for ever: what icalendar works out itself stops in 2038.
OSLO_BLOCK = """BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:STANDARD
TZNAME:CET
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
TZNAME:CEST
DTSTART:19970330T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
""".replace("\n", "\r\n")
BROKEN_LINES = re.compile("[\\s\x1c-\x1f\x85\u2028\u2029]+")
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
PART_OF = {MeetingReply.Answer.YES: "ACCEPTED", MeetingReply.Answer.NO: "DECLINED", "": "NEEDS-ACTION"}


def uid_of(meeting: Meeting) -> str:
    """The one name of the meeting in every calendar, for life (B2)."""
    # Not the address of the site: that may change, and what hangs in calendars must still be found.
    return f"{meeting.uid}@refleks"


def meeting_url(meeting: Meeting) -> str:
    """The whole address of the meeting's page. The way into a digital meeting stands only there (I13)."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("meeting", args=[meeting.group_id, meeting.number])


def summary_of(meeting: Meeting) -> str:
    """What stands in everybody's calendar: neutral, for calendars are shared with colleagues (I13)."""
    return _("Refleks: møte %(number)s") % {"number": meeting.number}


def place_of(meeting: Meeting) -> str:
    """Where, on one line; a link is never in it (I13)."""
    if meeting.form == Meeting.Form.DIGITAL:
        return _("På nett")
    place = one_line(meeting.place)
    return _("%(place)s, eller på nett") % {"place": place} if meeting.form == Meeting.Form.BOTH else place


def one_line(text: str) -> str:
    """`text` without line breaks or signs that nobody sees."""
    return UNSEEN.sub("", BROKEN_LINES.sub(" ", text)).strip()


def invitation(meeting: Meeting, person: Any, method: str, now: datetime, answer: str = "") -> str:
    """The invitation of one person, or its cancellation; `answer` is what they have said on the site."""
    event = _event(meeting, now)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    event.add("organizer", _organizer(meeting))
    event.add("attendee", _attendee(person, answer))
    # An answer by mail reaches nobody: it is given on the page (I15).
    event.add("x-microsoft-disallow-counter", "TRUE")
    return _calendar([meeting], [event], method).to_ical().decode()


def feed(meetings: Iterable[Meeting]) -> bytes:
    """All these meetings as a calendar to subscribe to. It names nobody (S13)."""
    meetings = list(meetings)
    calendar = _calendar(meetings, [_published(meeting) for meeting in meetings], PUBLISH)
    calendar.add("x-wr-calname", "Refleks")
    calendar.add("refresh-interval", vDuration(timedelta(hours=2)), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT2H")
    return calendar.to_ical()


def _published(meeting: Meeting) -> Event:
    event = _event(meeting, meeting.changed_at)
    event.add("status", "CANCELLED" if meeting.status == Meeting.Status.CANCELLED else "CONFIRMED")
    return event


def _calendar(meetings: list[Meeting], events: list[Event], method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Refleks//Refleks//NO")
    calendar.add("method", method)
    for block in _zones(meetings):
        calendar.add_component(block)
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(meeting: Meeting, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _clock(meeting.starts_at, meeting.zone))
    event.add("dtend", _clock(meeting.ends_at, meeting.zone))
    event.add("summary", summary_of(meeting))
    event.add("location", place_of(meeting))
    event.add("description", _description(meeting))
    event.add("url", meeting_url(meeting))
    event.add("last-modified", meeting.changed_at.astimezone(UTC))
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event


def _clock(moment: datetime, zone: str) -> datetime:
    wall = wall_of(moment, zone)
    # A local time that comes twice should mean the first of the two (RFC 5545, 3.3.5), but not every program reads it
    # so: both are said in UTC.
    return moment.astimezone(UTC) if problem_of(wall.date(), wall.time(), zone) == TWICE else wall


def _description(meeting: Meeting) -> str:
    return _(
        "Program, lenke og det du gjør før møtet: %(url)s\nSi der om du kommer. Svar på e-post blir ikke lest."
    ) % {"url": meeting_url(meeting)}


def _organizer(meeting: Meeting) -> vCalAddress:
    # The site's own address: who it says it is from is who sent it, as mail servers demand (I15).
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return _address(address, meeting.group.mentor.name if meeting.group.mentor else name)


def _attendee(person: Any, answer: str) -> vCalAddress:
    attendee = _address(person.email, person.name)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(PART_OF[answer])
    attendee.params["RSVP"] = vText("FALSE")
    return attendee


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{one_line(email)}")
    # Programs differ on how these three are written in a parameter.
    address.params["CN"] = vText(one_line(name).translate({ord('"'): "’", ord("^"): None, ord("\\"): None}))
    return address


def _zones(meetings: list[Meeting]) -> list[Component]:
    """A block for each zone. Oslo's is fixed as long as it is right for these meetings (I12, D15)."""
    moments: dict[str, list[datetime]] = {}
    for meeting in meetings:
        moments.setdefault(meeting.zone, []).extend([meeting.starts_at, meeting.ends_at])
    return [_zone(zone, found) for zone, found in moments.items()]


def _zone(zone: str, moments: list[datetime]) -> Component:
    if zone == OSLO:
        block = Timezone.from_ical(OSLO_BLOCK)
        if all(_offset_by_rule(moment) == wall_of(moment).utcoffset() for moment in moments):
            return block
    first, last = min(moments).date(), max(moments).date()
    return Timezone.from_tzinfo(ZoneInfo(zone), zone, first - timedelta(days=400), last + timedelta(days=400))


def _offset_by_rule(moment: datetime) -> timedelta:
    """Oslo's offset as OSLO_BLOCK has it: summer from one in UTC on the last Sunday of March to that of October."""
    begins, ends = (_last_sunday(moment.year, month) for month in (3, 10))
    return timedelta(hours=2 if begins <= moment < ends else 1)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)
