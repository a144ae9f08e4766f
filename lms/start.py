"""Starts web, worker and scheduler together: `python -m lms.start` (PORT, HOST, WEB_WORKERS, WEB_THREADS)."""

import os
import socket
import sys

from honcho.manager import Manager

DEMO_PEOPLE = ("learner", "mentor", "member", "editor", "admin")


def main() -> int:
    """Runs until stopped and returns the exit code of the first part that ended."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if not _is_free(host, port):
        print(f"Port {port} is taken by another program. Choose another: make run PORT={port + 1}", file=sys.stderr)
        return 1
    if os.environ.get("DEMO") == "1":
        print(_greeting(host, port), flush=True)
    manager = Manager()
    for name, command in _commands(host, port).items():
        manager.add_process(name, command, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    manager.loop()
    return manager.returncode or 0


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _commands(host: str, port: int) -> dict[str, str]:
    workers, threads = os.environ.get("WEB_WORKERS", "2"), os.environ.get("WEB_THREADS", "4")
    return {
        "web": f"{sys.executable} -m gunicorn lms.wsgi --bind {host}:{port} --worker-class gthread "
        f"--workers {workers} --threads {threads} --preload --log-level warning "
        "--max-requests 20000 --max-requests-jitter 2000",
        "worker": f"{sys.executable} -m celery --quiet -A lms worker --concurrency 1 --pool solo --without-mingle "
        "--without-gossip --without-heartbeat --loglevel warning",
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
