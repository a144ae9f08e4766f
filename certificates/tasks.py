"""Background work of certificates."""

from celery import shared_task
from django.utils import timezone

from certificates.issuing import issue_if_waiting, waiting_attempts


@shared_task
def find_waiting_certificates() -> list[tuple[str, list[int]]]:
    """Asks who has waited the days of grace. Gives back the work that follows, one piece for each of them."""
    waiting = waiting_attempts(timezone.now()).values_list("pk", flat=True)
    return [(issue_waiting_certificate.name, [pk]) for pk in waiting]


@shared_task(time_limit=60)
def issue_waiting_certificate(attempt_id: int) -> None:
    """Issues one certificate. Alone, so that nobody's trouble stops the others."""
    issue_if_waiting(attempt_id, timezone.now())
