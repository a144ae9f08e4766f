"""Tells people of their meetings: an invitation in the mail that changes and cancels itself (B1, B2, I9-I15).

Everything is written in the transaction of the change it tells of; each person gets each version once (D16).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.calendar_format import CANCEL, REQUEST, invitation, meeting_url, place_of
from mentoring.lines import lines_of
from mentoring.models import LearningGroup, Meeting, MeetingReply, Membership, Notice
from mentoring.notices import mail_key, note_once
from mentoring.walltime import wall_of, zone_words
from modules.outline import course_outline

Kind: Any = Notice.Kind
Reply: Any = MeetingReply.Answer
OPEN = (LearningGroup.Status.PLANNED, LearningGroup.Status.STARTED)
LEFT, WAS = "left", "was"


@dataclass(frozen=True)
class Told:
    """The last version of a meeting that a member was invited to, and the last that was cancelled; -1 is never."""

    invited: int = -1
    cancelled: int = -1

    @property
    def has_it(self) -> bool:
        """Whether the meeting stands in the member's calendar."""
        return self.invited > self.cancelled


def recipients(group: LearningGroup) -> list[Any]:
    """Who is told of the group's meetings: its present members and its mentor, those with an account in use."""
    members = [membership.member for membership in _present(group)]
    return members + ([group.mentor] if group.mentor and group.mentor.is_active else [])


def is_announced(meeting: Meeting) -> bool:
    """Whether people have it in their calendars, or will have before this transaction ends: it lacks nothing."""
    return meeting.status == Meeting.Status.PLANNED and not meeting.lacks


def announce(meeting: Meeting) -> int:
    """Invites everybody to the meeting as it is now, or tells what changed; returns how many mails were written.

    Nobody hears of a meeting that lacks its place or link, is over, or belongs to a closed group (R022).
    """
    if not _is_coming(meeting):
        return 0
    memberships = _present(meeting.group)
    told = _told_of([meeting])
    mails = [mail for membership in memberships for mail in _request(meeting, membership, told[membership.pk, meeting])]
    mails += _to_mentor(meeting, Kind.CHANGED if meeting.sequence else Kind.INVITED, REQUEST)
    return _send(mails)


def put_right(meeting: Meeting) -> int:
    """Moves a meeting that turned out to have been already in the calendars where it lies ahead; how many mails.

    A REQUEST with the new time, not a CANCEL: every program takes it as a move and leaves nothing on the old day, the
    meeting stands where it was, and a later change of the same UID still finds it. A cancellation would say that what
    took place did not, and Outlook keeps a cancelled entry until somebody clears it away.
    """
    told, occasion = _told_of([meeting]), _occasion(meeting)
    said = dict(MeetingReply.objects.filter(meeting=meeting).values_list("membership", "answer"))
    mails = [
        _mail(
            *(meeting, membership.member, WAS, REQUEST, mail_key(membership, "request", occasion)),
            answer=said.get(membership.pk, ""),
        )
        for membership in _present(meeting.group)
        if told[membership.pk, meeting].has_it and note_once(membership, Kind.CHANGED, occasion)
    ]
    return _send(mails + _to_mentor(meeting, WAS, REQUEST))


def cancel(meeting: Meeting, means: str = "") -> int:
    """Takes the meeting out of the calendars of all who have it; its `sequence` has risen. Returns how many mails.

    `means` is a sentence about the certificate for the members.
    """
    told, occasion = _told_of([meeting]), _occasion(meeting)
    mails = [
        _mail(
            *(meeting, membership.member, Kind.CANCELLED, CANCEL, mail_key(membership, "cancel", occasion)),
            means=means,
        )
        for membership in _present(meeting.group)
        if told[membership.pk, meeting].has_it and note_once(membership, Kind.CANCELLED, occasion)
    ]
    return _send(mails + _to_mentor(meeting, Kind.CANCELLED, CANCEL))


def tell_newcomer(membership: Membership) -> int:
    """Invites one who joined to all coming meetings that have a time and place (B25); returns how many mails."""
    if not membership.member.is_active:
        return 0
    with transaction.atomic():
        meetings = coming(membership.group)
        told = _told_of(meetings)
        mails = []
        for meeting in meetings:
            before = told[membership.pk, meeting]
            if before.cancelled >= meeting.sequence:
                # One who comes back has a cancellation of this version: only a newer one brings the meeting back.
                _raise_sequence(meeting)
            mails += _request(meeting, membership, before)
        return _send(mails)


def tell_leaver(membership: Membership) -> int:
    """Takes the coming meetings out of the calendar of one who left, and of nobody else (I11); returns how many."""
    with transaction.atomic():
        meetings = coming(membership.group)
        told = _told_of(meetings)
        mails = []
        for meeting in meetings:
            if not told[membership.pk, meeting].has_it:
                continue
            _raise_sequence(meeting)
            if note_once(membership, Kind.CANCELLED, _occasion(meeting)) and membership.member.is_active:
                key = mail_key(membership, "cancel", _occasion(meeting))
                mails.append(_mail(meeting, membership.member, LEFT, CANCEL, key))
        return _send(mails)


def tell_new_mentor(group: LearningGroup, former: Any = None) -> int:
    """Invites the group's mentor to the coming meetings and takes them from the former one; returns how many mails."""
    mails = []
    for meeting in coming(group):
        if former and former.is_active and former.pk != group.mentor_id:
            _raise_sequence(meeting)
            mails.append(_mail(meeting, former, LEFT, CANCEL, _own_key(former, meeting, CANCEL)))
        mails += _to_mentor(meeting, Kind.INVITED, REQUEST)
    return _send(mails)


def coming(group: LearningGroup) -> list[Meeting]:
    """The meetings of the group that people are invited to and that are not over, in order."""
    meetings = Meeting.objects.filter(group=group, status=Meeting.Status.PLANNED, starts_at__isnull=False)
    meetings = meetings.select_related("group__mentor", "group__package__course").order_by("number")
    return [meeting for meeting in meetings if _is_coming(meeting)]


def _is_coming(meeting: Meeting) -> bool:
    over = not meeting.ends_at or meeting.ends_at <= timezone.now()
    return is_announced(meeting) and not over and meeting.group.status in OPEN


def _present(group: LearningGroup) -> list[Membership]:
    here = Membership.objects.filter(group=group, left_at=None, member__is_active=True)
    return list(here.select_related("member", "group").order_by("pk"))


def _raise_sequence(meeting: Meeting) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(sequence=F("sequence") + 1)
    meeting.refresh_from_db(fields=["sequence"])


def _occasion(meeting: Meeting) -> str:
    return f"{meeting.uid.hex}:{meeting.sequence}"


def _told_of(meetings: Iterable[Meeting]) -> defaultdict[tuple[int, Meeting], Told]:
    """What each member was told of each of these meetings of one group: a single query."""
    by_uid = {meeting.uid.hex: meeting for meeting in meetings}
    groups = {meeting.group_id for meeting in by_uid.values()}
    told: defaultdict[tuple[int, Meeting], Told] = defaultdict(Told)
    kinds = (Kind.INVITED, Kind.CHANGED, Kind.CANCELLED)
    for notice in Notice.objects.filter(membership__group__in=groups, kind__in=kinds):
        uid, _colon, sequence = notice.occasion.partition(":")
        if uid not in by_uid:
            continue
        key, before = (notice.membership_id, by_uid[uid]), told[notice.membership_id, by_uid[uid]]
        if notice.kind == Kind.CANCELLED:
            told[key] = Told(before.invited, max(before.cancelled, int(sequence)))
        else:
            told[key] = Told(max(before.invited, int(sequence)), before.cancelled)
    return told


def _request(meeting: Meeting, membership: Membership, told: Told) -> list[EmailMultiAlternatives]:
    kind = Kind.CHANGED if told.has_it else Kind.INVITED
    if told.invited >= meeting.sequence or not note_once(membership, kind, _occasion(meeting)):
        return []
    reply = MeetingReply.objects.filter(meeting=meeting, membership=membership).first()
    key = mail_key(membership, "request", _occasion(meeting))
    return [_mail(meeting, membership.member, kind, REQUEST, key, reply.answer if reply else "")]


def _to_mentor(meeting: Meeting, kind: str, method: str) -> list[EmailMultiAlternatives]:
    mentor = meeting.group.mentor
    if mentor is None or not mentor.is_active:
        return []
    return [_mail(meeting, mentor, kind, method, _own_key(mentor, meeting, method), Reply.YES)]


def _own_key(person: Any, meeting: Meeting, method: str) -> str:
    return f"{person.public_id}:{method.lower()}:{meeting.group_id}:{_occasion(meeting)}"


def _mail(
    meeting: Meeting, person: Any, kind: str, method: str, key: str, answer: str = "", means: str = ""
) -> EmailMultiAlternatives:
    with translation.override(settings.LANGUAGE_CODE):
        leads = person.pk == meeting.group.mentor_id
        context = {**facts_of(meeting), "kind": kind, "leads": leads, "means": means}
        mail = EmailMultiAlternatives(
            _subject(kind, context),
            render_to_string("mentoring/mail/meeting.txt", context),
            to=[person.email],
            headers={"X-Refleks-Key": key},
        )
        mail.attach_alternative(render_to_string("mentoring/mail/meeting.html", context), "text/html")
        text = invitation(meeting, person, method, timezone.now(), answer)
    # Without a charset here: Django adds its own. The copy is for those whose program overlooks the part.
    mail.attach_alternative(text, f"text/calendar; method={method}")
    mail.attach("invitasjon.ics", text.encode(), "application/ics")
    return mail


def facts_of(meeting: Meeting) -> dict[str, Any]:
    """What a mail says of a meeting with a time, in words: when with zone, where, what to do before, the page."""
    starts, ends = (wall_of(moment, meeting.zone) for moment in (meeting.starts_at, meeting.ends_at))
    return {
        "meeting": meeting,
        "day": date_format(starts, "l j. F Y"),
        "clock": date_format(starts, "H.i"),
        "until": date_format(ends, "H.i"),
        "zone": zone_words(meeting.starts_at, meeting.zone),
        "place": place_of(meeting),
        "has_link": meeting.form != Meeting.Form.PHYSICAL,
        "before": before_of(meeting),
        "mentor": meeting.group.mentor,
        "url": meeting_url(meeting),
    }


def before_of(meeting: Meeting) -> list[str]:
    """What to do before the meeting, a line for each: modules of the course by number and title, other work."""
    page = meeting.group.package.course
    outline = course_outline(page.translation_key, settings.LANGUAGE_CODE) if page and meeting.module_keys else None
    modules = [module for module in outline.modules if str(module.key) in meeting.module_keys] if outline else []
    return [
        _("Modul %(number)s: %(title)s") % {"number": module.number, "title": module.title} for module in modules
    ] + lines_of(meeting.before)


def _subject(kind: str, facts: dict[str, Any]) -> str:
    words = {"number": facts["meeting"].number, "day": facts["day"], "clock": facts["clock"]}
    if kind == Kind.INVITED:
        return _("Møte %(number)s: %(day)s kl. %(clock)s") % words
    if kind == Kind.CHANGED:
        return _("Endret: møte %(number)s er %(day)s kl. %(clock)s") % words
    if kind == WAS:
        return _("Rettet i kalenderen: møte %(number)s var %(day)s kl. %(clock)s") % words
    if kind == Kind.CANCELLED:
        return _("Avlyst: møte %(number)s %(day)s kl. %(clock)s") % words
    return _("Tatt ut av kalenderen din: møte %(number)s %(day)s") % words


def _send(mails: list[EmailMultiAlternatives]) -> int:
    return get_connection().send_messages(mails) if mails else 0
