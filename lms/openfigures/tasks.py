"""Comes round every hour; publishes once a month."""

from celery import shared_task
from django.utils import timezone

from lms.openfigures.releases import publish


@shared_task
def publish_figures() -> None:
    """Publishes the month that has ended, unless that is done."""
    publish(timezone.now())
