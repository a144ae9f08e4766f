"""Background work that concerns people's accounts."""

from celery import shared_task
from django.utils import timezone

from lms.accounts import inactivity, retention

ERASED_A_DAY = 500


@shared_task
def forget_expired() -> None:
    """Deletes sessions, logs and sign-ups that have been kept long enough."""
    retention.forget_expired(timezone.now())


@shared_task
def find_inactive_people() -> list[tuple[str, list[int]]]:
    """Tells those who have not been here for long. Gives back a piece of work for each account that is to go."""
    now = timezone.now()
    inactivity.give_notice(now)
    due = inactivity.due_for_erasure(now).order_by("pk").values_list("pk", flat=True)
    return [(erase_inactive_person.name, [pk]) for pk in due[:ERASED_A_DAY]]


@shared_task(time_limit=120)
def erase_inactive_person(person_id: int) -> None:
    """Erases one account that nobody uses. Alone, so that nobody's trouble stops the others."""
    inactivity.erase_inactive(person_id, timezone.now())
