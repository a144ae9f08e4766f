"""Reminders of meetings: once per person and occasion, to those who want them, never a backlog (B14, D25, D14).

An occasion is a meeting on a date: one that is moved reminds anew, and one that is moved back does not. Days are
counted on the calendar of the meeting's own zone, so that the nights when clocks change are days like others.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring import preparation
from mentoring.calendar import facts_of
from mentoring.models import LearningGroup, Meeting, Membership, Notice
from mentoring.notices import mail_key, note_once
from mentoring.stopping import headers_of, reminders_path
from modules.outline import ModuleOutline

Kind: Any = Notice.Kind
OPEN = (LearningGroup.Status.PLANNED, LearningGroup.Status.STARTED)
# How many days before the meeting each goes out: the last number is how late it may come after a standstill.
WINDOWS = {Kind.WEEK_BEFORE: range(4, 8), Kind.MODULES: range(2, 4), Kind.DAY_BEFORE: range(1, 2)}
FARTHEST = timedelta(days=8)
# Mail comes by day.
HOURS = range(8, 21)
# Who has just been told of the time need not be reminded of it.
JUST_TOLD = timedelta(hours=48)


def due_meetings(now: datetime) -> list[int]:
    """The ids of meetings that somebody may have to be reminded of at `now`. One query."""
    meetings = Meeting.objects.filter(
        status=Meeting.Status.PLANNED, starts_at__gt=now, starts_at__lt=now + FARTHEST, group__status__in=OPEN
    )
    return [meeting.pk for meeting in meetings if kinds_due(meeting, now)]


def kinds_due(meeting: Meeting, now: datetime) -> list[str]:
    """Which reminders of the meeting go out at `now`."""
    if meeting.status != Meeting.Status.PLANNED or not meeting.starts_at or meeting.starts_at <= now or meeting.lacks:
        return []
    local = now.astimezone(ZoneInfo(meeting.zone))
    if local.hour not in HOURS:
        return []
    days = (meeting.day - local.date()).days
    return [kind for kind, window in WINDOWS.items() if days in window]


def remind(meeting_id: int, now: datetime) -> int:
    """Sends the reminders of a meeting that are due, and returns how many. Twice, or by two at once, harms nobody."""
    meeting = Meeting.objects.select_related("group__mentor", "group__package__course").filter(pk=meeting_id).first()
    if meeting is None or meeting.group.status not in OPEN:
        return 0
    return sum(_remind_all(meeting, kind, now) for kind in kinds_due(meeting, now))


def recipients(meeting: Meeting, kind: str, now: datetime) -> list[tuple[Membership, list[ModuleOutline]]]:
    """Who a reminder goes to, with the modules each lacks: present, with an account in use, and not stopped."""
    here = Membership.objects.filter(
        group=meeting.group, left_at=None, member__is_active=True, reminders_stopped_at=None
    ).select_related("member", "group")
    memberships = list(here.order_by("pk"))
    lacking = preparation.unfinished(memberships, meeting, preparation.course_of(meeting.group))
    if kind == Kind.MODULES:
        memberships = [membership for membership in memberships if lacking[membership.pk]]
    if kind == Kind.WEEK_BEFORE:
        told = _just_told(meeting, now)
        memberships = [membership for membership in memberships if membership.pk not in told]
    return [(membership, lacking[membership.pk]) for membership in memberships]


def _remind_all(meeting: Meeting, kind: str, now: datetime) -> int:
    told = _told(meeting, kind)
    to = [one for one in recipients(meeting, kind, now) if one[0].pk not in told]
    with translation.override(settings.LANGUAGE_CODE):
        facts = facts_of(meeting) if to else {}
        return sum(_remind(facts, kind, *one) for one in to)


def _told(meeting: Meeting, kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind, occasion=occasion_of(meeting)).values_list("membership_id", flat=True))


def _just_told(meeting: Meeting, now: datetime) -> set[int]:
    notices = Notice.objects.filter(
        kind__in=(Kind.INVITED, Kind.CHANGED), occasion__startswith=meeting.uid.hex, at__gt=now - JUST_TOLD
    )
    return set(notices.values_list("membership_id", flat=True))


def occasion_of(meeting: Meeting) -> str:
    """The meeting on its date."""
    return f"{meeting.uid.hex}:{meeting.day}"


def _remind(facts: dict[str, Any], kind: str, membership: Membership, lacking: Iterable[ModuleOutline]) -> int:
    """Writes that the member is reminded and the mail that does it, or neither."""
    occasion, path = occasion_of(facts["meeting"]), reminders_path(membership)
    context = facts | {
        "kind": kind,
        "lacking": lacking,
        "membership": membership,
        "stop_url": settings.SITE_URL + path,
        "site": settings.SITE_URL,
    }
    with transaction.atomic():
        if not note_once(membership, kind, occasion):
            return 0
        mail = EmailMultiAlternatives(
            _subject(kind, context),
            render_to_string("mentoring/mail/reminder.txt", context),
            to=[membership.member.email],
            headers={"X-Refleks-Key": mail_key(membership, kind, occasion), **headers_of(path)},
        )
        mail.attach_alternative(render_to_string("mentoring/mail/reminder.html", context), "text/html")
        mail.send()
    return 1


def _subject(kind: str, facts: dict[str, Any]) -> str:
    words = {"number": facts["meeting"].number, "day": date_format(facts["meeting"].day, "l j. F")}
    words["clock"] = facts["clock"]
    if kind == Kind.DAY_BEFORE:
        return _("I morgen kl. %(clock)s: møte %(number)s") % words
    if kind == Kind.MODULES:
        return _("Før møte %(number)s %(day)s: det du har igjen") % words
    return _("Påminnelse: møte %(number)s %(day)s kl. %(clock)s") % words
