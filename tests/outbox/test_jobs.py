from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.utils import timezone

from lms.outbox import jobs
from lms.outbox.models import Job
from lms.outbox.tasks import run_due_jobs
from lms.work import Work

pytestmark = pytest.mark.django_db
State = Job.State
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DONE: list[tuple] = []


@current_app.task(name="tests.note")
def note(*ids):
    DONE.append(ids)


@current_app.task(name="tests.fail", time_limit=40)
def fail():
    raise RuntimeError("Kari Nordmann")


@current_app.task(name="tests.further")
def further():
    return [("tests.note", [1]), ("tests.note", [2])]


@pytest.fixture(autouse=True)
def nothing_done_yet(settings):
    settings.WORK = {"tests.note": Work("Noter", every=3600), "tests.fail": Work("Feil")}
    DONE.clear()


def written(task="tests.note", payload=(7,), **fields):
    return Job.objects.create(
        **{"key": task, "task": task, "payload": list(payload), "due_at": timezone.now()} | fields
    )


def test_regular_work_is_written_once_an_hour():
    assert [jobs.plan(NOON), jobs.plan(NOON + timedelta(minutes=59)), jobs.plan(NOON + timedelta(minutes=60))] == [
        1,
        0,
        1,
    ]
    assert list(Job.objects.values_list("task", flat=True)) == ["tests.note", "tests.note"]


def test_regular_work_asked_for_now_is_written_besides():
    jobs.plan(NOON)
    jobs.plan_now("tests.note", NOON)
    jobs.plan_now("tests.note", NOON)

    assert Job.objects.count() == 2


@pytest.mark.parametrize("task", ["tests.fail", "os.remove"])
def test_plan_now_refuses_when_the_work_is_not_regular(task):
    with pytest.raises(KeyError):
        jobs.plan_now(task, NOON)


def test_a_job_is_done_once():
    job = written()

    assert (jobs.run(job.pk), jobs.run(job.pk)) == (True, False)
    assert DONE == [(7,)]
    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == (State.DONE, 1, "")


def test_a_due_job_is_handed_to_one_caller():
    job = written()

    assert jobs.hand_out(timezone.now()) == [job]
    assert jobs.hand_out(timezone.now()) == []


def test_a_job_whose_message_was_lost_is_handed_out_again():
    job = written()
    jobs.hand_out(timezone.now())

    assert jobs.hand_out(timezone.now() + timedelta(minutes=3)) == [job]


def test_what_a_job_gives_back_is_further_work_once_a_day():
    jobs.run(written("tests.further", ()).pk)
    jobs.run(written("tests.further", (), key="again").pk)

    assert sorted(Job.objects.filter(task="tests.note").values_list("payload", flat=True)) == [[1], [2]]


def test_a_job_that_fails_tries_later_and_keeps_no_words():
    job = written("tests.fail", ())

    assert jobs.run(job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.tries, job.error) == (State.WAITING, 1, "RuntimeError")
    assert job.due_at > timezone.now() + timedelta(seconds=30)


def test_a_job_is_given_up_after_three_tries_and_can_try_again():
    job = written("tests.fail", ())
    for _try in range(3):
        jobs.run(job.pk)

    assert Job.objects.get().state == State.FAILED
    assert jobs.run(job.pk) is False
    assert jobs.retry_failed() == 1
    job.refresh_from_db()
    assert (job.state, job.tries) == (State.WAITING, 0)


def test_a_job_that_nobody_knows_is_given_up_too():
    job = written("tests.unknown", ())
    for _try in range(3):
        jobs.run(job.pk)

    assert (Job.objects.get().state, Job.objects.get().error) == (State.FAILED, "LookupError")


def test_a_job_whose_runner_died_is_given_back_when_its_time_is_up():
    job = written("tests.fail", (), state=State.RUNNING, tries=1)

    assert jobs.free_stuck(timezone.now() - timedelta(seconds=1)) == 0
    assert jobs.free_stuck(timezone.now()) == 1
    job.refresh_from_db()
    assert (job.state, job.error) == (State.WAITING, "died")


def test_a_job_that_kills_its_runner_is_given_up_after_three_tries():
    written(state=State.RUNNING, tries=3)

    jobs.free_stuck(timezone.now())

    assert Job.objects.get().state == State.FAILED


def test_a_runner_who_was_too_slow_changes_nothing():
    job = written("tests.fail", (), state=State.RUNNING, tries=1)
    late = Job.objects.get()
    Job.objects.update(tries=2)

    jobs._put_back(late, "RuntimeError")

    job.refresh_from_db()
    assert (job.state, job.error) == (State.RUNNING, "")


def test_a_job_has_the_limit_of_its_task(settings):
    assert jobs.limit_of(written("tests.fail", ())) == 40
    assert jobs.limit_of(written("tests.note")) == settings.CELERY_TASK_TIME_LIMIT


def test_jobs_done_long_ago_are_forgotten_and_what_was_given_up_stays():
    written(state=State.DONE)
    written(key="failed", state=State.FAILED)
    Job.objects.update(created_at=timezone.now() - timedelta(days=31))

    assert jobs.forget_old() == 1
    assert Job.objects.get().state == State.FAILED


def test_the_sweep_hands_out_each_job_with_its_limit(monkeypatch):
    messages = []
    monkeypatch.setattr(
        "lms.outbox.tasks.run_job.apply_async", lambda args, **options: messages.append((args, options))
    )
    job = written("tests.fail", ())

    run_due_jobs()
    run_due_jobs()

    regular = Job.objects.get(task="tests.note")
    assert messages == [
        ([job.pk], {"time_limit": 40, "soft_time_limit": 32, "retry": False}),
        ([regular.pk], {"time_limit": 300, "soft_time_limit": 240, "retry": False}),
    ]


def test_every_work_of_the_product_has_a_task():
    from lms.settings import WORK  # noqa: PLC0415 - the fixture has put another in its place

    current_app.loader.import_default_modules()
    assert [task for task in WORK if task not in current_app.tasks] == []
