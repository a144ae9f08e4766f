"""Background work of groups."""

from celery import shared_task
from django.utils import timezone

from mentoring import digest, invitations, reminders, retention, scheduling, sensitive
from mentoring.applications import settle_all


@shared_task
def settle_applications() -> None:
    """Completes the applications whose groups are completed."""
    settle_all()


@shared_task
def find_due_reminders() -> list[tuple[str, list[int]]]:
    """Asks which meetings somebody is to be reminded of. Gives back the work that follows, a piece for each of them."""
    return [(remind_of_meeting.name, [pk]) for pk in reminders.due_meetings(timezone.now())]


@shared_task(time_limit=120)
def remind_of_meeting(meeting_id: int) -> None:
    """Reminds of one meeting. Alone, so that nobody's trouble stops the others."""
    reminders.remind(meeting_id, timezone.now())


@shared_task
def find_due_digests() -> list[tuple[str, list[int]]]:
    """Asks which mentors get their weekly mail now. Gives back a piece of work for each of them."""
    return [(send_weekly_digest.name, [pk]) for pk in digest.due_mentors(timezone.now())]


@shared_task(time_limit=60)
def send_weekly_digest(mentor_id: int) -> None:
    """Writes one mentor's weekly mail."""
    digest.send_digest(mentor_id, timezone.now())


@shared_task
def check_clocks() -> None:
    """Tells of meetings whose moment has moved because a country changed its clocks (D15)."""
    scheduling.recompute_coming()


@shared_task
def forget_old_notes() -> None:
    """Forgets the words of notes that have been kept long enough."""
    retention.forget_old(timezone.now())


@shared_task
def purge_reported_notes() -> None:
    """Takes away the words of notes that were reported 72 hours ago and not written anew."""
    sensitive.purge_due(timezone.now())


@shared_task
def forget_old_invitations() -> None:
    """Forgets the addresses of those who were invited to groups that have ended."""
    invitations.forget_old(timezone.now())
