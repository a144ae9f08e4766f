"""Background work on mail."""

from celery import shared_task

from lms.outbox import delivery


@shared_task
def send_waiting_mail() -> int:
    """Sends what waits in the outbox."""
    return delivery.send_waiting()


@shared_task
def forget_old_mail() -> int:
    """Deletes old rows of the mail log."""
    return delivery.forget_old()
