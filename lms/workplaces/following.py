"""What a leader sees of each employee: begun, under way, completed and when, overdue, and nothing else (R051, R052).

Everything goes through `standings_of`: without a consent that stands this moment, nothing of the course is looked up.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lms.workplaces.models import Employee, RequiredCourse, Workplace
from lms.workplaces.requiring import deadline_of
from lms.workplaces.sharing import active_consents
from mentoring.preparation import counting_attempts
from modules.models import Attempt


class State(StrEnum):
    """What a leader can know of an employee and a course."""

    NOT_ANSWERED = "not_answered"
    NOT_SHARED = "not_shared"
    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"


@dataclass(frozen=True)
class Standing:
    """An employee and a course as the leader may see them. `completed_on` only with `State.COMPLETED`.

    `deadline` is worked out of what the leader wrote and tells nothing about the employee.
    """

    employee: Employee
    required: RequiredCourse
    state: State
    deadline: datetime.date | None
    completed_on: datetime.date | None = None

    @property
    def is_shared(self) -> bool:
        return self.state not in {State.NOT_ANSWERED, State.NOT_SHARED}

    @property
    def is_overdue(self) -> bool:
        """Past the deadline without having completed; never said of one who does not share."""
        open_states = {State.NOT_BEGUN, State.UNDER_WAY}
        return self.state in open_states and self.deadline is not None and self.deadline < timezone.localdate()

    @property
    def words(self) -> str:
        """The state in words, without the deadline."""
        if self.state == State.COMPLETED and self.completed_on:
            return _("fullført %(day)s") % {"day": date_format(self.completed_on, "j. F Y")}
        return {
            State.NOT_ANSWERED: _("har ikke svart"),
            State.NOT_SHARED: _("deler ikke"),
            State.NOT_BEGUN: _("ikke begynt"),
            State.UNDER_WAY: _("i gang"),
            State.COMPLETED: _("fullført"),
        }[self.state]


def employees_of(workplace: Workplace) -> QuerySet[Employee]:
    """Who is on the list now, by the name the leader wrote, else by address."""
    return workplace.employees.filter(removed_at=None).order_by("name__in_order", "email", "pk")


def standings_of(employees: Sequence[Employee], courses: Iterable[RequiredCourse]) -> list[Standing]:
    """A standing for each employee and course, employees first. Two queries, however many."""
    courses = list(courses)
    consents = active_consents(employees)
    people = [consent.person_id for consent in consents.values()]
    attempts = counting_attempts(people, [required.course_key for required in courses]) if people and courses else {}
    found = []
    for employee in employees:
        consent = consents.get(employee.pk)
        for required in courses:
            attempt = attempts.get((consent.person_id, required.course_key)) if consent else None
            found.append(_standing(employee, required, consent is not None, attempt))
    return found


def _standing(employee: Employee, required: RequiredCourse, is_shared: bool, attempt: Attempt | None) -> Standing:
    deadline = deadline_of(required, employee)
    if not is_shared:
        answered = employee.person_id is not None or employee.declined_at is not None
        return Standing(employee, required, State.NOT_SHARED if answered else State.NOT_ANSWERED, deadline)
    if attempt is None or (attempt.began_at is None and attempt.completed_at is None):
        return Standing(employee, required, State.NOT_BEGUN, deadline)
    if attempt.completed_at is None:
        return Standing(employee, required, State.UNDER_WAY, deadline)
    return Standing(employee, required, State.COMPLETED, deadline, timezone.localdate(attempt.completed_at))


@dataclass(frozen=True)
class Figures:
    """How many of those on the list are where; each employee in exactly one, overdue besides."""

    not_answered: int = 0
    not_shared: int = 0
    not_begun: int = 0
    under_way: int = 0
    completed: int = 0
    overdue: int = 0


def figures_of(standings: Iterable[Standing]) -> Figures:
    """The sums over the standings of one course."""
    standings = list(standings)
    counts = {state.value: sum(one.state == state for one in standings) for state in State}
    return Figures(**counts, overdue=sum(one.is_overdue for one in standings))
