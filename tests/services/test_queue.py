"""A mail that is written in one process is sent by a worker in another, by way of the real broker."""

import sys
import time
from pathlib import Path

from tests.live.processes import running
from tests.live.product import BASE, environment, manage

WRITE = "from django.core.mail import send_mail; send_mail('Emne', 'Hei på deg', None, ['ingrid@example.org'])"
WORKER = ["-m", "celery", "-A", "lms", "worker", "--concurrency=1", "--pool=solo", "--loglevel=warning"]
SECONDS = 60


def _mail_sent_by_worker(env: dict[str, str], folder: Path) -> str:
    """Writes a mail while a worker runs and no scheduler does, and gives the mail that arrives."""
    for name in ("queue", "queue-control"):
        (folder / name).mkdir(exist_ok=True)
    with running([sys.executable, *WORKER], folder / "worker.log", env=env, cwd=BASE):
        manage(env, "shell", "--no-imports", "-c", WRITE)
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if arrived := list((folder / "mail").glob("*.eml")):
                return arrived[0].read_text()
            time.sleep(0.2)
    raise AssertionError((folder / "worker.log").read_text())


def test_mail_goes_by_valkey(folder, valkey_url):
    mail = _mail_sent_by_worker(environment(folder, VALKEY_URL=valkey_url), folder)
    assert "To: ingrid@example.org" in mail


def test_mail_goes_by_the_embedded_queue(folder):
    mail = _mail_sent_by_worker(environment(folder), folder)
    assert "To: ingrid@example.org" in mail
