"""Asks, over connections that stay open, as fast as answers come; one thread, so that it takes little of the machine."""

import re
import selectors
import socket
import time
from collections.abc import Callable, Iterator

from tests.bench.scenarios import Request

LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
LOCATION = re.compile(rb"^location: *(\S+)", re.IGNORECASE | re.MULTILINE)
SECONDS = 60


class WrongAnswer(Exception):
    """The product answered otherwise than it must; nothing that is measured would mean anything."""


class Connection:
    """An open connection with one request under way."""

    def __init__(self, port: int, requests: Iterator[Request]):
        self.requests, self.got = requests, b""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> bool:
        """Sends the next request; False when there is none."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.request, self.got, self.asked_at = request, b"", time.perf_counter()
        self.socket.sendall(request.as_bytes())
        return True

    def answer(self) -> tuple[float, bytes] | None:
        """Seconds it took and the head, when all of the answer is here. Raises WrongAnswer."""
        piece = self.socket.recv(262_144)
        self.got += piece
        head, found, body = self.got.partition(b"\r\n\r\n")
        length = LENGTH.search(head) if found else None
        if not piece or (found and not length):
            raise WrongAnswer(f"{self.request.path}: the answer broke off: {self.got[:300]!r}")
        if not length or len(body) < int(length[1]):
            return None
        seconds = time.perf_counter() - self.asked_at
        if int(head[9:12]) != self.request.status:
            raise WrongAnswer(f"{self.request.path}: {head[:400]!r} instead of {self.request.status}")
        return seconds, head


def ask(
    port: int, streams: list[Iterator[Request]], total: int, see: Callable[[bytes], None] | None = None
) -> list[float]:
    """Asks `total` times (or until the streams end) and gives the seconds each answer took. `see` gets each head."""
    seconds: list[float] = []
    with selectors.DefaultSelector() as selector:
        begun = 0
        for stream in streams[:total]:
            connection = Connection(port, stream)
            if connection.ask():
                begun += 1
                selector.register(connection.socket, selectors.EVENT_READ, connection)
        while selector.get_map():
            for key, _events in selector.select(SECONDS):
                answer = key.data.answer()
                if answer is None:
                    continue
                seconds.append(answer[0])
                if see:
                    see(answer[1])
                if begun < total and key.data.ask():
                    begun += 1
                else:
                    selector.unregister(key.data.socket)
                    key.data.socket.close()
    return seconds


def location(head: bytes) -> str:
    """Where a redirect leads."""
    found = LOCATION.search(head)
    return found[1].decode() if found else ""
