"""Starts web, worker and scheduler together: `python -m lms.start` (PORT, HOST, WEB_WORKERS, WEB_THREADS).

`python -m lms.start web` (or worker, or beat) is that part alone: for containers, where each is its own.
"""

import os
import shlex
import shutil
import socket
import sys
import time
from multiprocessing import Process
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from honcho.manager import Manager

from lms import environment as env

SLOTS = 64  # as many processes as `lms.server` keeps count of
DEMO_PEOPLE = ("learner", "mentor", "member", "leader", "editor", "admin")
VAR = Path(env.text("VAR", str(env.BASE / "var")))
# A part that ends sooner than this, so many times in a row, will not get any better.
SOON_SECONDS = 10
SOON_TIMES = 3


class Steadfast(Manager):
    """Starts a part that ended again, and leaves the others alone; stops all when a part will not stay."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._starts: dict[str, list[float]] = {}

    def _start(self):
        self._starts = {name: [time.monotonic()] for name in self._processes}
        super()._start()

    def _any_stopped(self) -> bool:
        ended = [name for name, part in self._processes.items() if part.get("returncode") is not None]
        if self._terminating or any(self._will_not_stay(name) for name in ended):
            return bool(ended)
        for name in ended:
            self._start_again(name)
        return False

    def _will_not_stay(self, name: str) -> bool:
        starts = self._starts[name][-SOON_TIMES:]
        return len(starts) == SOON_TIMES and time.monotonic() - starts[0] < SOON_SECONDS * SOON_TIMES

    def _start_again(self, name: str) -> None:
        part = self._processes[name]
        self._starts[name].append(time.monotonic())
        self.returncode = None
        part.update(pid=None, process=Process(name=name, target=part["obj"].run, args=(self.events, True)))
        del part["returncode"]
        part["process"].start()


def main() -> int:
    """Runs until stopped and returns the exit code; a part that ends by itself is started again."""
    host = os.environ.get("HOST", "127.0.0.1")
    try:
        port = env.number("PORT", 8000, least=1, most=65535)
        _commands(host, port)
    except ImproperlyConfigured as refusal:
        print(refusal, file=sys.stderr)
        return 1
    if sys.argv[1:]:
        if sys.argv[1] == "web":
            _prepare_web(port)
        words = shlex.split(_commands(host, port)[sys.argv[1]])
        os.execvp(words[0], words)  # noqa: S606 - becomes that part, so that it hears the signals
    if not _is_free(host, port):
        print(f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}", file=sys.stderr)
        return 1
    _prepare_web(port)
    if os.environ.get("DEMO") == "1":
        print(_greeting(host, port), flush=True)
    manager = Steadfast()
    for name, command in _commands(host, port).items():
        manager.add_process(name, command, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    manager.loop()
    return manager.returncode or 0


def _prepare_web(port: int) -> None:
    # Django alone decides which proxies are believed (TRUSTED_PROXIES); gunicorn would believe this whole machine.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    # Where the web processes of this start count together, from nothing. Replicas may share VAR.
    counts = VAR / "numbers" / f"{socket.gethostname()}-{port}"
    shutil.rmtree(counts, ignore_errors=True)
    counts.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counts)


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _commands(host: str, port: int) -> dict[str, str]:
    workers = env.number("WEB_WORKERS", 2, least=1, most=SLOTS)
    threads = env.number("WEB_THREADS", 4, least=1, most=100)
    return {
        "web": f"{sys.executable} -m gunicorn lms.wsgi --bind {host}:{port} --worker-class lms.server.EvenWorker "
        f"--workers {workers} --threads {threads} --preload --log-level warning "
        "--max-requests 20000 --max-requests-jitter 2000 --no-control-socket",
        "worker": f"{sys.executable} -m celery --quiet -A lms worker --without-mingle --without-gossip "
        "--without-heartbeat --loglevel warning",
        "beat": f"{sys.executable} -m celery --quiet -A lms beat --loglevel warning --pidfile=",
    }


def _greeting(host: str, port: int) -> str:
    password = os.environ.get("DEMO_PASSWORD", "stille-lys-over-fjorden")
    return "\n".join(
        [
            "",
            f"  Refleks: http://{host}:{port}   (answers in a few seconds; Ctrl+C stops it)",
            f"  Mails of the demo: http://{host}:{port}/demo/post/",
            f"  Password {password} for",
            *(f"    {person}@example.org" for person in DEMO_PEOPLE),
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
