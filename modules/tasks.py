"""Background work on courses."""

from celery import shared_task

from modules.settling import settle_all


@shared_task(time_limit=1800)
def settle_progress() -> int:
    """Stores what became finished because an author took a lesson away."""
    return settle_all()
