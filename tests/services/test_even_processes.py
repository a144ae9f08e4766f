"""Connections that stay open are shared evenly between the web processes, and nobody waits for one that hangs."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lms.server import SLACK
from tests.bench.accounting import web_processes
from tests.live.product import parallel, prepared, product

MANY = 32
KEPT_SECONDS = 2  # gunicorn's own default for an open connection that asks nothing


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with product(prepared(tmp_path_factory.mktemp("even") / "var")) as found:
        # The first process answers before the second is there.
        for _look in range(100):
            if len(web_processes(found.port)) == 3:
                break
            time.sleep(0.1)
        yield found


@contextmanager
def kept_open(port: int, count: int) -> Iterator[list[int]]:
    """So many connections, opened at once and kept open; gives the statuses of their second answers."""
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=20) for _number in range(count)]

    def ask_twice(number: int) -> int:
        for _time in range(2):
            connections[number].request("GET", "/")
            answer = connections[number].getresponse()
            answer.read()
        return answer.status

    try:
        yield parallel(count, ask_twice)
    finally:
        for connection in connections:
            connection.close()


def sockets_of(process: int) -> int:
    """How many sockets the process has open."""
    count = 0
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since it was listed
            count += str(link.readlink()).startswith("socket:")
    return count


def test_open_connections_are_shared_evenly(running):
    _first, *workers = web_processes(running.port)
    with kept_open(running.port, MANY):
        pass  # Both have made the page once, so that nothing below takes as long as a connection is kept.
    time.sleep(KEPT_SECONDS + 1)
    before = [sockets_of(worker) for worker in workers]

    with kept_open(running.port, MANY) as statuses:
        own = [sockets_of(worker) - had for worker, had in zip(workers, before, strict=True)]

    assert statuses == [200] * MANY
    assert sum(own) == MANY
    # Two may be accepted between one look and the next.
    assert max(own) - min(own) <= SLACK + 2


def test_a_process_that_hangs_holds_nobody_back(running):
    _first, hanging, _other = web_processes(running.port)
    os.kill(hanging, signal.SIGSTOP)
    try:
        with kept_open(running.port, MANY) as statuses:
            assert statuses == [200] * MANY
    finally:
        os.kill(hanging, signal.SIGCONT)
