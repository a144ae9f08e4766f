"""Invitations to meetings as mail that calendars read (R022, S21)."""

from mentoring.models import Meeting, Membership


def announce(meeting: Meeting) -> None:
    """Sends the meeting as it is now to all present members and the mentor."""


def cancel(meeting: Meeting) -> None:
    """Tells all whom it was sent to that the meeting is cancelled."""


def tell_newcomer(membership: Membership) -> None:
    """Sends all coming meetings that have a time."""


def tell_leaver(membership: Membership) -> None:
    """Takes the coming meetings out of the calendar of one who has left."""
