"""Background work of workplaces."""

from celery import shared_task
from django.utils import timezone

from lms.workplaces import inviting, reminding


@shared_task
def find_due_deadlines() -> list[tuple[str, list[int]]]:
    """Asks of which courses somebody may have to be reminded. Gives back a piece of work for each of them."""
    return [(remind_of_deadline.name, [pk]) for pk in reminding.due_courses(timezone.now())]


@shared_task(time_limit=300)
def remind_of_deadline(required_id: int) -> None:
    """Reminds of one workplace's course. Alone, so that nobody's trouble stops the others."""
    reminding.remind(required_id, timezone.now())


@shared_task
def forget_old_employees() -> None:
    """Forgets those who were taken off lists, or never answered."""
    inviting.forget_old(timezone.now())
