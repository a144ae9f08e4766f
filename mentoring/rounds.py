"""Rounds of applications: open or not, places left, who is next, and the sums (R071, R073, R074)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mentoring.models import Application, ApplicationEvent, Package, Round

Status: Any = Application.Status
# An offer holds its place until the group is through, or the place is given back.
HOLDS_PLACE = (Status.OFFERED, Status.COMPLETED)


@dataclass(frozen=True)
class Figures:
    """What became of the applications of one or several rounds. An application counts in the round it stands in.

    `offered` is every place that was ever offered: one that was given back may be offered anew, so it may exceed
    `capacity`. `withdrawn` gave an offered place back; `withdrew_early` left before there was an offer.
    """

    applied: int
    offered: int
    other: int
    refused: int
    completed: int
    transferred: int
    withdrawn: int
    withdrew_early: int
    waiting: int
    undecided: int
    open: int
    capacity: int

    @property
    def gap(self) -> int:
        """Applications without an answer of the three: applied = offered + other + refused only when this is 0."""
        return self.applied - self.offered - self.other - self.refused

    @property
    def use(self) -> int | None:
        """Completed of all places in whole per cent (R074); None without places."""
        return round(100 * self.completed / self.capacity) if self.capacity else None

    @property
    def offered_again(self) -> int:
        """How many more offers there were than places."""
        return max(0, self.offered - self.capacity)


def figures_of(*rounds: Round) -> Figures:
    """The figures of these rounds together. One query."""
    return figures_by_round(rounds, together=True)[0]


def figures_by_round(rounds: Any, *, together: bool = False) -> dict[int, Figures]:
    """The figures of each of `rounds` by its id; with `together` of all of them, by 0. One query for all."""
    rounds = list(rounds)
    offered = Exists(ApplicationEvent.objects.filter(application=OuterRef("pk"), status=Status.OFFERED))
    rows = (
        Application.objects.filter(round__in=rounds)
        .annotate(was_offered=offered)
        .values("round", "status", "was_offered")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counted = [(row["round"], row["status"], row["was_offered"], row["count"]) for row in rows]
    if together:
        return {0: _figures([row[1:] for row in counted], sum(one.places for one in rounds))}
    return {one.pk: _figures([row[1:] for row in counted if row[0] == one.pk], one.places) for one in rounds}


def _figures(rows: list[tuple[str, bool, int]], capacity: int) -> Figures:
    def count(*statuses: str, offered: bool | None = None) -> int:
        return sum(number for status, was, number in rows if status in statuses and offered in (None, was))

    return Figures(
        applied=count(*Status.values),
        offered=count(*Status.values, offered=True),
        other=count(Status.OTHER_OFFER),
        refused=count(Status.REFUSED),
        completed=count(Status.COMPLETED),
        transferred=count(Status.TRANSFERRED),
        withdrawn=count(Status.WITHDRAWN, offered=True),
        withdrew_early=count(Status.WITHDRAWN, offered=False),
        waiting=count(Status.WAITING),
        undecided=count(Status.APPLIED),
        open=count(Status.OFFERED),
        capacity=capacity,
    )


def open_packages() -> QuerySet[Package]:
    """The packages that workplaces may apply for. One of a course that is a pilot or a draft is not told of."""
    is_public = Q(course=None) | Q(course__live=True, course__is_pilot=False)
    return Package.objects.filter(is_public, is_open=True).select_related("course").prefetch_related("steps", "rounds")


def open_rounds(package: Package) -> list[Round]:
    """The rounds of `package` that take applications today, the one that closes first in front. Days are local."""
    today = timezone.localdate()
    going = [
        one
        for one in package.rounds.all()
        if (one.opens_on is None or one.opens_on <= today) and (one.closes_on is None or one.closes_on >= today)
    ]
    return sorted(going, key=lambda one: (one.closes_on is None, one.closes_on or today, one.pk))


def coming_round(package: Package) -> Round | None:
    """The next round that opens later, to tell those who come too early."""
    later = [one for one in package.rounds.all() if one.opens_on and one.opens_on > timezone.localdate()]
    return min(later, key=lambda one: one.opens_on, default=None)


def free_places(of: Round) -> int:
    """How many groups there is room for still. Lock the round's row before acting on it (R073)."""
    return of.places - of.applications.filter(status__in=HOLDS_PLACE).count()


def waiting_list(package: Package, of: Round | None) -> QuerySet[Application]:
    """Who waits for a place, in the order they applied: of one round, or of the package when it has none."""
    waiting = Application.objects.filter(package=package, round=of, status=Status.WAITING)
    return waiting.order_by("created_at", "pk")


def next_in_line() -> list[Application]:
    """The first on each waiting list whose round has a free place. A person decides; this only points (B12)."""
    found = []
    full = Count("applications", filter=Q(applications__status__in=HOLDS_PLACE), distinct=True)
    waiting = Exists(Application.objects.filter(round=OuterRef("pk"), status=Status.WAITING))
    rounds = Round.objects.select_related("package").annotate(held=full).filter(waiting)
    for one in (one for one in rounds if one.held < one.places):
        first = waiting_list(one.package, one).select_related("round", "package").first()
        found += [first] if first else []
    return found
