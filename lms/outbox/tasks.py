"""Background work: mail, and the jobs of all apps."""

from celery import shared_task
from django.utils import timezone

from lms.outbox import delivery, jobs


@shared_task
def send_waiting_mail() -> int:
    """Sends what waits in the outbox."""
    return delivery.send_waiting()


@shared_task
def run_due_jobs() -> None:
    """Writes down the regular work and hands out what is due, each job as a message of its own with its own limit."""
    now = timezone.now()
    jobs.plan(now)
    for job in jobs.hand_out(now):
        limit = jobs.limit_of(job)
        run_job.apply_async([job.pk], time_limit=limit, soft_time_limit=int(limit * 0.8), retry=False)


@shared_task
def run_job(pk: int) -> bool:
    """Does one job."""
    return jobs.run(pk)


@shared_task
def forget_old() -> None:
    """Deletes old rows of mail and jobs."""
    delivery.forget_old()
    jobs.forget_old()
