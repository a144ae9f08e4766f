"""The way of a package as stones on a line: modules, meetings where they belong, the note, the certificate."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring.lines import lines_of
from mentoring.models import Attendance, LearningGroup, Meeting, Note, Package
from mentoring.onward import coming_meeting, is_over
from modules.outline import CourseOutline, ModuleOutline

CAME = (Attendance.Status.THERE, Attendance.Status.DIGITAL)
HANDED_IN = (Note.Status.HANDED_IN, Note.Status.RECEIVED)


@dataclass(frozen=True)
class WayStone:
    """A stone: `kind` is module, work, meeting, note or certificate; `state` is done, active, open, missed or closed.

    `sign` stands in it, `word` says its state; `day` is a meeting's.
    """

    kind: str
    title: str
    state: str
    word: str
    sign: str = ""
    url: str = ""
    day: datetime.date | None = None


@dataclass(frozen=True)
class Place:
    """A place on the way, whoever walks it. `thing` is the module or the meeting, or the text of other work."""

    kind: str
    thing: Any = None


def places_of(group: LearningGroup, meetings: Iterable[Meeting], course: CourseOutline | None) -> list[Place]:
    """The way of a group: what comes before each meeting, the meeting, and so on to the certificate."""
    return list(_places(group.package, list(meetings), list(course.modules) if course else []))


def own_way(case: Any, places: Iterable[Place], now: datetime.datetime) -> list[WayStone]:
    """The way as the member of `case` stands on it."""
    stones = {stone.number: stone for stone in case.path}
    coming = coming_meeting([mark.meeting for mark in case.meetings.marks], now)
    way = []
    for place in places:
        if place.kind == "module":
            way.append(_own_module(stones[place.thing.number]))
        elif place.kind == "work":
            way.append(WayStone("work", place.thing, "open", _("på egen hånd")))
        elif place.kind == "meeting":
            way.append(_own_meeting(case, place.thing, coming, now))
        elif place.kind == "note":
            way.append(_own_note(case, place.thing))
        else:
            way.append(_own_certificate(case))
    return way


def common_way(cases: Iterable[Any], places: Iterable[Place], now: datetime.datetime) -> list[WayStone]:
    """The way as the mentor sees it: how many of the members have come past each stone."""
    cases, places = list(cases), list(places)
    coming = coming_meeting([place.thing for place in places if place.kind == "meeting"], now)
    return [_common(cases, place, coming, now) for place in places]


def meeting_day(meeting: Meeting) -> str:
    """The day and hour of a meeting in few words: "3. mars kl. 14.00"; empty without a time."""
    if meeting.day is None:
        return ""
    facts = {"day": date_format(meeting.day, "j. F"), "clock": date_format(meeting.clock, "H.i")}
    return _("%(day)s kl. %(clock)s") % facts


def mark_word(mark: Any) -> str:
    """How a member was at a meeting, in words that fit whoever reads them."""
    if mark.made_up:
        return _("tatt igjen")
    return str(Attendance.Status(mark.status).label) if mark.status else ""


def note_word(state: str) -> str:
    """The state of a note in a word; a draft is its author's alone and is not told."""
    return str(Note.Status(state).label) if state != "missing" else _("ikke levert")


def _places(package: Package, meetings: list[Meeting], modules: list[ModuleOutline]) -> Iterator[Place]:
    for meeting in meetings:
        own = [module for module in modules if str(module.key) in meeting.module_keys]
        modules = [module for module in modules if module not in own]
        yield from (Place("module", module) for module in own)
        yield from (Place("work", line) for line in lines_of(meeting.before))
        yield Place("meeting", meeting)
        if package.notes == Package.Notes.PER_MEETING and meeting.status != Meeting.Status.CANCELLED:
            yield Place("note", meeting)
    yield from (Place("module", module) for module in modules)
    if package.notes == Package.Notes.FINAL:
        yield Place("note")
    if package.gives_certificate:
        yield Place("certificate")


def _own_module(stone: Any) -> WayStone:
    url = "" if stone.state == "closed" else stone.url
    word = _("modul %(number)s, %(word)s") % {"number": stone.number, "word": stone.word}
    return WayStone("module", stone.title, stone.state, word, str(stone.number), url)


def _own_meeting(case: Any, meeting: Meeting, coming: Meeting | None, now: datetime.datetime) -> WayStone:
    mark = next((mark for mark in case.meetings.every if mark.meeting.pk == meeting.pk), None)
    if mark and mark.counted:
        return _meeting_stone(meeting, "done", _("tatt igjen") if mark.made_up else _("du var med"))
    if mark and mark.status:
        return _meeting_stone(meeting, "missed", _("du var ikke med"))
    return _meeting_stone(meeting, *_meeting_state(meeting, coming, now))


def _meeting_state(meeting: Meeting, coming: Meeting | None, now: datetime.datetime) -> tuple[str, str]:
    if meeting.status == Meeting.Status.CANCELLED:
        return "closed", _("avlyst")
    if meeting.starts_at is None:
        return "closed", _("ingen dato ennå")
    if is_over(meeting, now):
        return "open", _("%(day)s, oppmøtet er ikke ført") % {"day": date_format(meeting.day, "j. F")}
    return ("active" if coming and meeting.pk == coming.pk else "open"), meeting_day(meeting)


def _meeting_stone(meeting: Meeting, state: str, word: str) -> WayStone:
    url = reverse("meeting", args=[meeting.group_id, meeting.number])
    return WayStone("meeting", meeting.title, state, word, str(meeting.number), url, meeting.day)


def _own_note(case: Any, meeting: Meeting | None) -> WayStone:
    group, pk = case.membership.group, case.membership.group_id
    state = _note_state(case, meeting)
    title = _("Notat etter møte %(number)s") % {"number": meeting.number} if meeting else _("Refleksjonsnotat")
    url = reverse("own_note", args=[pk, meeting.number] if meeting else [pk])
    shape = {"missing": "open", Note.Status.RETURNED: "active"}.get(state, "done")
    is_open = group.status != LearningGroup.Status.CANCELLED
    return WayStone("note", title, shape, note_word(state), url=url if is_open else "")


def _note_state(case: Any, meeting: Meeting | None) -> str:
    if meeting is None:
        return case.notes.states[0] if case.notes.states else "missing"
    pairs = zip(case.meetings.marks, case.notes.states, strict=False)
    return next((state for mark, state in pairs if mark.meeting.pk == meeting.pk), "missing")


def _own_certificate(case: Any) -> WayStone:
    if case.certificate and not case.certificate.revoked_at:
        return WayStone("certificate", _("Kursbevis"), "done", _("klart"), url=case.certificate.url)
    claim = reverse("claim_package_certificate", args=[case.membership.group_id])
    if not case.to_do:
        return WayStone("certificate", _("Kursbevis"), "active", _("klart til å hentes"), url=claim)
    return WayStone("certificate", _("Kursbevis"), "closed", _("til slutt"))


def _common(cases: list[Any], place: Place, coming: Meeting | None, now: datetime.datetime) -> WayStone:
    if place.kind == "work":
        return WayStone("work", place.thing, "open", _("på egen hånd"))
    if place.kind == "module":
        done = sum(_has_done(case, place.thing) for case in cases)
        word = _("modul %(number)s, %(count)s ferdige") % {"number": place.thing.number, "count": _of(done, cases)}
        return WayStone(
            "module", place.thing.title, _share(done, cases), word, str(place.thing.number), place.thing.url
        )
    if place.kind == "meeting":
        return _common_meeting(cases, place.thing, coming, now)
    if place.kind == "note":
        title = (
            _("Notat etter møte %(number)s") % {"number": place.thing.number} if place.thing else _("Refleksjonsnotat")
        )
        done = sum(_note_state(case, place.thing) in HANDED_IN for case in cases)
        return WayStone("note", title, _share(done, cases), _("%(count)s levert") % {"count": _of(done, cases)})
    done = sum(bool(case.certificate and not case.certificate.revoked_at) for case in cases)
    return WayStone(
        "certificate", _("Kursbevis"), _share(done, cases), _("%(count)s har fått det") % {"count": _of(done, cases)}
    )


def _common_meeting(cases: list[Any], meeting: Meeting, coming: Meeting | None, now: datetime.datetime) -> WayStone:
    marks = [mark for case in cases for mark in case.meetings.marks if mark.meeting.pk == meeting.pk]
    if meeting.status == Meeting.Status.HELD:
        came = sum(mark.status in CAME for mark in marks)
        words = {"day": date_format(meeting.day, "j. F") if meeting.day else _("holdt"), "count": _of(came, cases)}
        return _meeting_stone(meeting, "done", _("%(day)s, %(count)s var med") % words)
    return _meeting_stone(meeting, *_meeting_state(meeting, coming, now))


def _has_done(case: Any, module: ModuleOutline) -> bool:
    return not any(missing.key == module.key for missing in case.missing_modules)


def _of(done: int, cases: list[Any]) -> str:
    return _("%(done)s av %(all)s") % {"done": done, "all": len(cases)}


def _share(done: int, cases: list[Any]) -> str:
    if not done:
        return "open"
    return "done" if done == len(cases) else "active"
