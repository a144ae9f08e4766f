"""Alive, and ready: for load balancers and for people who wonder."""

import time

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from lms.celery import app

# A test file is written at most this often by each process: whoever asks all the time costs nothing.
LOOK_SECONDS = 30
_looked: dict[str, float | bool] = {}


def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(_request: HttpRequest) -> HttpResponse:
    """Database, queue and storage answer; 503 and which one does not otherwise."""
    parts = {"database": _database, "queue": _queue, "storage": _storage}
    answers = {name: _answers(ask) for name, ask in parts.items()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _answers(ask) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 - whatever it is, it is not ready
        return False
    return True


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        if cursor.fetchone() is None:
            raise OperationalError("not migrated")


def _queue() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def _storage() -> None:
    """Raises OSError when a small file could not be written; a folder or bucket that is there may be full or closed."""
    if time.monotonic() >= _looked.get("until", 0):
        _looked.update(until=time.monotonic() + LOOK_SECONDS, well=False)
        default_storage.delete(default_storage.save("readyz", ContentFile(b"ok")))
        _looked["well"] = True
    if not _looked["well"]:
        raise OSError("could not be written to")
