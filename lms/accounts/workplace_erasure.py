"""What goes out of workplaces when a person is erased: their rows on lists, what they agreed to, and their role."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from lms.accounts.models import User
from lms.workplaces.models import Employee, Leadership, Workplace


def erase_from_workplaces(user: User, addresses: Iterable[str]) -> None:
    """Deletes or blanks what `personal-data.toml` says; `addresses` are the confirmed ones, in lower case."""
    listed, asked, contact = Q(person=user), Q(person=user), Q(pk__in=[])
    for address in addresses:
        listed |= Q(email__iexact=address)
        asked |= Q(confirm_email__iexact=address)
        contact |= Q(contact_email__iexact=address)
    Employee.objects.filter(listed).delete()
    Leadership.objects.filter(asked).update(confirm_email="")
    Workplace.objects.filter(contact).update(contact_email="")
    Leadership.objects.filter(person=user, ended_at=None).update(ended_at=timezone.now())
