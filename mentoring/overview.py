"""All groups of a person on one page: what needs them now, what comes next, and where each group is (B19).

The number of queries does not grow with the groups, their members or their meetings.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import access, notes
from mentoring.following import SOON, listed, members_of, stuck_members
from mentoring.models import LearningGroup, MakeUp, Meeting, Membership, Note, Poll, PollAnswer
from mentoring.onward import NextStep, also_asked, cases_of, coming_meeting, is_over, modules_left_before, next_step

Status = LearningGroup.Status
OPEN = (Status.PLANNED, Status.STARTED)
# A poll waits for the mentor when all have answered, or when its first proposal is this near.
POLL_IS_DUE = datetime.timedelta(days=3)
CONFIRM_SOON = datetime.timedelta(days=14)


@dataclass(frozen=True)
class Need:
    """Something that waits for the mentor: one line, one link. `urgency` 0 is the first."""

    urgency: int
    group: LearningGroup
    text: str
    url: str


@dataclass
class LedGroup:
    """A group of the mentor's with what the page says of it."""

    group: LearningGroup
    meetings: list[Meeting] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)
    waiting_notes: list[Note] = field(default_factory=list)
    polls: list[Any] = field(default_factory=list)
    made_up: dict[int, set[int]] = field(default_factory=dict)
    coming: Meeting | None = None

    @property
    def held(self) -> int:
        return sum(meeting.status == Meeting.Status.HELD for meeting in self.meetings)

    @property
    def planned(self) -> int:
        """All of them; a cancelled one too, unless each stands alone (R057)."""
        if self.group.package.required_meetings != 0:
            return len(self.meetings)
        return len(self.meetings) - len(self.cancelled)

    @property
    def cancelled(self) -> list[Meeting]:
        return [meeting for meeting in self.meetings if meeting.status == Meeting.Status.CANCELLED]

    @property
    def to_bring_back(self) -> list[Meeting]:
        """The cancelled meetings that are missed: there are too few without, nobody is asked, not all did else."""
        if self.group.package.asks_for(len(self.meetings)) <= len(self.meetings) - len(self.cancelled):
            return []
        asked, here = {poll.meeting_id for poll in self.polls}, {member.pk for member in self.members}
        waiting = [meeting for meeting in self.cancelled if meeting.pk not in asked]
        return [m for m in waiting if not here or not here <= self.made_up.get(m.pk, set())]


@dataclass(frozen=True)
class OwnGroup:
    """A group that the person is a member of: what they do next, the next meeting, and polls to answer beside it."""

    group: LearningGroup
    step: NextStep
    coming: Meeting | None
    case: Any
    asked: list[Poll] = field(default_factory=list)


def page_of(user: Any, now: datetime.datetime) -> dict[str, Any]:
    """Everything that `/grupper/` shows to `user`."""
    led = led_groups(user, now)
    own = own_groups(user, now)
    contact = contact_groups(user)
    coming = [meeting for meeting in _meetings_ahead(led, own) if meeting.starts_at]
    return {
        "needs": needs_of(led, now),
        "coming": sorted(coming, key=lambda meeting: (meeting.starts_at, meeting.pk))[:4],
        "led": _by_status(led),
        "leads": bool(led),
        "own": own,
        "contact": [group for group in contact if group.mentor_id != user.pk],
        "applications": list(access.applications_for(user)),
        "undecided": access.undecided_for(user).count(),
    }


def _meetings_ahead(led: list[LedGroup], own: list[OwnGroup]) -> list[Meeting]:
    found = [item.coming for item in led] + [item.coming for item in own]
    return [meeting for meeting in found if meeting]


def _by_status(led: list[LedGroup]) -> list[tuple[str, list[LedGroup]]]:
    sorted_led = {status: [item for item in led if item.group.status == status] for status in Status.values}
    return [(status, found) for status, found in sorted_led.items() if found]


def contact_groups(user: Any) -> QuerySet[LearningGroup]:
    """The groups of which `user` is contact person at the workplace."""
    return LearningGroup.objects.filter(contact=user).select_related("package", "mentor").order_by("name__in_order")


def led_groups(user: Any, now: datetime.datetime, only: LearningGroup | None = None) -> list[LedGroup]:
    """The groups that `user` leads, the one that meets next first; `only` this one. Seven queries at most."""
    groups = (
        LearningGroup.objects.filter(mentor=user).select_related("package__course").order_by("name__in_order", "pk")
    )
    groups = groups.filter(pk=only.pk) if only else groups
    led = {group.pk: LedGroup(group) for group in groups}
    if not led:
        return []
    open_groups = [item.group for item in led.values() if item.group.status in OPEN]
    for meeting in Meeting.objects.filter(group__in=led).order_by("number"):
        meeting.group = led[meeting.group_id].group
        led[meeting.group_id].meetings.append(meeting)
    for member in members_of(led):
        led[member.group_id].members.append(member)
    for note in notes.to_read(item.group for item in led.values()):
        led[note.membership.group_id].waiting_notes.append(note)
    for poll in _open_polls(open_groups):
        led[poll.meeting.group_id].polls.append(poll)
    _add_made_up(led)
    for item in led.values():
        item.coming = coming_meeting(item.meetings, now) if item.group.status in OPEN else None
    return sorted(led.values(), key=lambda item: _when(item.coming))


def _add_made_up(led: dict[int, LedGroup]) -> None:
    """Who has made up for which cancelled meeting. One query, and only where a meeting is cancelled."""
    cancelled = {meeting.pk: item for item in led.values() for meeting in item.cancelled}
    if not cancelled:
        return
    for meeting, member in MakeUp.objects.filter(meeting__in=cancelled).values_list("meeting", "membership"):
        cancelled[meeting].made_up.setdefault(meeting, set()).add(member)


def own_groups(user: Any, now: datetime.datetime) -> list[OwnGroup]:
    """The groups that `user` is a member of now, each with what comes next. One query when there are none."""
    members = Membership.objects.filter(member=user, left_at=None)
    places = list(members.select_related("member", "group__mentor", "group__package__course__locale"))
    if not places:
        return []
    cases, unanswered = cases_of(places), unanswered_polls(places)
    own = []
    for member in places:
        case = cases[member.pk]
        meetings = [mark.meeting for mark in case.meetings.marks]
        step = next_step(case, now, unanswered[member.pk])
        asked = also_asked(step, unanswered[member.pk])
        own.append(OwnGroup(member.group, step, coming_meeting(meetings, now), case, asked))
    ended = {Status.COMPLETED, Status.CANCELLED}
    return sorted(own, key=lambda item: (item.group.status in ended, _when(item.coming)))


def needs_of(led: Iterable[LedGroup], now: datetime.datetime) -> list[Need]:
    """What waits for the mentor in these groups, the most urgent first. Ten queries when a meeting is near."""
    led = list(led)
    stuck = _stuck_by_group(led, now)
    needs = [need for item in led for need in _needs_of(item, stuck[item.group.pk], now)]
    return sorted(needs, key=lambda need: (need.urgency, need.group.name))


def _needs_of(item: LedGroup, stuck: list[Any], now: datetime.datetime) -> list[Need]:
    found = [_note_need(item)]
    if item.group.status in OPEN:
        found += [_cancelled_need(item)]
        found += [_attendance_need(item, now), _poll_need(item, now), _stuck_need(item, stuck)]
        found += [_time_need(item), _place_need(item, now), _confirm_need(item, now), _members_need(item)]
    return [need for need in found if need]


def _note_need(item: LedGroup) -> Need | None:
    if not item.waiting_notes:
        return None
    count, first = len(item.waiting_notes), item.waiting_notes[0]
    text = ngettext("Les notatet fra %(name)s", "Les %(count)s notater", count)
    words = {"count": count, "name": first.membership.member.name}
    pk = item.group.pk
    url = reverse("read_note", args=[pk, first.pk]) if count == 1 else reverse("group_notes", args=[pk])
    return Need(0, item.group, text % words, url)


def _attendance_need(item: LedGroup, now: datetime.datetime) -> Need | None:
    over = [meeting for meeting in item.meetings if meeting.status == Meeting.Status.PLANNED and is_over(meeting, now)]
    if not over or not item.members:
        return None
    text = _("Før oppmøtet på møte %(number)s") % {"number": over[0].number}
    return Need(1, item.group, text, reverse("attendance", args=[item.group.pk, over[0].number]))


def _poll_need(item: LedGroup, now: datetime.datetime) -> Need | None:
    present = {member.pk for member in item.members}
    for poll in item.polls:
        days_left = poll.first_day - timezone.localdate(now)
        if present and (present <= poll.answered or days_left <= POLL_IS_DUE):
            words = {"number": poll.meeting.number, "done": len(poll.answered & present), "all": len(present)}
            text = _("Velg tidspunkt for møte %(number)s: %(done)s av %(all)s har svart") % words
            return Need(2, item.group, text, reverse("poll", args=[item.group.pk, poll.meeting.number]))
    return None


def _stuck_need(item: LedGroup, stuck: list[Any]) -> Need | None:
    if not stuck or item.coming is None:
        return None
    left = {module.number for case in stuck for module in modules_left_before(case, item.coming)}
    words = {
        "who": stuck[0].membership.member.name,
        "count": len(stuck),
        "modules": listed([str(number) for number in sorted(left)]),
        "day": date_format(item.coming.day, "j. F"),
    }
    text = ngettext(
        "%(who)s er ikke ferdig med modul %(modules)s før møtet %(day)s",
        "%(count)s er ikke ferdige med modul %(modules)s før møtet %(day)s",
        len(stuck),
    )
    return Need(4, item.group, text % words, reverse("group", args=[item.group.pk]) + "#deltakere")


def _time_need(item: LedGroup) -> Need | None:
    """One line for a group: a meeting about which the members are asked already needs nothing now."""
    asked = {poll.meeting_id for poll in item.polls}
    without = [m for m in item.meetings if m.status == Meeting.Status.PLANNED and not m.starts_at and m.pk not in asked]
    if not without:
        return None
    numbers = {"numbers": listed([str(meeting.number) for meeting in without])}
    text = ngettext("Møte %(numbers)s mangler tidspunkt", "Møte %(numbers)s mangler tidspunkt", len(without)) % numbers
    return Need(6, item.group, text, reverse("plan", args=[item.group.pk]))


def _cancelled_need(item: LedGroup) -> Need | None:
    if not item.to_bring_back:
        return None
    numbers = [meeting.number for meeting in item.to_bring_back]
    text = ngettext(
        "Møte %(numbers)s er avlyst. Gi det et nytt tidspunkt.",
        "Møte %(numbers)s er avlyst. Gi dem nye tidspunkter.",
        len(numbers),
    )
    pk = item.group.pk
    url = reverse("plan", args=[pk]) if numbers[1:] else reverse("meeting_edit", args=[pk, numbers[0]])
    return Need(6, item.group, text % {"numbers": listed([str(number) for number in numbers])}, url)


def _place_need(item: LedGroup, now: datetime.datetime) -> Need | None:
    """Physical needs a place, digital a link, both need both (R022). Within a week it comes before modules."""
    for meeting in item.meetings:
        is_open = meeting.status == Meeting.Status.PLANNED and meeting.starts_at and not is_over(meeting, now)
        needs_place = meeting.form != Meeting.Form.DIGITAL and not meeting.place
        needs_link = meeting.form != Meeting.Form.PHYSICAL and not meeting.link
        if is_open and (needs_place or needs_link):
            text = _("Møte %(number)s mangler sted") if needs_place else _("Møte %(number)s mangler lenke")
            url = reverse("meeting_edit", args=[item.group.pk, meeting.number])
            is_near = meeting.starts_at - now <= SOON
            return Need(3 if is_near else 5, item.group, text % {"number": meeting.number}, url)
    return None


def _confirm_need(item: LedGroup, now: datetime.datetime) -> Need | None:
    """From two weeks before the first meeting on (R122)."""
    waiting = [member for member in item.members if member.confirmed_at is None]
    is_near = item.coming and item.coming.starts_at and item.coming.starts_at - now <= CONFIRM_SOON
    if not waiting or not (is_near or item.held):
        return None
    text = ngettext(
        "%(name)s har ikke bekreftet taushet", "%(count)s deltakere har ikke bekreftet taushet", len(waiting)
    )
    words = {"name": waiting[0].member.name, "count": len(waiting)}
    return Need(7, item.group, text % words, reverse("members", args=[item.group.pk]))


def _members_need(item: LedGroup) -> Need | None:
    if item.members:
        return None
    return Need(8, item.group, _("Gruppen har ingen deltakere ennå"), reverse("members", args=[item.group.pk]))


def _stuck_by_group(led: list[LedGroup], now: datetime.datetime) -> dict[int, list[Any]]:
    near = [item for item in led if item.coming and item.coming.starts_at and item.coming.starts_at - now <= SOON]
    members = [member for item in near for member in item.members]
    cases = cases_of(members) if members else {}
    found: dict[int, list[Any]] = defaultdict(list)
    for item in near:
        found[item.group.pk] = stuck_members([cases[member.pk] for member in item.members], item.coming, now)
    return found


def _open_polls(groups: list[LearningGroup]) -> list[Any]:
    """The open polls of these groups, each with `first_day` and the memberships that have `answered`. Two queries."""
    polls = list(
        Poll.objects.filter(closed_at=None, meeting__group__in=groups)
        .select_related("meeting")
        .annotate(first_day=Min("options__day"))
        .filter(first_day__isnull=False)
    )
    answered: dict[int, set[int]] = defaultdict(set)
    said = PollAnswer.objects.filter(option__poll__in=polls).values_list("option__poll", "membership").distinct()
    for poll, member in said:
        answered[poll].add(member)
    for poll in polls:
        poll.answered = answered[poll.pk]
    return polls


def unanswered_polls(members: list[Membership]) -> dict[int, list[Poll]]:
    """The open polls that each of these members has not answered. Two queries."""
    found: dict[int, list[Poll]] = defaultdict(list)
    polls = _open_polls([member.group for member in members])
    for member in members:
        found[member.pk] = [p for p in polls if p.meeting.group_id == member.group_id and member.pk not in p.answered]
    return found


def _when(meeting: Meeting | None) -> tuple[bool, Any]:
    is_dated = meeting is not None and meeting.starts_at is not None
    return not is_dated, meeting.starts_at if meeting is not None and is_dated else 0
