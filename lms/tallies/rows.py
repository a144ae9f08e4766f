"""Enrolments as rows to count from: the facts themselves, or what is kept of them. Both have the same names.

`person`, `attempt`, `course_key`, `sector`, `profession`, `place` (number of the municipality), `county` (number),
`enrolled_at`, `began_at`, `completed_at`, `withdrawn_at`. One row per enrolment, which is its first attempt.
"""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from lms.tallies.models import KeptEnrolment, Renewal
from modules.models import Attempt

DIMENSIONS = {
    "person": F("enrolment__learner"),
    "course_key": F("enrolment__course_key"),
    "sector": F("enrolment__learner__sector"),
    "profession": F("enrolment__learner__profession"),
    "place": Coalesce("enrolment__learner__municipality", Value("")),
    "county": Coalesce("enrolment__learner__municipality__county_number", Value("")),
}
STATES = ("enrolled", "people", "started", "completed", "stopped", "under_way", "not_begun", "begun", "left")


@dataclass(frozen=True)
class Ground:
    """What numbers are counted from. `counted_at` and `lessons_at` are None where it is the facts, as of now."""

    counted_at: datetime.datetime | None = None
    lessons_at: datetime.datetime | None = None
    # What was counted already while this ground was agreed on.
    known: dict[Any, dict[str, int]] = field(default_factory=dict, compare=False)

    @property
    def is_kept(self) -> bool:
        return self.counted_at is not None

    def enrolments(self) -> QuerySet:
        """A row per enrolment, with the names above."""
        return KeptEnrolment.objects.order_by() if self.is_kept else facts()


_agreed: ContextVar[Ground | None] = ContextVar("ground", default=None)


@contextmanager
def one_ground() -> Iterator[Ground]:
    """Lets everything that is counted inside be counted from the same."""
    token = _agreed.set(ground())
    try:
        yield ground()
    finally:
        _agreed.reset(token)


def ground() -> Ground:
    """What numbers are counted from just now. One query, or none where that is agreed."""
    if here := _agreed.get():
        return here
    at = dict(Renewal.objects.values_list("what", "at"))
    if Renewal.What.ENROLMENTS not in at:
        return Ground()
    return Ground(at[Renewal.What.ENROLMENTS], at.get(Renewal.What.LESSONS))


def facts() -> QuerySet[Attempt]:
    """The facts themselves, with the names above."""
    dates = {name: F(f"enrolment__{name}") for name in ("enrolled_at", "withdrawn_at")}
    return Attempt.objects.filter(number=1).order_by().annotate(attempt=F("pk"), **DIMENSIONS, **dates)


def state_conditions(at: datetime.datetime) -> Mapping[str, Q]:
    """What is true of an enrolment in each state at the moment `at`. The four states exclude each other."""
    completed, begun, left = Q(completed_at__lt=at), Q(began_at__lt=at), Q(withdrawn_at__lt=at)
    staying = not_by("completed_at", at) & not_by("withdrawn_at", at)
    return {
        "enrolled": Q(enrolled_at__lt=at),
        "started": begun | completed,
        "completed": completed,
        "stopped": not_by("completed_at", at) & left,
        "under_way": staying & begun,
        "not_begun": staying & not_by("began_at", at),
        "begun": begun,
        "left": left,
    }


def not_by(field: str, at: datetime.datetime) -> Q:
    """That what `field` dates had not happened by `at`; an empty date counts as not happened, in SQL as well."""
    return Q(**{field: None}) | Q(**{f"{field}__gte": at})


def state_counts(at: datetime.datetime, *, is_kept: bool, suffix: str = "") -> dict[str, Count]:
    """How many enrolments, and people, are in each state at `at`; the name of each ends with `suffix`."""
    there = Q(enrolled_at__lt=at)
    counts = {name: Count("pk", filter=there & condition) for name, condition in state_conditions(at).items()}
    # Whoever is chosen is chosen with all their enrolments, so the first one stands for the person.
    counts["people"] = Count("pk", filter=there & Q(nth=1)) if is_kept else Count("person", filter=there, distinct=True)
    return {f"{name}{suffix}": counts[name] for name in STATES}
