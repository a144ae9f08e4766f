"""A meeting as its page shows it to a member and to the mentor: when, where, what before, who comes, who came."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mentoring import bringing, preparation
from mentoring.attendance import MISSED, MeetingsStanding, may_make_up, may_mark, standing_of
from mentoring.calendar import OPEN
from mentoring.lines import AgendaItem, agenda_of, lines_of, materials_of
from mentoring.models import Attendance, LearningGroup, MakeUp, Meeting, MeetingReply, Membership
from mentoring.packages import certificate_without
from modules.outline import CourseOutline, ModuleOutline

Status: Any = Attendance.Status


@dataclass(frozen=True)
class Work:
    """A module to take before the meeting, as one member stands in it; `url` is where they go on."""

    module: ModuleOutline
    done: bool
    begun: bool
    url: str


@dataclass(frozen=True)
class Person:
    """A member at this meeting, as the mentor sees them: never anything that they wrote."""

    membership: Membership
    reply: str = ""
    lacking: list[ModuleOutline] = field(default_factory=list)
    attendance: Attendance | None = None
    make_up: MakeUp | None = None
    may_make_up: bool = False

    @property
    def name(self) -> str:
        return self.membership.member.name

    @property
    def status(self) -> str:
        return self.attendance.status if self.attendance else ""

    @property
    def missed(self) -> bool:
        return self.status in MISSED


@dataclass(frozen=True)
class Attended:
    """How many came, in the room and on the net, and how many are not marked yet."""

    there: int
    digital: int
    unmarked: int
    few: bool = False

    @property
    def came(self) -> int:
        return self.there + self.digital


def state_of(meeting: Meeting, now: datetime) -> str:
    """`cancelled`, `held`, `unset` without a time, `today` until it is over, `over` unmarked, or `planned`."""
    if meeting.status != Meeting.Status.PLANNED:
        return meeting.status
    if meeting.starts_at is None:
        return "unset"
    if meeting.starts_at + timedelta(minutes=meeting.minutes) <= now:
        return "over"
    return "today" if meeting.day == now.astimezone(ZoneInfo(meeting.zone)).date() else "planned"


def agenda(meeting: Meeting) -> list[tuple[str, AgendaItem]]:
    """The parts of the agenda, each with the hour it begins, "" after a part that has no length."""
    begins = datetime.combine(meeting.day, meeting.clock) if meeting.day else None
    rows = []
    for item in agenda_of(meeting.agenda):
        rows.append((f"{begins:%H.%M}" if begins else "", item))
        begins = begins + timedelta(minutes=item.minutes) if begins and item.minutes else None
    return rows


def own_work(membership: Membership, meeting: Meeting, course: CourseOutline | None) -> list[Work]:
    """The modules before the meeting with the member's own state. Three queries at most."""
    modules = preparation.modules_before(meeting, course)
    if not modules:
        return []
    own = preparation.progress_of([membership], course)[membership.pk]
    return [_work(module, own) for module in modules]


def people_at(meeting: Meeting, course: CourseOutline | None) -> list[Person]:
    """Everybody who can be marked at the meeting, by name. The same number of queries, however many they are."""
    memberships = [m for m in _memberships(meeting) if not m.left_at or _was_there(m, meeting)]
    replies = dict(MeetingReply.objects.filter(meeting=meeting).values_list("membership", "answer"))
    marks = {mark.membership_id: mark for mark in meeting.attendances.select_related("by")}
    made_up = {made.membership_id: made for made in meeting.make_ups.select_related("by")}
    standings = standing_of(memberships)
    lacking = preparation.unfinished(memberships, meeting, course)
    return [
        Person(
            membership,
            replies.get(membership.pk, ""),
            lacking[membership.pk],
            marks.get(membership.pk),
            made_up.get(membership.pk),
            may_make_up(membership, meeting, standings[membership.pk]),
        )
        for membership in memberships
    ]


def person_at(meeting: Meeting, membership: Membership) -> Person:
    """One of them, after a mark was changed."""
    standing: MeetingsStanding = standing_of([membership])[membership.pk]
    return Person(
        membership,
        attendance=meeting.attendances.select_related("by").filter(membership=membership).first(),
        make_up=meeting.make_ups.select_related("by").filter(membership=membership).first(),
        may_make_up=may_make_up(membership, meeting, standing),
    )


def instead_of(meeting: Meeting, here: list[Person]) -> list[Person]:
    """For a cancelled meeting, those for whom something else can stand in its place; else nobody (R030)."""
    group, fits = meeting.group, any(one.make_up or one.may_make_up for one in here)
    waits = meeting.status == Meeting.Status.CANCELLED and group.status != LearningGroup.Status.CANCELLED
    return here if waits and fits and group.package.gives_certificate else []


def attended(meeting: Meeting, people: Iterable[Person]) -> Attended:
    """The attendance in numbers; `few` when fewer came than the package finds enough (R056)."""
    statuses = [person.status for person in people]
    there, digital = statuses.count(Status.THERE), statuses.count(Status.DIGITAL)
    least = meeting.group.package.few_present or 0
    held = meeting.status == Meeting.Status.HELD
    return Attended(there, digital, statuses.count(""), few=held and there + digital < least)


def who_comes(meeting: Meeting) -> list[str]:
    """The names of the present members who said that they come. One query."""
    yes = meeting.replies.filter(
        answer=MeetingReply.Answer.YES, membership__left_at=None, membership__member__is_active=True
    )
    return list(yes.order_by("membership__member__name__in_order").values_list("membership__member__name", flat=True))


def common_context(meeting: Meeting, now: datetime) -> dict[str, Any]:
    """What member and mentor both see."""
    return {
        "meeting": meeting,
        "group": meeting.group,
        "state": state_of(meeting, now),
        "ends": meeting.ends_at,
        "agenda": agenda(meeting),
        "topics": lines_of(meeting.topics),
        "prompts": lines_of(meeting.prompts),
        "work": lines_of(meeting.before),
        "materials": materials_of(meeting.material),
        "may_mark": may_mark(meeting),
        "has_poll": meeting.status != Meeting.Status.HELD and meeting.polls.filter(closed_at=None).exists(),
        "means": certificate_without(meeting.group) if meeting.status == Meeting.Status.CANCELLED else "",
        "is_open": meeting.group.status in OPEN,
        "brought_open": bringing.is_open(meeting),
    }


def _memberships(meeting: Meeting) -> list[Membership]:
    memberships = list(meeting.group.memberships.select_related("member").order_by("member__name__in_order", "pk"))
    for membership in memberships:
        membership.group = meeting.group
    return [membership for membership in memberships if membership.left_at or membership.member.is_active]


def _was_there(membership: Membership, meeting: Meeting) -> bool:
    """Whether one who has left was still in the group on the day of the meeting."""
    return bool(meeting.day) and membership.left_at.astimezone(ZoneInfo(meeting.zone)).date() >= meeting.day


def _work(module: ModuleOutline, own: preparation.Progress) -> Work:
    done = own.has_done(module)
    going_on = (lesson.url for lesson in module.lessons if lesson.key not in own.standing.lessons)
    return Work(module, done, own.has_begun(module), module.url if done else next(going_on, module.url))
