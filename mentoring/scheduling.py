"""When and how the meetings of a group are held: one rule for a series, a single date and a moved one (R022, R033).

The wall time is what people agreed on; the moment in UTC is worked out from it, again when a country changes its
clocks (D14, D15). What changes is told in the same transaction (R3).
"""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentoring import calendar
from mentoring.models import GroupEvent, LearningGroup, Meeting, Package, Poll
from mentoring.packages import certificate_without
from mentoring.walltime import MISSING, TWICE, problem_of, utc_of

Status = Meeting.Status
TIME = ("day", "clock", "fold")
# A change of one of these is told to everybody, and the version of the meeting rises with it.
TOLD = (*TIME, "minutes", "form", "place", "link")
OPEN_TO_CHANGE = ("minutes", "form", "place", "link", "title", "agenda", "topics", "prompts", "material", "before")
Rhythm: Any = Package.Rhythm
WEEKS: dict[str, int] = {Rhythm.WEEK: 1, Rhythm.TWO_WEEKS: 2, Rhythm.THREE_WEEKS: 3, Rhythm.FOUR_WEEKS: 4}
SHORTEST, LONGEST = 15, 720
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Slot:
    """A wall time; `fold` is 1 for the second of two, None when nobody was asked which."""

    day: date
    clock: time
    fold: int | None = None


@dataclass(frozen=True)
class Before:
    """A meeting as it was before a change: what was told, whether anybody has it, and whether it lay ahead."""

    told: tuple
    announced: bool
    ahead: bool


def series_dates(first: date, rhythm: str, count: int) -> list[date]:
    """`count` days in this rhythm. Every month means the same weekday of the month, "the second Tuesday"."""
    if rhythm in WEEKS:
        return [first + timedelta(weeks=WEEKS[rhythm] * place) for place in range(count)]
    return [_months_later(first, place) for place in range(count)]


def _months_later(first: date, count: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    which = (first.day - 1) // 7
    ahead = (first.weekday() - date(year, month + 1, 1).weekday()) % 7
    day = 1 + ahead + 7 * which
    # A fifth Tuesday is the last one where a month has four.
    return date(year, month + 1, day if day <= months.monthrange(year, month + 1)[1] else day - 7)


def open_meetings(group: LearningGroup) -> list[Meeting]:
    """The meetings that a plan sets times for: neither held nor cancelled, in order."""
    return list(group.meetings.filter(status=Status.PLANNED).order_by("number"))


def cancelled_meetings(group: LearningGroup) -> list[Meeting]:
    """The meetings that are called off and can be brought back, in order; none once the group has ended."""
    if group.status not in calendar.OPEN:
        return []
    return list(group.meetings.filter(status=Status.CANCELLED).order_by("number"))


def refusal_of(day: date, clock: time, fold: int | None) -> str:
    """Why this wall time cannot be used as it is, or "": it does not exist, or exists twice and nobody said which."""
    problem = problem_of(day, clock)
    words = {"day": date_format(day, "j. F Y"), "clock": date_format(clock, "H.i")}
    if problem == MISSING:
        return (
            _("Kl. %(clock)s finnes ikke %(day)s. Da stilles klokken frem en time. Velg et annet klokkeslett.") % words
        )
    if problem == TWICE and fold is None:
        return _("Kl. %(clock)s kommer to ganger %(day)s, for klokken stilles tilbake. Velg hvilken du mener.") % words
    return ""


def set_time(
    meeting: Meeting, day: date, clock: time, fold: int | None, by: Any, *, was: bool = False, following: bool = False
) -> Meeting:
    """Sets or moves one meeting, invites or tells everybody, and returns it as it is then; see `change`."""
    return change(meeting, by, slot=Slot(day, clock, fold), was=was, following=following)


def change(
    meeting: Meeting, by: Any, *, slot: Slot | None = None, was: bool = False, following: bool = False, **fields: Any
) -> Meeting:
    """Changes when and how a meeting is held or what it is about (R033); returns it as it is then.

    `was` registers when it took place, also in the past, and keeps the replies; `following` moves the later meetings
    by as many days; `fields` are of OPEN_TO_CHANGE. A cancelled meeting that gets a time is planned again.

    Raises ValidationError when the time is no time, is over or collides with another meeting of the group, and when an
    announced meeting would lack its place or link (R022), then for these fields.
    """
    if unknown := set(fields) - set(OPEN_TO_CHANGE):
        raise TypeError(f"Not open to change: {sorted(unknown)}")
    with transaction.atomic():
        group = _locked(meeting.group_id)
        changes = {meeting.number: fields | (vars(slot) if slot else {})}
        if slot and following:
            changes |= {number: vars(moved) for number, moved in _moved(group, meeting, slot.day).items()}
        return _apply(group, changes, by, was=was)[meeting.number]


def plan_series(group: LearningGroup, slots: dict[int, Slot], by: Any, **how: Any) -> list[Meeting]:
    """Sets the times of several meetings at once, by number, and `how` they are held (form, place, link).

    The same plan again changes nothing and tells nobody (D16). Raises ValidationError as `set_time` does.
    """
    with transaction.atomic():
        changes = {number: vars(slot) | how for number, slot in slots.items()}
        return list(_apply(_locked(group.pk), changes, by).values())


def refusals_of(group: LearningGroup, slots: dict[int, Slot]) -> dict[int, str]:
    """What `plan_series` would say against these times, by the number of the meeting concerned; changes nothing."""
    meetings, found = _meetings(group), {}
    for number, slot in slots.items():
        try:
            _change_one(meetings[number], vars(slot), was=False)
        except ValidationError as refusal:
            found[number] = refusal.messages[0]
    # One whose own time is refused says nothing of the order of the others.
    for first, second, sentence in _disorder({pk: one for pk, one in meetings.items() if pk not in found}):
        found.setdefault(second if second in slots else first, sentence)
    return {number: sentence for number, sentence in found.items() if number in slots}


def cancel_meeting(meeting: Meeting, by: Any, *, ends: bool = False) -> Meeting:
    """Cancels a meeting that is not held, tells those who were invited, and returns it. Again does nothing.

    `ends` says that the whole group is called off: then nobody waits for another time.
    """
    with transaction.atomic():
        group = _locked(meeting.group_id)
        meeting = _meetings(group)[meeting.number]
        if meeting.status == Status.CANCELLED:
            return meeting
        if meeting.status == Status.HELD:
            raise ValidationError(_("Møtet er holdt og kan ikke avlyses."))
        announced = calendar.is_announced(meeting)
        meeting.status, meeting.cancelled_at = Status.CANCELLED, timezone.now()
        meeting.sequence += announced
        meeting.save()
        Poll.objects.filter(meeting=meeting, closed_at=None).update(closed_at=timezone.now())
        _log(meeting, by, _("avlyst"))
        if announced and meeting.ends_at > timezone.now():
            calendar.cancel(meeting, "" if ends else certificate_without(group))
    return meeting


def recompute(meeting: Meeting) -> bool:
    """Works the moment out anew from the wall time, and tells everybody when it differs (D15). Whether it did."""
    if meeting.day is None:
        return False
    with transaction.atomic():
        meeting = _meetings(_locked(meeting.group_id))[meeting.number]
        moment = utc_of(meeting.day, meeting.clock, meeting.fold, meeting.zone)
        if moment == meeting.starts_at:
            return False
        meeting.starts_at = moment
        meeting.sequence += calendar.is_announced(meeting)
        meeting.save()
        calendar.announce(meeting)
    return True


def recompute_coming() -> int:
    """The same for all meetings to come; how many changed. A country may change its clocks between two releases."""
    ahead = Meeting.objects.filter(status=Status.PLANNED, starts_at__gt=timezone.now() - timedelta(days=1))
    return sum(recompute(meeting) for meeting in ahead)


def _locked(group_pk: int) -> LearningGroup:
    """The group, held until the transaction ends: plans of one group are made one after the other."""
    return (
        LearningGroup.objects.select_for_update(of=("self",))
        .select_related("mentor", "package__course")
        .get(pk=group_pk)
    )


def _meetings(group: LearningGroup) -> dict[int, Meeting]:
    meetings = {meeting.number: meeting for meeting in Meeting.objects.filter(group=group).order_by("number")}
    for meeting in meetings.values():
        meeting.group = group
    return meetings


def _moved(group: LearningGroup, meeting: Meeting, day: date) -> dict[int, Slot]:
    """The later meetings, each as many days off as the first of them."""
    meetings = _meetings(group)
    first = meetings[meeting.number].day
    if first is None:
        return {}
    later = [other for other in meetings.values() if other.number > meeting.number and other.status == Status.PLANNED]
    moved = {}
    for other in later:
        if other.day is None:
            continue
        moved[other.number] = Slot(other.day + (day - first), other.clock, other.fold)
    return moved


def _apply(
    group: LearningGroup, changes: dict[int, dict[str, Any]], by: Any, *, was: bool = False
) -> dict[int, Meeting]:
    """Changes meetings of the locked group, by number, and returns all of them."""
    meetings = _meetings(group)
    if missing := set(changes) - set(meetings):
        raise ValidationError(_("Gruppen har ikke møte %(number)s.") % {"number": min(missing)})
    before = {number: _before(meetings[number]) for number in changes}
    differing = {number: _change_one(meetings[number], fields, was) for number, fields in changes.items()}
    _refuse_closed(group, was)
    if any(before[number].told != _told(meetings[number]) for number in changes):
        _refuse_disorder(meetings)
    for number in changes:
        if differing[number]:
            _refuse_lacking(meetings[number], before[number].announced)
            _save(meetings[number], differing[number], before[number], by, was=was)
    return meetings


def _before(meeting: Meeting) -> Before:
    announced = calendar.is_announced(meeting)
    return Before(_told(meeting), announced, announced and meeting.ends_at > timezone.now())


def _told(meeting: Meeting) -> tuple:
    return tuple(getattr(meeting, name) for name in TOLD)


def _change_one(meeting: Meeting, fields: dict[str, Any], was: bool) -> set[str]:
    """Puts `fields` on the meeting, unsaved, and returns the names of those that differ from before."""
    fields = _cleaned(fields)
    differing = {name for name, value in fields.items() if getattr(meeting, name) != value}
    if (differing & set(TOLD)) and meeting.status == Status.HELD and not was:
        raise ValidationError(_("Møtet er holdt. Tid og sted kan ikke endres lenger."))
    if meeting.status == Status.CANCELLED and "day" in fields:
        # A new time brings a cancelled meeting back, also the time it had.
        differing |= {"day"}
        meeting.status, meeting.cancelled_at = Status.PLANNED, None
    for name in differing:
        setattr(meeting, name, fields[name])
    if differing & set(TIME):
        _set_moment(meeting, was)
    meeting.clean_fields(exclude={field.name for field in Meeting._meta.fields} - differing)
    if not SHORTEST <= meeting.minutes <= LONGEST:
        raise ValidationError({"minutes": _("Et møte varer fra et kvarter til tolv timer.")})
    return differing


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    cleaned = {name: _text(value) if isinstance(value, str) else value for name, value in fields.items()}
    if "day" in fields and problem_of(fields["day"], fields["clock"]) != TWICE:
        cleaned["fold"] = 0
    return cleaned


def _text(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n").strip()


def _refuse_closed(group: LearningGroup, was: bool) -> None:
    if group.status not in calendar.OPEN and not was:
        raise ValidationError(_("Gruppen er avsluttet. Møtene kan ikke endres lenger."))


def _set_moment(meeting: Meeting, was: bool) -> None:
    """Sets the moment of the wall time; the past is refused unless one registers what was, and a mistyped year."""
    if sentence := refusal_of(meeting.day, meeting.clock, meeting.fold):
        raise ValidationError(f"{_about(meeting)}: {sentence}")
    meeting.starts_at = utc_of(meeting.day, meeting.clock, meeting.fold, meeting.zone)
    now = timezone.now()
    words = {"when": _when(meeting), "about": _about(meeting)}
    if meeting.starts_at <= now and not was:
        raise ValidationError(_("%(about)s %(when)s er passert. Velg et tidspunkt som kommer.") % words)
    if meeting.starts_at > now and was:
        raise ValidationError(_("%(about)s %(when)s er ikke passert ennå.") % words)
    if abs(meeting.starts_at - now) > FARTHEST:
        raise ValidationError(_("%(about)s %(when)s er mer enn tre år unna. Se etter om årstallet er riktig.") % words)


def _refuse_disorder(meetings: dict[int, Meeting]) -> None:
    for _first, _second, sentence in _disorder(meetings):
        raise ValidationError(sentence)


def _disorder(meetings: dict[int, Meeting]) -> Iterator[tuple[int, int, str]]:
    """The meetings of a group come in order, and never two at the same time: which two do not, and why."""
    dated = [meeting for meeting in meetings.values() if meeting.starts_at and meeting.status != Status.CANCELLED]
    for first, second in zip(dated, dated[1:], strict=False):
        words = {"first": first.number, "second": second.number, "when": _when(first), "then": _when(second)}
        if second.starts_at <= first.starts_at:
            sentence = _("Møte %(second)s (%(then)s) må komme etter møte %(first)s (%(when)s).") % words
            yield first.number, second.number, sentence
        elif second.starts_at < first.ends_at:
            sentence = _("Møte %(second)s begynner før møte %(first)s er slutt (%(when)s).") % words
            yield first.number, second.number, sentence


def _refuse_lacking(meeting: Meeting, announced: bool) -> None:
    if not (announced and meeting.lacks):
        return
    wrong = {}
    if meeting.form != Meeting.Form.DIGITAL and not meeting.place:
        wrong["place"] = _("Skriv inn stedet. Deltakerne er allerede invitert.")
    if meeting.form != Meeting.Form.PHYSICAL and not meeting.link:
        wrong["link"] = _("Skriv inn lenken. Deltakerne er allerede invitert.")
    raise ValidationError(wrong)


def _save(meeting: Meeting, differing: set[str], before: Before, by: Any, *, was: bool) -> None:
    told = bool(differing & set(TOLD))
    if told and (before.announced or meeting.sequence):
        meeting.sequence += 1
    meeting.save()
    if differing & set(TIME):
        if not was:
            # Who said that they come, said it of another time. What was is only written down.
            meeting.replies.all().delete()
        Poll.objects.filter(meeting=meeting, closed_at=None).update(closed_at=timezone.now())
    _log(meeting, by, _what(meeting, differing))
    if told:
        meeting.told_count = calendar.announce(meeting)
        if before.ahead and meeting.ends_at <= timezone.now():
            meeting.told_count = calendar.put_right(meeting)


def _what(meeting: Meeting, differing: set[str]) -> str:
    """What changed, in words for the log; never the words themselves (P7)."""
    names = [
        str(Meeting._meta.get_field(name).verbose_name) for name in OPEN_TO_CHANGE if name in differing - set(TIME)
    ]
    return ", ".join(([_when(meeting)] if differing & set(TIME) else []) + names)


def _log(meeting: Meeting, by: Any, what: str) -> None:
    GroupEvent.objects.create(
        group_id=meeting.group_id, kind=GroupEvent.Kind.MEETING, by=by, detail=f"{_about(meeting)}: {what}"[:300]
    )


def _about(meeting: Meeting) -> str:
    return _("Møte %(number)s") % {"number": meeting.number}


def _when(meeting: Meeting) -> str:
    wall = datetime.combine(meeting.day, meeting.clock)
    return _("%(day)s kl. %(clock)s") % {"day": date_format(wall, "l j. F Y"), "clock": date_format(wall, "H.i")}
