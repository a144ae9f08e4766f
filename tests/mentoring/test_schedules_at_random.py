"""Scheduling and membership against a plain model: whatever is done in whatever order, rules hold and calendars agree."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.outbox.models import OutgoingMail
from mentoring import joining
from mentoring.models import LearningGroup, Meeting, Membership
from mentoring.scheduling import Slot, cancel_meeting, change, plan_series, set_time
from tests import people
from tests.groups_ground import small_group
from tests.mentoring.calendars import Diary, calendars_to

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
TODAY = date(2026, 10, 20)
# The nights in which the clock changes, as days from today.
AUTUMN, SPRING = 5, 159
LENGTH = timedelta(minutes=90)
WEEKS = {"1w": 7, "2w": 14, "4w": 28}

days = st.one_of(st.integers(-2, 180), st.sampled_from([AUTUMN, SPRING]))
hours = st.one_of(st.integers(0, 21), st.just(2))
folds = st.sampled_from([None, 0, 1])
numbers = st.integers(1, 3)
persons = st.integers(0, 3)
acts = st.one_of(
    st.tuples(st.just("plan"), days, hours, folds, st.sampled_from(sorted(WEEKS)), st.sampled_from(["", "Rom 1"])),
    st.tuples(st.just("move"), numbers, days, hours, folds, st.booleans()),
    st.tuples(st.just("place"), numbers, st.sampled_from(["", "Rom 2", "Rom 3"])),
    st.tuples(st.just("cancel"), numbers),
    st.tuples(st.just("join"), persons),
    st.tuples(st.just("leave"), persons),
)


def moment_of(day: int, hour: int, fold: int | None) -> datetime | None:
    """Half past `hour`, `day` days from today, in UTC, by rules written out here; None where it is no single time."""
    wall = datetime(2026, 10, 20, hour, 30) + timedelta(days=day)
    if wall.date() == date(2027, 3, 28) and hour == 2:
        return None
    if wall.date() == date(2026, 10, 25) and hour == 2:
        if fold is None:
            return None
        summer = fold == 0
    else:
        summer = wall < datetime(2026, 10, 25, 2) or wall >= datetime(2027, 3, 28, 3)
    return (wall - timedelta(hours=2 if summer else 1)).replace(tzinfo=UTC)


@dataclass
class Planned:
    """A meeting as a plain person would keep it on paper."""

    day: int | None = None
    hour: int = 0
    fold: int | None = 0
    place: str = ""
    cancelled: bool = False

    @property
    def starts(self) -> datetime | None:
        return None if self.day is None else moment_of(self.day, self.hour, self.fold)

    @property
    def announced(self) -> bool:
        return bool(self.day is not None and self.place and not self.cancelled)


class Refused(Exception):
    pass


@dataclass
class Paper:
    """The whole model: three meetings, and who is in the group."""

    meetings: dict[int, Planned] = field(default_factory=lambda: {number: Planned() for number in (1, 2, 3)})
    members: set[int] = field(default_factory=set)

    def plan(self, day, hour, fold, rhythm, place):
        coming = [number for number, meeting in self.meetings.items() if not meeting.cancelled]
        changed = self._copy()
        for turn, number in enumerate(coming):
            self._put(changed[number], day + turn * WEEKS[rhythm], hour, fold)
        for number in coming:
            changed[number].place = place
        self._accept(changed)

    def move(self, number, day, hour, fold, following):
        changed = self._copy()
        before = changed[number].day
        self._put(changed[number], day, hour, fold)
        changed[number].cancelled = False
        if following and before is not None:
            for other, meeting in changed.items():
                if other > number and meeting.day is not None and not meeting.cancelled:
                    self._put(meeting, meeting.day + day - before, meeting.hour, meeting.fold)
        self._accept(changed)

    def put(self, number, place):
        changed = self._copy()
        changed[number].place = place
        self._accept(changed)

    def cancel(self, number):
        self.meetings[number].cancelled = True

    def _copy(self) -> dict[int, Planned]:
        return {number: Planned(**vars(meeting)) for number, meeting in self.meetings.items()}

    def _put(self, meeting: Planned, day: int, hour: int, fold: int | None) -> None:
        meeting.day, meeting.hour = day, hour
        meeting.fold = fold if (day, hour) == (AUTUMN, 2) else 0
        if meeting.starts is None or meeting.starts <= NOW:
            raise Refused

    def _accept(self, changed: dict[int, Planned]) -> None:
        dated = [meeting for meeting in changed.values() if meeting.day is not None and not meeting.cancelled]
        if any(first.starts + LENGTH > second.starts for first, second in zip(dated, dated[1:], strict=False)):
            raise Refused
        if any(self.meetings[number].announced and not changed[number].place for number in changed):
            raise Refused
        self.meetings = changed


class Ground:
    """The product with four people who come and go, and a mentor."""

    def __init__(self, mentor, persons):
        self.mentor, self.persons = mentor, persons
        self.group = small_group(None, mentor, name="Tilfeldig")
        Meeting.objects.create(group=self.group, number=3, title="Tredje møte", minutes=90)
        self.paper = Paper()

    def do(self, act, *given) -> None:
        """Does it on paper and in the product; both refuse or both do it."""
        try:
            getattr(self, f"paper_{act}", getattr(self, f"do_{act}"))(*given)
        except Refused:
            with pytest.raises(ValidationError), transaction.atomic():
                getattr(self, f"do_{act}")(*given)
        else:
            if hasattr(self, f"paper_{act}"):
                getattr(self, f"do_{act}")(*given)

    def meeting(self, number) -> Meeting:
        return Meeting.objects.get(group=self.group, number=number)

    def paper_plan(self, *given):
        self.paper.plan(*given)

    def do_plan(self, day, hour, fold, rhythm, place):
        coming = Meeting.objects.filter(group=self.group, status="planned").order_by("number")
        slots = {
            meeting.number: Slot(TODAY + timedelta(days=day + turn * WEEKS[rhythm]), time(hour, 30), fold)
            for turn, meeting in enumerate(coming)
        }
        plan_series(self.group, slots, self.mentor, form="physical", place=place, link="")

    def paper_move(self, *given):
        self.paper.move(*given)

    def do_move(self, number, day, hour, fold, following):
        wall = TODAY + timedelta(days=day)
        set_time(self.meeting(number), wall, time(hour, 30), fold, self.mentor, following=following)

    def paper_place(self, *given):
        self.paper.put(*given)

    def do_place(self, number, place):
        change(self.meeting(number), self.mentor, place=place)

    def do_cancel(self, number):
        self.paper.cancel(number)
        cancel_meeting(self.meeting(number), self.mentor)

    def do_join(self, person):
        self.paper.members.add(person)
        joining.join(LearningGroup.objects.get(pk=self.group.pk), self.persons[person], self.mentor)

    def do_leave(self, person):
        self.paper.members.discard(person)
        membership = Membership.objects.filter(group=self.group, member=self.persons[person], left_at=None).first()
        if membership:
            joining.leave(membership, self.persons[person])

    def check(self, shuffled: Random) -> None:
        self._check_meetings()
        for number, person in enumerate(self.persons):
            assert self._diary(person, shuffled) == (self._expected() if number in self.paper.members else [])
        if any(meeting.announced for meeting in self.paper.meetings.values()):
            assert self._diary(self.mentor, shuffled) == self._expected()

    def _check_meetings(self) -> None:
        kept = [
            (meeting.starts_at, meeting.place, meeting.status == "cancelled")
            for meeting in Meeting.objects.filter(group=self.group).order_by("number")
        ]
        paper = self.paper.meetings.values()
        assert kept == [(meeting.starts, meeting.place, meeting.cancelled) for meeting in paper]

    def _expected(self) -> list[tuple[datetime, str]]:
        return [(meeting.starts, meeting.place) for meeting in self.paper.meetings.values() if meeting.announced]

    def _diary(self, person, shuffled: Random) -> list[tuple[datetime, str]]:
        arrived = calendars_to(person)
        shuffled.shuffle(arrived)
        diary = Diary()
        for calendar in arrived:
            diary.take(calendar)
        return sorted((event["DTSTART"].dt.astimezone(UTC), str(event["LOCATION"])) for event in diary.events)


@pytest.mark.usefixtures("outbox")
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(acts, min_size=1, max_size=14), seed=st.integers(0, 2**16))
def test_rules_hold_and_calendars_agree_whatever_is_done(mentor, random_people, done, seed):
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        OutgoingMail.objects.all().delete()
        ground = Ground(mentor, random_people)
        for act, *given_ in done:
            ground.do(act, *given_)
        ground.check(Random(seed))
        transaction.set_rollback(True)


@pytest.fixture
def random_people(db):
    return [people.make_person(f"tilfeldig{number}@example.org", f"Person {number}") for number in range(4)]
