"""How many queries each request takes, once content is kept."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.scenarios import Request, Scenarios


def queries_of(facts: dict[str, Any]) -> dict[str, int]:
    """Name of the scenario to queries. The check page is left out: there is no certificate yet."""
    streams = {name: stream for name, stream in Scenarios(facts).all().items() if name != "certificate check page"}
    return {name: _second_time(stream(0)) for name, stream in streams.items()}


def _second_time(stream) -> int:
    ask_once(next(stream))
    with CaptureQueriesContext(connection) as captured:
        ask_once(next(stream))
    return len(
        [query for query in captured if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    )


def ask_once(request: Request) -> None:
    """Asks without a network. Raises AssertionError when the status is another."""
    client = Client(headers={"host": "127.0.0.1", **request.headers})
    if request.session:
        client.cookies["session"] = request.session
    path, _mark, query = request.path.partition("?")
    kind = "application/x-www-form-urlencoded"
    response = client.generic(request.method, path, request.body or "", content_type=kind, QUERY_STRING=query)
    assert response.status_code == request.status, f"{request.path}: {response.status_code}"
