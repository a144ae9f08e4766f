"""The product with a fault put in, only ever started by a drill: `python -m tests.drills.faulty worker|web`."""

import os
import signal
import sys
from pathlib import Path
from unittest import mock

import django
from django.conf import settings

POINTS = 6
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")


def worker() -> None:
    """A worker that dies once for each certificate, at one of six points of issuing, and that knows three bad jobs."""
    django.setup()
    from certificates import issuing, tasks  # noqa: PLC0415 - after the set-up
    from lms.celery import app  # noqa: PLC0415

    whom: list[int] = [0]

    def die(point: int) -> None:
        mark = Path(settings.VAR) / "killed" / str(whom[0])
        if whom[0] % POINTS == point and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def dying(act, *, before: int | None = None, after: int | None = None):
        def wrapped(*args, **kwargs):
            die(before)
            result = act(*args, **kwargs)
            die(after)
            return result

        return wrapped

    def known(attempt_id, now, act=issuing.issue_if_waiting):
        whom[0] = attempt_id
        return dying(act, before=0, after=5)(attempt_id, now)

    if os.environ.get("DRILL_DIE"):
        mock.patch.object(tasks, "issue_if_waiting", known).start()
        mock.patch.object(issuing, "render_certificate", dying(issuing.render_certificate, after=1)).start()
        files = issuing.CertificateFile.objects
        mock.patch.object(type(files), "create", dying(type(files).create, before=2)).start()
        mock.patch.object(issuing, "_record", dying(issuing._record, before=3)).start()
        mock.patch.object(issuing, "mail_certificate", dying(issuing.mail_certificate, after=4)).start()
    _bad_jobs(app)
    app.worker_main(["worker", *sys.argv[2:]])


def _bad_jobs(app) -> None:
    @app.task(name="drills.hang", time_limit=6)
    def hang():
        while True:
            pass

    @app.task(name="drills.memory", time_limit=6)
    def memory():
        os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does to who takes too much

    @app.task(name="drills.crash", time_limit=6)
    def crash():
        os.kill(os.getpid(), signal.SIGSEGV)


def application(environ, start_response):
    """The web, dying between COMMIT and the hint to the broker."""
    from lms.wsgi import application as real  # noqa: PLC0415, I001 - it sets Django up

    from lms.outbox import backend  # noqa: PLC0415

    backend._hint = lambda: os.kill(os.getpid(), signal.SIGKILL)
    return real(environ, start_response)


if __name__ == "__main__":
    worker()
