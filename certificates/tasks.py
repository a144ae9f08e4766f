"""Background work of certificates."""

from celery import shared_task
from django.utils import timezone

from certificates.issuing import (
    issue_if_waiting,
    issue_package_if_waiting,
    waiting_attempts,
    waiting_memberships,
)


@shared_task
def find_waiting_certificates() -> list[tuple[str, list[int]]]:
    """Asks who has waited the days of grace. Gives back the work that follows, one piece for each of them."""
    now = timezone.now()
    attempts = waiting_attempts(now).values_list("pk", flat=True)
    work = [(issue_waiting_certificate.name, [pk]) for pk in attempts]
    return work + [(issue_waiting_package_certificate.name, [member.pk]) for member in waiting_memberships(now)]


@shared_task(time_limit=60)
def issue_waiting_certificate(attempt_id: int) -> None:
    """Issues one certificate. Alone, so that nobody's trouble stops the others."""
    issue_if_waiting(attempt_id, timezone.now())


@shared_task(time_limit=60)
def issue_waiting_package_certificate(membership_id: int) -> None:
    """The same for one member of a group."""
    issue_package_if_waiting(membership_id, timezone.now())
