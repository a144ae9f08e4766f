"""How many queries each request takes, once content is kept."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.scenarios import Request, Scenarios

ISSUE = "certificate issue"


def queries_of(facts: dict[str, Any]) -> dict[str, int]:
    """Name of the scenario to queries. Two people of `finished` get their certificates, which are then checked."""
    codes: list[str] = []
    scenarios = Scenarios(facts, codes)
    issuing = _second_time(iter(scenarios.claims()), lambda to: codes.append(to.strip("/").split("/")[-1]))
    return {ISSUE: issuing} | {name: _second_time(stream(0)) for name, stream in scenarios.all().items()}


def _second_time(stream: Iterator[Request], see: Callable[[str], None] = str) -> int:
    see(ask_once(next(stream)))
    with CaptureQueriesContext(connection) as captured:
        see(ask_once(next(stream)))
    return len(
        [query for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    )


def ask_once(request: Request) -> str:
    """Asks without a network, and gives where the answer leads. Raises AssertionError when the status is another."""
    client = Client(headers={"host": "127.0.0.1", **request.headers})
    if request.session:
        client.cookies["session"] = request.session
    path, _mark, query = request.path.partition("?")
    kind = "application/x-www-form-urlencoded"
    response = client.generic(request.method, path, request.body or "", content_type=kind, QUERY_STRING=query)
    assert response.status_code == request.status, f"{request.path}: {response.status_code}"
    return response.get("Location", "")
