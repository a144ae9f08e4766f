"""Background work of numbers."""

from celery import shared_task
from django.utils import timezone

from lms.tallies import renewing


@shared_task(soft_time_limit=800, time_limit=850)
def renew_enrolments() -> None:
    """Makes anew what enrolments are counted from, where there are many."""
    renewing.renew_enrolments(timezone.now())


@shared_task(soft_time_limit=3500, time_limit=3600)
def renew_lessons() -> None:
    """Counts finished lessons anew, where there are many."""
    renewing.renew_lessons(timezone.now())
