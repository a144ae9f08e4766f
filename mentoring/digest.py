"""The weekly mail to each mentor: what is next and what waits, in numbers, never in anybody's words (B19)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import preparation
from mentoring.models import LearningGroup, Meeting, Membership, Note, Poll
from mentoring.stopping import digest_path, headers_of
from mentoring.walltime import wall_of

OPEN = (LearningGroup.Status.PLANNED, LearningGroup.Status.STARTED)
MONDAY, SEVEN = 0, 7
SOON = timedelta(days=14)


@dataclass(frozen=True)
class GroupNews:
    """A group in a few numbers. `next_meeting` is the first coming one, `lacks` what it still needs."""

    group: LearningGroup
    next_meeting: Meeting | None
    is_soon: bool = False
    without_time: int = 0
    lacks: str = ""
    notes: int = 0
    not_begun: int = 0
    not_finished: int = 0
    polls: int = 0
    unconfirmed: int = 0

    @property
    def says_something(self) -> bool:
        """A week in which nothing waits and nobody meets needs no mail."""
        nothing_planned = self.without_time and self.next_meeting is None
        return bool(self.is_soon or nothing_planned or self.lacks or self.notes or self.polls)

    @property
    def lines(self) -> list[str]:
        """The numbers in words, what comes first first."""
        return [*self._meeting_lines(), *self._waiting_lines()]

    def _meeting_lines(self) -> list[str]:
        meeting, words = self.next_meeting, []
        if meeting:
            facts = {"number": meeting.number, "day": date_format(meeting.day, "l j. F Y")}
            facts |= {"clock": date_format(meeting.clock, "H.i"), "lacks": self.lacks}
            sentence = _("Møte %(number)s er %(day)s kl. %(clock)s")
            words.append((sentence + (_(", men %(lacks)s.") if self.lacks else ".")) % facts)
        elif self.without_time:
            words.append(_("Neste møte har ikke fått noe tidspunkt."))
        if self.not_begun:
            words.append(_("%(count)s har ikke begynt på modulene før møtet.") % {"count": self.not_begun})
        if self.not_finished:
            sentence = _("%(count)s er i gang med modulene før møtet og er ikke ferdig.")
            words.append(sentence % {"count": self.not_finished})
        return words

    def _waiting_lines(self) -> list[str]:
        words = []
        if self.polls:
            words.append(_("En avstemning om tidspunkt er åpen. Du bestemmer når du har nok svar."))
        if self.notes:
            said = ngettext("%(count)s notat er levert.", "%(count)s notater er levert.", self.notes)
            words.append(said % {"count": self.notes})
        if self.unconfirmed:
            words.append(_("%(count)s har ikke bekreftet taushet.") % {"count": self.unconfirmed})
        return words


def due_mentors(now: datetime) -> list[int]:
    """The ids of mentors who may get their weekly mail at `now`: on a Monday from seven in Oslo. Else nobody."""
    local = wall_of(now)
    if local.weekday() != MONDAY or local.hour < SEVEN:
        return []
    mentors = get_user_model().objects.filter(is_active=True, digest_stop=None, led_groups__status__in=OPEN)
    return list(mentors.distinct().order_by("pk").values_list("pk", flat=True))


def send_digest(mentor_id: int, now: datetime) -> bool:
    """Writes one mentor's mail of this week, when there is something to say; once a week whoever asks."""
    if mentor_id not in due_mentors(now):
        return False
    mentor = get_user_model().objects.get(pk=mentor_id)
    news = [item for item in news_of(mentor, now) if item.says_something]
    if not news:
        return False
    year, week, _day = wall_of(now).isocalendar()
    path = digest_path(mentor)
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "news": news,
            "mentor": mentor,
            "week": week,
            "url": settings.SITE_URL + reverse("groups"),
            "site": settings.SITE_URL,
            "stop_url": settings.SITE_URL + path,
        }
        mail = EmailMultiAlternatives(
            _("Gruppene dine i uke %(week)s") % {"week": week},
            render_to_string("mentoring/mail/digest.txt", context),
            to=[mentor.email],
            headers={"X-Refleks-Key": f"{mentor.public_id}:digest:{year}-{week}", **headers_of(path)},
        )
        mail.attach_alternative(render_to_string("mentoring/mail/digest.html", context), "text/html")
        mail.send()
    return True


def news_of(mentor: Any, now: datetime) -> list[GroupNews]:
    """What is new in each open group that `mentor` leads."""
    groups = list(
        mentor.led_groups.filter(status__in=OPEN).select_related("package__course").order_by("name__in_order", "pk")
    )
    meetings = list(
        Meeting.objects.filter(group__in=groups, status=Meeting.Status.PLANNED).order_by("starts_at", "number")
    )
    here = list(Membership.objects.filter(group__in=groups, left_at=None, member__is_active=True))
    notes, polls = _notes_in(groups), _polls_in(groups)
    return [
        _news(
            group,
            [meeting for meeting in meetings if meeting.group_id == group.pk],
            [membership for membership in here if membership.group_id == group.pk],
            now,
            notes=notes[group.pk],
            polls=polls[group.pk],
        )
        for group in groups
    ]


def _news(
    group: LearningGroup, meetings: list[Meeting], here: list[Membership], now: datetime, **counts: int
) -> GroupNews:
    coming = [meeting for meeting in meetings if meeting.starts_at and meeting.starts_at > now]
    following = coming[0] if coming else None
    soon = bool(following and following.starts_at < now + SOON)
    stuck = _stuck(group, following, here) if following and soon else Counter()
    return GroupNews(
        group=group,
        next_meeting=following,
        is_soon=soon,
        without_time=sum(meeting.starts_at is None for meeting in meetings),
        lacks=following.lacks if following else "",
        not_begun=stuck["not begun"],
        not_finished=stuck["not finished"],
        unconfirmed=sum(membership.confirmed_at is None for membership in here),
        **counts,
    )


def _stuck(group: LearningGroup, meeting: Meeting, here: list[Membership]) -> Counter[str]:
    course = preparation.course_of(group)
    modules = preparation.modules_before(meeting, course)
    progress = preparation.progress_of(here, course) if modules else {}
    lacking = [own for own in progress.values() if not all(own.has_done(module) for module in modules)]
    begun = sum(any(own.has_begun(module) for module in modules) for own in lacking)
    return Counter({"not begun": len(lacking) - begun, "not finished": begun})


def _notes_in(groups: Iterable[LearningGroup]) -> Counter[int]:
    handed_in = Note.objects.filter(membership__group__in=groups, status=Note.Status.HANDED_IN)
    rows = handed_in.values("membership__group").annotate(count=Count("pk"))
    return Counter({row["membership__group"]: row["count"] for row in rows})


def _polls_in(groups: Iterable[LearningGroup]) -> Counter[int]:
    still_open = Q(closed_at=None, meeting__group__in=groups)
    polls = Poll.objects.filter(still_open).exclude(meeting__status=Meeting.Status.HELD)
    rows = polls.values("meeting__group").annotate(count=Count("pk"))
    return Counter({row["meeting__group"]: row["count"] for row in rows})
