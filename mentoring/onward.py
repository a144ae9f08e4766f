"""What a member does next on the way of a package: one thing at a time, in the order in which it matters."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from mentoring.models import LearningGroup, Meeting, Membership, Note, Package, Poll

Status = LearningGroup.Status


@dataclass(frozen=True)
class NextStep:
    """One thing to do: what, why or when, and the button that leads there; no button when it is to wait."""

    code: str
    title: str
    text: str = ""
    label: str = ""
    url: str = ""


def cases_of(memberships: Iterable[Membership]) -> dict[int, Any]:
    """How far these members are to the certificate of their package, by the membership's id.

    Certificates stand above groups and know all of it; the settings name whom to ask. Each case has `path`,
    `meetings`, `notes`, `missing_modules`, `progress`, `certificate` and `to_do`. The memberships need `member` and
    `group.package.course`.
    """
    return import_string(settings.MEMBER_STANDING)(memberships)


def coming_meeting(meetings: Iterable[Meeting], now: datetime.datetime) -> Meeting | None:
    """The next meeting that is neither over nor cancelled; one without a time comes after those that have one."""
    open_ones = [
        meeting for meeting in meetings if meeting.status == Meeting.Status.PLANNED and not is_over(meeting, now)
    ]
    return min(
        open_ones,
        key=lambda meeting: (meeting.starts_at is None, meeting.starts_at or now, meeting.number),
        default=None,
    )


def is_over(meeting: Meeting, now: datetime.datetime) -> bool:
    """Whether its last minute has passed."""
    return bool(meeting.starts_at) and meeting.starts_at + datetime.timedelta(minutes=meeting.minutes) <= now


def when_words(meeting: Meeting) -> str:
    """ "tirsdag 3. mars 2026 kl. 14.00", as people agreed on it; empty without a time."""
    if meeting.day is None:
        return ""
    day, clock = date_format(meeting.day, "l j. F Y"), date_format(meeting.clock, "H.i")
    return _("%(day)s kl. %(clock)s") % {"day": day, "clock": clock}


def next_step(case: Any, now: datetime.datetime, polls: Iterable[Poll] = ()) -> NextStep:
    """What the member of `case` does next; `polls` are open ones that they have not answered."""
    group, poll = case.membership.group, next(iter(polls), None)
    coming = coming_meeting([mark.meeting for mark in case.meetings.marks], now)
    if group.status == Status.CANCELLED:
        return NextStep("cancelled", _("Gruppen er avlyst"), _("Det du har gjort i kurset, er lagret."))
    if case.certificate and not case.certificate.revoked_at:
        return _see_certificate(case)
    return (
        _confirm(case, group)
        or (_answer(poll, group) if poll else None)
        or _write_again(case, group)
        or _write_after_meeting(case, group)
        or (_before(case, coming) if coming else _at_the_end(case, group))
    )


def also_asked(step: NextStep, polls: Iterable[Poll]) -> list[Poll]:
    """Those of the unanswered polls that `step` is not about: they are shown beside it, for a date does not wait."""
    polls = list(polls)
    return polls[1:] if step.code == "poll" else polls


def modules_left_before(case: Any, meeting: Meeting) -> list[Any]:
    """The modules that the member of `case` should finish before `meeting` and has not, also those of meetings past."""
    marks = [mark for mark in case.meetings.marks if mark.meeting.number <= meeting.number]
    keys = {key for mark in marks for key in mark.meeting.module_keys}
    return [module for module in case.missing_modules if str(module.key) in keys]


def _confirm(case: Any, group: LearningGroup) -> NextStep | None:
    if case.membership.confirmed_at or group.status == Status.COMPLETED:
        return None
    text = _("Les hva gruppen er enige om, og si ja før det første møtet.")
    return NextStep(
        "confirm", _("Bekreft taushet"), text, _("Les og bekreft"), reverse("confidentiality", args=[group.pk])
    )


def _answer(poll: Poll, group: LearningGroup) -> NextStep:
    title = _("Si når du kan komme på møte %(number)s") % {"number": poll.meeting.number}
    url = reverse("poll", args=[group.pk, poll.meeting.number])
    return NextStep("poll", title, _("Mentoren har foreslått tidspunkter."), _("Svar på forslagene"), url)


def _write_again(case: Any, group: LearningGroup) -> NextStep | None:
    if Note.Status.RETURNED not in case.notes.states:
        return None
    url = _note_url(case, group, case.notes.states.index(Note.Status.RETURNED))
    text = _("Mentoren har sendt notatet tilbake. Les hvorfor, og lever det på nytt.")
    return NextStep("returned", _("Se på notatet en gang til"), text, _("Åpne notatet"), url)


def _write_after_meeting(case: Any, group: LearningGroup) -> NextStep | None:
    """Where the package wants a note for each meeting, it is written while the meeting is fresh."""
    if group.package.notes != Package.Notes.PER_MEETING or not case.notes.missing:
        return None
    for mark, state in zip(case.meetings.marks, case.notes.states, strict=False):
        if mark.counted and state == "missing":
            title = _("Skriv refleksjonsnotatet etter møte %(number)s") % {"number": mark.meeting.number}
            url = reverse("own_note", args=[group.pk, mark.meeting.number])
            return NextStep("note", title, _note_words(), _("Åpne notatet"), url)
    return None


def _before(case: Any, coming: Meeting) -> NextStep:
    when, left = when_words(coming), modules_left_before(case, coming)
    if left:
        return _take(case, left[0], _("Før møtet %(when)s.") % {"when": when} if when else "")
    page = reverse("meeting", args=[coming.group_id, coming.number])
    if when:
        title = _("Kom til møte %(number)s") % {"number": coming.number}
        text = when[0].upper() + when[1:] + "."
        if coming.lacks:
            text += " " + _("Innkallingen kommer når alt om møtet er klart.")
        return NextStep("meeting", title, text, _("Se møtet"), page)
    return NextStep(
        "wait", _("Vent på tidspunkt for neste møte"), _("Mentoren setter det opp, og du får en innkalling.")
    )


def _at_the_end(case: Any, group: LearningGroup) -> NextStep:
    """All meetings are over: what is still missing, the way there, or the certificate."""
    if case.missing_modules:
        return _take(case, case.missing_modules[0], _("Møtene er over, men du kan fortsatt ta modulen."))
    if case.notes.missing and "missing" in case.notes.states:
        url = _note_url(case, group, case.notes.states.index("missing"))
        return NextStep("note", _("Skriv refleksjonsnotatet"), _note_words(), _("Åpne notatet"), url)
    if case.to_do:
        return NextStep(
            "missing",
            _("Nesten i mål"),
            case.to_do[0].sentence,
            _("Se hvordan") if case.to_do[0].url else "",
            case.to_do[0].url or "",
        )
    url = reverse("claim_package_certificate", args=[group.pk])
    text = _("Du har gjort alt som hører til pakken. Se over navnet ditt, så lager vi kursbeviset.")
    return NextStep("claim", _("Hent kursbeviset"), text, _("Hent kursbeviset"), url)


def _take(case: Any, module: Any, text: str) -> NextStep:
    lesson = next((item for item in module.lessons if item.key not in case.progress.lessons), None)
    words = {"number": module.number, "title": module.title}
    begun = any(item.key in case.progress.lessons for item in module.lessons)
    label = _("Fortsett der du slapp") if begun else _("Begynn på modul %(number)s") % words
    return NextStep(
        "module", _("Ta modul %(number)s, «%(title)s»") % words, text, label, lesson.url if lesson else module.url
    )


def _see_certificate(case: Any) -> NextStep:
    text = _("Du har gjort alt som hører til pakken. Takk for det du har delt.")
    return NextStep("done", _("Kursbeviset ditt er klart"), text, _("Se kursbeviset"), case.certificate.url)


def _note_url(case: Any, group: LearningGroup, place: int) -> str:
    if group.package.notes == Package.Notes.FINAL:
        return reverse("own_note", args=[group.pk])
    return reverse("own_note", args=[group.pk, case.meetings.marks[place].meeting.number])


def _note_words() -> str:
    return _("Bare du og mentoren leser det. Ingen karakter, ingen fasit.")
