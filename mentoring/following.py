"""How far the people of a group are: what their mentor sees, and never what anybody wrote (R026, B19)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import LearningGroup, Meeting, Membership, Note
from mentoring.onward import cases_of, coming_meeting, modules_left_before
from mentoring.way import mark_word, note_word

# How long before a meeting the mentor hears who has not done what comes before it.
SOON = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Dot:
    """A small stone of the table: `sign` stands in it, `word` is for those who hear the page."""

    state: str
    word: str
    sign: str = ""


@dataclass(frozen=True)
class MemberRow:
    """A member as the mentor sees them. `need` is the one thing to do now, if any; `missing` what is left in all.

    `urgency` sorts: 0 waits for the mentor, 9 has the certificate.
    """

    membership: Membership
    name: str
    modules: tuple[Dot, ...]
    meetings: tuple[Dot, ...]
    notes: tuple[Dot, ...]
    certificates: tuple[Dot, ...]
    urgency: int
    need: str
    need_url: str = ""
    need_label: str = ""
    missing: tuple[str, ...] = ()
    case: Any = None


def members_of(groups: Iterable[LearningGroup]) -> list[Membership]:
    """The present members of these groups, with what `cases_of` needs. One query."""
    there = Membership.objects.filter(group__in=list(groups), left_at=None, member__is_active=True)
    return list(
        there.select_related("member", "group__package__course__locale").order_by("member__name__in_order", "pk")
    )


def member_rows(group: LearningGroup, now: datetime.datetime) -> list[MemberRow]:
    """The members, those who need the mentor first. The number of queries does not grow with them."""
    members = members_of([group])
    cases = cases_of(members)
    unread = _unread_notes(group)
    rows = [_row(cases[member.pk], unread.get(member.pk), now) for member in members]
    return sorted(rows, key=lambda row: (row.urgency, _done(row), row.name))


def stuck_members(cases: Iterable[Any], meeting: Meeting | None, now: datetime.datetime) -> list[Any]:
    """Whose planned modules are not finished within a week of the meeting (R026)."""
    if meeting is None or meeting.starts_at is None or meeting.starts_at - now > SOON:
        return []
    return [case for case in cases if modules_left_before(case, meeting)]


def _done(row: MemberRow) -> int:
    return sum(dot.state == "done" for dot in (*row.modules, *row.meetings, *row.notes))


def _unread_notes(group: LearningGroup) -> dict[int, int]:
    """The oldest note that waits for the mentor, by membership. One query, without its text."""
    waiting = Note.objects.filter(membership__group=group, status=Note.Status.HANDED_IN, erased_at=None)
    return {member: note for note, member in waiting.order_by("-handed_in_at").values_list("pk", "membership")}


def _row(case: Any, unread: int | None, now: datetime.datetime) -> MemberRow:
    urgency, need, url, label = _need(case, unread, now)
    return MemberRow(
        membership=case.membership,
        name=case.membership.member.name,
        modules=tuple(_module_dot(stone) for stone in case.path),
        meetings=tuple(_meeting_dot(mark) for mark in case.meetings.every),
        notes=tuple(_note_dot(state) for state in case.notes.states),
        certificates=_certificate_dots(case),
        urgency=urgency,
        need=need,
        need_url=url,
        need_label=label,
        missing=tuple(requirement.sentence for requirement in case.to_do),
        case=case,
    )


def _need(case: Any, unread: int | None, now: datetime.datetime) -> tuple[int, str, str, str]:
    """How urgent, what in words, and the link with its label."""
    pk, meetings = case.membership.group_id, [mark.meeting for mark in case.meetings.marks]
    coming = coming_meeting(meetings, now)
    if unread:
        return 0, _("Har levert notatet"), reverse("read_note", args=[pk, unread]), _("Les notatet")
    if coming and stuck_members([case], coming, now):
        return 1, _left_words(case, coming), "", ""
    if missed := _can_be_made_up(case):
        url = reverse("make_up", args=[pk, missed.number, case.membership.pk])
        return 2, _("Var ikke med på møte %(number)s") % {"number": missed.number}, url, _("Før som tatt igjen")
    if case.membership.confirmed_at is None and case.group.status != LearningGroup.Status.COMPLETED:
        return 3, _("Har ikke bekreftet taushet"), "", ""
    return (*_how_it_goes(case), "", "")


def _how_it_goes(case: Any) -> tuple[int, str]:
    if case.certificate and not case.certificate.revoked_at:
        return 9, _("Har fått kursbeviset")
    if not case.to_do:
        return 8, _("Har gjort alt, og kan hente kursbeviset")
    return 5, _progress_words(case)


def _left_words(case: Any, coming: Meeting) -> str:
    numbers = [str(module.number) for module in modules_left_before(case, coming)]
    sentence = ngettext(
        "Modul %(numbers)s er ikke ferdig, og møtet er %(day)s",
        "Modul %(numbers)s er ikke ferdige, og møtet er %(day)s",
        len(numbers),
    )
    return sentence % {"numbers": listed(numbers), "day": date_format(coming.day, "j. F")}


def listed(words: list[str]) -> str:
    """ "1", "1 og 2", "1, 2 og 3"."""
    return (
        _("%(first)s og %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
        if words[1:]
        else "".join(words)
    )


def _can_be_made_up(case: Any) -> Meeting | None:
    if case.meetings.made_up >= case.group.package.make_ups or not case.meetings.missing:
        return None
    missed = (mark.meeting for mark in case.meetings.marks if mark.status and not mark.counted)
    return next((meeting for meeting in missed if meeting.status == Meeting.Status.HELD), None)


def _progress_words(case: Any) -> str:
    if case.path:
        done = sum(stone.state == "done" for stone in case.path)
        return _("%(done)s av %(total)s moduler er ferdige") % {"done": done, "total": len(case.path)}
    return _("%(done)s av %(total)s møter") % {"done": case.meetings.counted, "total": len(case.meetings.every)}


def _module_dot(stone: Any) -> Dot:
    state = {"done": "done"}.get(stone.state, "active" if stone.done_count else "open")
    words = {
        "done": _("Modul %(number)s: ferdig"),
        "active": _("Modul %(number)s: i gang"),
        "open": _("Modul %(number)s: ikke begynt"),
    }
    return Dot(state, words[state] % {"number": stone.number}, str(stone.number))


def _meeting_dot(mark: Any) -> Dot:
    word = _("avlyst") if mark.meeting.status == Meeting.Status.CANCELLED else _("ikke holdt ennå")
    facts = {"number": mark.meeting.number, "word": mark_word(mark) or word}
    if mark.counted:
        state = "done"
    else:
        state = "missed" if mark.status else "open"
    return Dot(state, _("Møte %(number)s: %(word)s") % facts, str(mark.meeting.number))


def _note_dot(state: str) -> Dot:
    shape = {"missing": "open", Note.Status.RECEIVED: "done", Note.Status.HANDED_IN: "new"}.get(state, "active")
    return Dot(shape, _("Notat: %(word)s") % {"word": note_word(state)})


def _certificate_dots(case: Any) -> tuple[Dot, ...]:
    if not case.group.package.gives_certificate:
        return ()
    if case.certificate and not case.certificate.revoked_at:
        return (Dot("done", _("Kursbevis: utstedt")),)
    return (Dot("active" if not case.to_do else "open", _("Kursbevis: ikke utstedt")),)
