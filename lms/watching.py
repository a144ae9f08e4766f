"""What the house tells those who run it: one line for each request, numbers, and never anything of a person (16.2).

A line has the route and not the path (paths hold codes and secrets), no query, no address of a machine, and of a fault
its kind and where it happened, not its words: databases quote the row they refuse.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

request_id: ContextVar[str] = ContextVar("request_id", default="")
HEADER = "X-Request-ID"
GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
FACTS = ("method", "route", "status", "milliseconds", "task")
BASE = str(Path(__file__).resolve().parent.parent)
log = logging.getLogger("refleks.request")
doors = logging.getLogger("refleks.doors")

answered = Histogram(
    "refleks_request_seconds",
    "Seconds until a request was answered, by route, method and status.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class WatchingMiddleware:
    """Gives each request an id (a proxy's when it is a plain word), and tells how it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        # Not reset: Django has a word to say of a refused request after the last middleware.
        request_id.set(_id_of(request))
        response = self.get_response(request)
        response[HEADER] = request_id.get()
        self._tell(request, response, time.monotonic() - started)
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        # A page that was kept, a static file, or an address that is not there has no route.
        route, method = match.route if match else "", request.method if match else ""
        answered.labels(route, method, response.status_code).observe(seconds)
        facts = {"method": method, "route": route, "status": response.status_code}
        log.info("answered", extra=facts | {"milliseconds": round(seconds * 1000)})


def _id_of(request: HttpRequest) -> str:
    given = request.headers.get(HEADER, "")
    return given if GIVEN.fullmatch(given) else uuid4().hex


def watch_sign_ins() -> None:
    """Tells of each sign-in and each refused one, not whose (16.3.1)."""
    user_logged_in.connect(lambda **_signal: doors.info("signed in"), weak=False, dispatch_uid="told_signed_in")
    user_login_failed.connect(
        lambda **_signal: doors.warning("sign-in refused"), weak=False, dispatch_uid="told_refused"
    )


class JsonLines(logging.Formatter):
    """One JSON object a line. Only our own loggers are trusted with words; of others' we keep the pattern."""

    def format(self, record: logging.LogRecord) -> str:
        own = record.name.startswith("refleks.")
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage() if own else _pattern(record),
            "request_id": request_id.get(),
        }
        line |= {name: getattr(record, name) for name in FACTS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line |= {"fault": record.exc_info[0].__name__, "at": _places(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)


def _pattern(record: logging.LogRecord) -> str:
    # What is filled into the pattern may be a path, an address or what somebody typed.
    return str(record.msg)[:200] if record.args or not isinstance(record.msg, str) else record.module


def _places(trace: object) -> list[str]:
    frames = traceback.extract_tb(trace)  # type: ignore[arg-type]
    return [f"{frame.filename.removeprefix(BASE)}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
