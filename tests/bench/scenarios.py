"""What is asked of the product, request by request, and which bare view each is compared with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from secrets import randbelow
from typing import Any
from urllib.parse import quote

TOKEN = "b" * 32  # a CSRF cookie and field that agree, as a browser sends them
LIST, OWN, WRITE = "bare list, anonymous", "bare list, signed in", "bare write"
PASSWORD = "bench-passord-for-alle"


@dataclass(frozen=True)
class Request:
    """One request, and the status it must be answered with."""

    path: str
    status: int = 200
    session: str = ""
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"

    def as_bytes(self) -> bytes:
        """The request as it goes over the wire, from an address of its own behind one proxy."""
        address = ".".join(str(randbelow(250) + 1) for _part in range(3))
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
        lines += [f"X-Forwarded-For: 10.{address}", *(f"{name}: {value}" for name, value in self.headers.items())]
        cookies = [f"session={self.session}"] * bool(self.session) + [f"csrf={TOKEN}"] * (self.body is not None)
        if cookies:
            lines.append(f"Cookie: {'; '.join(cookies)}")
        body = (self.body or "").encode()
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


def form(**fields: str) -> str:
    """The body of a form with its CSRF field."""
    return "&".join(f"{name}={quote(value)}" for name, value in {"csrfmiddlewaretoken": TOKEN, **fields}.items())


@dataclass
class Scenarios:
    """The scenarios for one database; `facts` is what `seeding` said. Each gives an endless stream per connection."""

    facts: dict[str, Any]
    codes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._writers = iter(self.facts["writers"])
        self._versions = {reader: count() for reader in self.facts["readers"]}
        self.references = {LIST: self._bare_list, OWN: self._bare_own, WRITE: self._bare_write}
        self.product = {
            "front page": (LIST, self._page("/")),
            "course page, anonymous": (LIST, self._page(self.facts["course_url"])),
            "certificate check page": (LIST, self._check_page),
            "course page, signed in": (OWN, self._own_page(self.facts["course_url"])),
            "lesson page": (OWN, self._own_page(self.facts["lesson_url"])),
            "my page": (OWN, self._own_page("/min-side/")),
            "progress: finish a lesson": (WRITE, self._finish_lessons),
            "progress: answer a check": (WRITE, self._answer),
            "notebook autosave": (WRITE, self._save_note),
        }

    def all(self) -> dict[str, Any]:
        """Name to a function that takes the number of the connection and gives its stream of requests."""
        return self.references | {name: stream for name, (_bare, stream) in self.product.items()}

    def _reader(self, connection: int) -> str:
        return self.facts["readers"][connection % len(self.facts["readers"])]

    def _bare_list(self, _connection: int) -> Iterator[Request]:
        while True:
            yield Request("/bench/list/?plain")

    def _bare_own(self, connection: int) -> Iterator[Request]:
        while True:
            yield Request("/bench/own/", session=self._reader(connection))

    def _bare_write(self, connection: int) -> Iterator[Request]:
        while True:
            yield Request("/bench/write/", 302, self._reader(connection), form())

    def _page(self, path: str):
        def stream(_connection: int) -> Iterator[Request]:
            while True:
                yield Request(path)

        return stream

    def _own_page(self, path: str):
        def stream(connection: int) -> Iterator[Request]:
            while True:
                yield Request(path, session=self._reader(connection))

        return stream

    def _check_page(self, connection: int) -> Iterator[Request]:
        for number in count(connection):
            yield Request(f"/kursbevis/{self.codes[number % len(self.codes)]}/")

    def _finish_lessons(self, _connection: int) -> Iterator[Request]:
        # Somebody new for each connection, who takes the course from its first lesson to its last.
        for writer in self._writers:
            for url in self.facts["lesson_urls"]:
                yield Request(f"{url}ferdig/", 302, writer, form())

    def _answer(self, connection: int) -> Iterator[Request]:
        body = f"{form()}&{self.facts['answer']}"
        while True:
            yield Request(self.facts["check_url"], 200, self._reader(connection), body, {"HX-Request": "true"})

    def _save_note(self, connection: int) -> Iterator[Request]:
        reader = self._reader(connection)
        for version in self._versions[reader]:
            text = f"Det jeg tenkte på, linje for linje, for {version}. gang. " * 5
            body = form(version=str(version), text=text)
            yield Request(self.facts["prompt_url"], 200, reader, body, {"Accept": "application/json"})

    def claims(self) -> list[Request]:
        """Everybody who has finished asks for the certificate, once."""
        body = form(name="Kari Nordmann")
        return [Request(self.facts["claim_url"], 302, session, body) for session in self.facts["finished"]]

    def sign_ins(self) -> list[Request]:
        """A class that signs in at the same moment, by password: the dearest way there is."""
        return [
            Request(self.facts["login_url"], 302, "", form(login=email, password=PASSWORD))
            for email in self.facts["burst"]
        ]
