"""Starts web, worker and scheduler together, and stops them together."""

import os
import socket
import sys

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from honcho.manager import Manager

HOST = os.environ.get("HOST", "127.0.0.1")


class Command(BaseCommand):
    help = "Starts the web server, the background worker and the scheduler (PORT, HOST, WEB_WORKERS)."

    def handle(self, *args, **options):
        port = int(settings.PORT)
        _refuse_taken_port(port)
        if settings.DEMO:
            self.stdout.write(_greeting(port))
        manager = Manager()
        for name, command in _commands(port).items():
            manager.add_process(name, command, quiet=False, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        manager.loop()
        sys.exit(manager.returncode or 0)


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}"
            ) from error


def _commands(port: int) -> dict[str, str]:
    python = sys.executable
    workers, threads = os.environ.get("WEB_WORKERS", "2"), os.environ.get("WEB_THREADS", "4")
    return {
        "web": f"{python} -m gunicorn lms.wsgi --bind {HOST}:{port} --worker-class gthread --workers {workers} "
        f"--threads {threads} --preload --log-level warning --max-requests 20000 --max-requests-jitter 2000",
        "worker": f"{python} -m celery -A lms worker --concurrency 1 --pool solo --without-mingle --without-gossip "
        "--without-heartbeat --loglevel warning",
        "beat": f"{python} -m celery -A lms beat --loglevel warning --pidfile=",
    }


def _greeting(port: int) -> str:
    people = ("learner", "mentor", "member", "editor", "admin")
    return "\n".join(
        [
            "",
            f"  Refleks runs at http://{HOST}:{port}   (Ctrl+C stops it)",
            f"  Mails of the demo: http://{HOST}:{port}/demo/post/",
            f"  Sign in with password {settings.DEMO_PASSWORD} as",
            *(f"    {person}@example.org" for person in people),
            "",
        ]
    )
