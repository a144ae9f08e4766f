"""The link that stops a workplace's reminders by one click, and starts them again (B14, RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from lms.workplaces.models import Employee
from mentoring.stopping import headers_of

SALT = "workplaces.stopping"
__all__ = ["employee_of", "headers_of", "set_stopped", "stop_path"]


def stop_path(employee: Employee) -> str:
    """Where the employee stops the reminders of this workplace, also without signing in."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("workplace_stop", args=[signing.dumps(employee.pk, salt=SALT)])


def employee_of(signed: str) -> Employee | None:
    """Whose link it is; None when it is not ours, or the person is off the list or shut out (S12)."""
    try:
        pk = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    here = Employee.objects.filter(pk=pk, removed_at=None, person__is_active=True)
    return here.select_related("workplace").first()


def set_stopped(employee: Employee, stopped: bool) -> None:
    """Stops or starts; harmless when it is so already."""
    employee.reminders_stopped_at = timezone.now() if stopped else None
    employee.save(update_fields=["reminders_stopped_at"])
