"""Background work of certificates."""

from celery import shared_task
from django.utils import timezone

from certificates.issuing import issue_waiting


@shared_task
def issue_waiting_certificates() -> None:
    """Issues what nobody has claimed after the days of grace. Runs every hour."""
    issue_waiting(timezone.now())
