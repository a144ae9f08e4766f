"""Learners over real HTTP, who try again when something is away, as people do."""

import http.client
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.drills.house import House
from tests.drills.ledger import Ledger


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


# Of `tests.small_course`, which needs Django where this does not.
SINGLE, MULTIPLE, SORT, PROMPT = map(_id, range(1, 5))
RIGHT, FIRST_OF_SEVERAL, FIRST_STATEMENT, SECOND_STATEMENT, COURSE_KEY = map(_id, (11, 21, 31, 32, 100))
COURSE = "/kurs/lite-kurs/"
TOKEN = "a" * 32
LEADS_TO = {"claim": "/kursbevis/"}
SORTED = {f"answer-{FIRST_STATEMENT}": "Livstruende", f"answer-{SECOND_STATEMENT}": "Livsbegrensende"}


@dataclass(frozen=True)
class Step:
    """One post: where its effect shows, its address, and what is posted."""

    fact: str
    path: str
    data: dict[str, str]


def _lesson(number: int) -> str:
    return f"{COURSE}modul-{1 if number < 3 else 2}/leksjon-{number}/"


def enrolling() -> Step:
    return Step("enrol", f"{COURSE}pamelding/", {})


def answering(number: int, check, data: dict) -> Step:
    return Step(f"answer:{check}", f"{_lesson(number)}svar/{check}/", data)


def completing(number: int) -> Step:
    return Step(f"complete:leksjon-{number}", f"{_lesson(number)}ferdig/", {})


def noting(text: str) -> Step:
    return Step("note", f"{_lesson(3)}notat/{PROMPT}/", {"text": text, "version": "0"})


def claiming() -> Step:
    return Step("claim", f"/kursbevis/ny/{COURSE_KEY}/", {"name": "Ingrid Solheim"})


def journey(text: str) -> list[Step]:
    """The whole small course with a note, and the certificate at its end."""
    return [
        enrolling(),
        answering(1, SINGLE, {"answer": RIGHT}),
        completing(1),
        answering(2, MULTIPLE, {"answer": FIRST_OF_SEVERAL}),
        completing(2),
        answering(3, SORT, SORTED),
        noting(text),
        completing(3),
        completing(4),
        claiming(),
    ]


class Learner:
    """A signed-in browser."""

    def __init__(self, house: House, number: int, ledger: Ledger):
        self.house, self.ledger = house, ledger
        self.email, self.session = house.people[number]

    def post(self, path: str, data: dict[str, str]) -> tuple[int, str]:
        """Status and Location (or Retry-After) of one post. Raises OSError when there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.house.port, timeout=60)
        headers = {
            "Cookie": f"session={self.session}; csrf={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json" if "/notat/" in path else "text/html",
        }
        try:
            connection.request("POST", path, urlencode(data), headers)
            response = connection.getresponse()
            response.read()
            return response.status, response.headers.get("Location") or response.headers.get("Retry-After") or ""
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def once(self, step: Step) -> str:
        """One post, written in the ledger; gives the answer in a word."""
        entry = self.ledger.begin(self.email, step.fact, step.data.get("text", str(step.data)))
        started = time.monotonic()
        try:
            status, where = self.post(step.path, step.data)
            answer = str(status)
        except OSError:
            answer, where = "no answer", ""
        self.ledger.note(answer if answer != "503" or where else "503 without Retry-After", time.monotonic() - started)
        if answer not in {"200", "302"} or not where.startswith(LEADS_TO.get(step.fact, "")):
            return answer
        if where.startswith("/konto/login"):
            return "signed out"
        self.ledger.acknowledge(entry)
        return "yes"

    def until_done(self, steps: Iterable[Step], seconds: float = 90) -> bool:
        """Takes the steps in order, each again and again until it is acknowledged."""
        deadline = time.monotonic() + seconds
        for step in steps:
            while self.once(step) != "yes":
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.4)
        return True


def many(count: int, threads: int, act: Callable[[int], bool]) -> bool:
    """`act(0)` … `act(count - 1)`, so many at a time; whether all went well."""
    with ThreadPoolExecutor(threads) as pool:
        return all(list(pool.map(act, range(count))))
