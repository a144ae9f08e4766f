"""The gate to workplaces: their confirmed leaders, nobody else. Absent and forbidden look alike (S10)."""

from typing import Any

from django.db.models import QuerySet, Value
from django.http import Http404

from lms.workplaces.models import Employee, Leadership, Workplace


def led_workplaces(user: Any) -> QuerySet[Workplace]:
    """The workplaces that `user` leads now: confirmed, and not ended."""
    leading = Leadership.objects.filter(person=user, confirmed_at__isnull=False, ended_at=None)
    return Workplace.objects.filter(pk__in=leading.values("workplace")).select_related("municipality")


def waiting_leaderships(user: Any) -> list[Leadership]:
    """Where the workplace has been asked whether `user` leads it, and has not said yes or no. Until then they see
    nothing of it but its name."""
    waiting = Leadership.objects.filter(person=user, confirmed_at=None, ended_at=None)
    return list(waiting.select_related("workplace"))


def led_workplace_for(user: Any, pk: int) -> Workplace:
    """The workplace with this id when `user` leads it. Raises Http404 to anybody else, administrators too."""
    workplace = led_workplaces(user).filter(pk=pk).first()
    if workplace is None:
        raise Http404
    return workplace


def leaders_of(workplace: Workplace) -> list[Leadership]:
    """Who leads the workplace now, by name; people whose account is shut do not."""
    leading = workplace.leaderships.filter(confirmed_at__isnull=False, ended_at=None, person__is_active=True)
    return list(leading.select_related("person").order_by("person__name__in_order", "pk"))


def workplaces_of(user: Any) -> list[tuple[bool, int, str]]:
    """Whether `user` leads it, id and name of each workplace they lead or are on the list of. One query."""
    leading = Leadership.objects.filter(person=user, confirmed_at__isnull=False, ended_at=None)
    listed = Employee.objects.filter(person=user, removed_at=None)
    fields = ("workplace_id", "workplace__name")
    led = leading.order_by().values_list(Value(1), *fields)
    rows = led.union(listed.order_by().values_list(Value(0), *fields), all=True)
    return sorted(((bool(leads), pk, name) for leads, pk, name in rows), key=lambda row: (not row[0], row[2]))


def own_employment_for(user: Any, pk: int) -> Employee:
    """The row of a list that `user` answered for. Raises Http404 to anybody else."""
    own = Employee.objects.filter(person=user, removed_at=None, pk=pk).select_related("workplace").first()
    if own is None:
        raise Http404
    return own
