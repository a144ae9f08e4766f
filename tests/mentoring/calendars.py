"""What a calendar makes of our mails: the invitation of each, as icalendar reads it."""

import email
from email import policy

from icalendar import Calendar

from lms.outbox.models import OutgoingMail


def mails_to(person) -> list[email.message.EmailMessage]:
    """The mails of a person in the order in which they were written."""
    rows = OutgoingMail.objects.filter(to=person.email).order_by("pk")
    return [email.message_from_bytes(row.message.encode(), policy=policy.default) for row in rows]


def calendar_part(mail) -> email.message.EmailMessage:
    return next(part for part in mail.walk() if part.get_content_type() == "text/calendar")


def calendars_to(person) -> list[Calendar]:
    """What the invitations of a person say, in the order in which they were written."""
    mails = [mail for mail in mails_to(person) if mail.get_content_type() == "multipart/mixed"]
    return [Calendar.from_ical(calendar_part(mail).get_payload(decode=True)) for mail in mails]


def only_event(calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def told(person) -> list[tuple[str, int]]:
    """The method and version of each invitation that the person got."""
    return [(str(calendar["METHOD"]), only_event(calendar)["SEQUENCE"]) for calendar in calendars_to(person)]


class Diary:
    """A calendar program: keeps the newest version of each meeting, whatever order the mails come in (I14)."""

    def __init__(self):
        self.kept = {}

    def take(self, calendar) -> None:
        event = only_event(calendar)
        version = (event["SEQUENCE"], event["DTSTAMP"].dt)
        before = self.kept.get(str(event["UID"]))
        if before is None or version > before[0]:
            self.kept[str(event["UID"])] = (version, str(calendar["METHOD"]), event)

    @property
    def events(self) -> list:
        return [event for _version, method, event in self.kept.values() if method == "REQUEST"]
