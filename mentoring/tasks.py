"""Background work of groups."""

from celery import shared_task

from mentoring.applications import settle_all


@shared_task
def settle_applications() -> None:
    """Completes the applications whose groups are completed."""
    settle_all()
