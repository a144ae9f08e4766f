"""Alive, and ready: for load balancers and for people who wonder."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from lms.celery import app


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
    if settings.S3_BUCKET:
        default_storage.exists("readyz")
    else:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
