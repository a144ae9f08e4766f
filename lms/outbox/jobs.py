"""Takes due jobs, does each once, and tries again later when that fails (R4, R5).

What is to be done is a Celery task of the app that knows how; it is named, not imported, so that apps below need
not know of jobs. A task may give back further work as a list of `FurtherWork`.
"""

import logging
import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from celery import Task, current_app
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from lms.outbox.models import Job

log = logging.getLogger("refleks.outbox")
# The name of a task and the ids it takes.
FurtherWork = tuple[str, list[int]]
MAX_TRIES = 3
HANDED_FOR = timedelta(minutes=2)
SPARE = timedelta(seconds=30)
KEPT_FOR = timedelta(days=30)


def plan(now: datetime) -> int:
    """Writes a job for all regular work whose hour (or day) has none yet; returns how many. Two at once make one."""
    slots = {f"{task}:{int(now.timestamp()) // work.every}": task for task, work in settings.WORK.items() if work.every}
    there = set(Job.objects.filter(key__in=slots).values_list("key", flat=True))
    missing = {key: task for key, task in slots.items() if key not in there}
    Job.objects.bulk_create(
        [Job(key=key, task=task, due_at=now) for key, task in missing.items()], ignore_conflicts=True
    )
    return len(missing)


def plan_now(task: str, now: datetime) -> None:
    """Writes a job for regular work at once, whatever its hour: somebody asked. Raises KeyError for unknown work."""
    if not settings.WORK[task].every:
        raise KeyError(task)
    Job.objects.bulk_create([Job(key=f"{task}:{now:%Y-%m-%dT%H:%M:%S}", task=task, due_at=now)], ignore_conflicts=True)


def hand_out(now: datetime, limit: int = 200) -> list[Job]:
    """The jobs that are due, oldest first, each to one caller. What is not begun within two minutes is due again."""
    free_stuck(now)
    due = Job.objects.filter(state=Job.State.WAITING, due_at__lte=now)
    return [job for job in due.order_by("due_at", "pk")[:limit] if _handed(job, now)]


def limit_of(job: Job) -> int:
    """How many seconds the job may take."""
    task = _task_of(job)
    return (task.time_limit if task else None) or settings.CELERY_TASK_TIME_LIMIT


def run(pk: int) -> bool:
    """Does the job unless somebody else has it, and returns whether it went well. Never raises for what went wrong."""
    job = _claimed(pk)
    if job is None:
        return False
    try:
        further = _do(job)
    except Exception as error:
        # Whatever it is, it is tried again. Its words may hold a name: they go to nobody but the log.
        log.exception("job %s failed", job.pk)
        _put_back(job, type(error).__name__)
        return False
    with transaction.atomic():
        if _ours(job).update(state=Job.State.DONE, done_at=timezone.now(), error=""):
            _write_down(further)
    return True


def free_stuck(now: datetime) -> int:
    """Gives jobs back whose runner died; returns how many."""
    stuck = list(Job.objects.filter(state=Job.State.RUNNING, due_at__lte=now))
    for job in stuck:
        _put_back(job, "died")
    return len(stuck)


def retry_failed() -> int:
    """Lets all jobs that were given up try again; returns how many."""
    failed = Job.objects.filter(state=Job.State.FAILED)
    return failed.update(state=Job.State.WAITING, tries=0, due_at=timezone.now(), error="")


def forget_old() -> int:
    """Deletes jobs that were done a month ago; returns how many. What was given up stays until somebody looks."""
    done = Job.objects.filter(state=Job.State.DONE, created_at__lt=timezone.now() - KEPT_FOR)
    return done.delete()[0]


def _handed(job: Job, now: datetime) -> bool:
    still_due = Job.objects.filter(pk=job.pk, state=Job.State.WAITING, due_at__lte=now)
    return bool(still_due.update(due_at=now + HANDED_FOR))


def _claimed(pk: int) -> Job | None:
    # The conditional update is the claim: whoever changes the row has it, until the time is up.
    job = Job.objects.filter(pk=pk, state=Job.State.WAITING).first()
    if job is None:
        return None
    now = timezone.now()
    job.due_at, job.tries, job.started_at = now + timedelta(seconds=limit_of(job)) + SPARE, job.tries + 1, now
    claimed = Job.objects.filter(pk=pk, state=Job.State.WAITING, tries=job.tries - 1).update(
        state=Job.State.RUNNING, due_at=job.due_at, tries=job.tries, started_at=now
    )
    return job if claimed else None


def _ours(job: Job) -> models.QuerySet[Job]:
    """The row while the claim holds: one who was too slow changes nothing."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries)


def _do(job: Job) -> Iterable[FurtherWork]:
    task = _task_of(job)
    if task is None:
        raise LookupError(f"There is no task {job.task}.")
    result = task(*job.payload)
    return result if isinstance(result, list) else []


def _task_of(job: Job) -> Task | None:
    return current_app.tasks.get(job.task)


def _write_down(further: Iterable[FurtherWork]) -> None:
    today = timezone.localdate()
    jobs = [
        Job(key=f"{task}:{'-'.join(map(str, ids))}:{today}", task=task, payload=ids, due_at=timezone.now())
        for task, ids in further
    ]
    Job.objects.bulk_create(jobs, ignore_conflicts=True, batch_size=500)


def _put_back(job: Job, error: str) -> None:
    given_up = job.tries >= MAX_TRIES
    wait = timedelta(seconds=30 * 2**job.tries * random.uniform(0.7, 1.3))  # noqa: S311 - jitter, no secret
    changed = _ours(job).update(
        state=Job.State.FAILED if given_up else Job.State.WAITING,
        due_at=timezone.now() + wait,
        error=error,
    )
    if changed:
        level = logging.ERROR if given_up else logging.WARNING
        log.log(level, "job %s of %s: %s, try %s", job.pk, job.task, error, job.tries)
