"""What an employee answers: sharing with a workplace, not sharing, ceasing to share. It takes effect at once."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.workplaces.models import Consent, Employee, WorkplaceEvent
from lms.workplaces.requiring import deadline_of, outline_of, required_courses
from modules.access import may_see
from modules.enrolment import current_attempt, enrol
from modules.outline import CourseOutline

Kind: Any = WorkplaceEvent.Kind
Ended: Any = Consent.Ended
# Which text people say yes to; a new one when the words in `_what_is_shared.html` come to mean something else.
WORDING = "2026-11"


def share(employee: Employee, person: Any) -> Consent:
    """Lets the workplace see how far `person` is in its courses, from now on. Twice makes one.

    Raises ValidationError when the row is off the list, or somebody else's.
    """
    with transaction.atomic():
        locked = _bound(employee, person)
        Employee.objects.filter(pk=locked.pk).update(declined_at=None)
        try:
            with transaction.atomic():
                return Consent.objects.create(employee=locked, person=person, wording=WORDING, given_at=timezone.now())
        except IntegrityError:
            return locked.consents.get(withdrawn_at=None)


def do_not_share(employee: Employee, person: Any | None = None) -> None:
    """The answer "no", also without an account, and the end of sharing. Harmless twice.

    Raises ValidationError when the row is off the list, or somebody else's.
    """
    with transaction.atomic():
        locked = _bound(employee, person)
        Employee.objects.filter(pk=locked.pk, declined_at=None).update(declined_at=timezone.now())
        _end(locked, Ended.OWN_WISH)


def leave(employee: Employee, person: Any) -> None:
    """The employee takes themselves off the list, and shares no more. Raises ValidationError when it is not theirs."""
    with transaction.atomic():
        do_not_share(employee, person)
        Employee.objects.filter(pk=employee.pk).update(removed_at=timezone.now())


def remove(employee: Employee, by: Any) -> None:
    """The leader takes an employee off the list; sharing ends with it. Harmless twice."""
    with transaction.atomic():
        if Employee.objects.filter(pk=employee.pk, removed_at=None).update(removed_at=timezone.now()):
            WorkplaceEvent.objects.create(workplace=employee.workplace, kind=Kind.REMOVED, by=by)
        _end(employee, Ended.REMOVED)


def enrol_in_required(employee: Employee, person: Any) -> list[CourseOutline]:
    """Enrols `person` in what is asked of them and they are not in. Their own act, never the leader's."""
    courses = lacking_courses(employee, person)
    for course in courses:
        enrol(person, course)
    return courses


def lacking_courses(employee: Employee, person: Any) -> list[CourseOutline]:
    """The courses on the workplace's list that `person` may take and is not enrolled in."""
    return [course for course in asked_courses(employee) if may_see(person, course) and not _is_in(person, course)]


def asked_courses(employee: Employee) -> list[CourseOutline]:
    """The published courses on the workplace's list."""
    return [course for course, _deadline in asked_with_deadlines(employee)]


def asked_with_deadlines(employee: Employee) -> list[tuple[CourseOutline, datetime.date | None]]:
    """The same with the last day for this employee, None for none."""
    courses = [(outline_of(required), required) for required in required_courses(employee.workplace)]
    return [(outline, deadline_of(required, employee)) for outline, required in courses if outline]


def active_consents(employees: Iterable[Employee]) -> dict[int, Consent]:
    """The consents that stand now, by employee; not of people whose account is shut. One query."""
    standing = Consent.objects.filter(employee__in=list(employees), withdrawn_at=None, person__is_active=True)
    return {consent.employee_id: consent for consent in standing}


def employments_of(person: Any) -> QuerySet[Employee]:
    """The lists that `person` has answered for and is still on."""
    return Employee.objects.filter(person=person, removed_at=None).select_related("workplace")


def shared_with(person: Any) -> list[str]:
    """The names of the workplaces that see how far `person` is, each once. One query."""
    standing = Consent.objects.filter(person=person, withdrawn_at=None)
    return sorted(set(standing.values_list("employee__workplace__name", flat=True)))


def _bound(employee: Employee, person: Any | None) -> Employee:
    """The row, locked and `person`'s. The secret address is the right: whoever answers first has it."""
    locked = Employee.objects.select_for_update().get(pk=employee.pk)
    if locked.removed_at:
        raise ValidationError(_("Du står ikke på denne listen lenger."))
    if locked.person_id and (person is None or locked.person_id != person.pk):
        raise ValidationError(_("Invitasjonen er besvart fra en annen konto. Logg inn med den."))
    if person is not None and locked.person_id is None:
        locked.person = employee.person = person
        locked.save(update_fields=["person"])
    return locked


def _end(employee: Employee, why: str) -> None:
    standing = Consent.objects.filter(employee=employee, withdrawn_at=None)
    standing.update(withdrawn_at=timezone.now(), ended_why=why)


def _is_in(person: Any, course: CourseOutline) -> bool:
    attempt = current_attempt(person, course.key)
    return attempt is not None and attempt.enrolment.withdrawn_at is None
