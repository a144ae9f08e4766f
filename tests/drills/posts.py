"""Drill on people: fifty identical posts at the same moment, as from a double click, a refresh and a bad network."""

import http.client
import re
from collections import Counter
from urllib.parse import urlencode

from tests.drills.house import House
from tests.drills.learners import TOKEN, Learner, journey
from tests.drills.ledger import Count, Ledger, count
from tests.live.product import parallel

NEWCOMER = "ny@example.org"


def d16_fifty_at_once(house: House, size: int) -> tuple[Count, str]:
    """Each step of the course fifty times at once; then fifty sign-ups and fifty times the same mailed code."""
    ledger = Ledger()
    house.start("web", "worker")
    learner = Learner(house, 0, ledger)
    strange = []
    for step in journey("Det samme."):
        answers = set(parallel(size, lambda _number, step=step: learner.once(step)))
        strange += [f"{step.fact}: {answers}"] if answers != {"yes"} else []
    signing = _sign_up_at_once(house, size)
    house.drain(lambda: not house.mails("waiting", "sending"), 60)
    found = count(ledger, house)
    truth = house.truth()
    for fact in ("person", "verified"):
        if truth["facts"][fact].get(NEWCOMER) != 1:
            found.lost.append(f"{NEWCOMER}: {fact} {truth['facts'][fact].get(NEWCOMER)} times")
    found.lost += strange
    return found, signing


def _sign_up_at_once(house: House, size: int) -> str:
    form = {"name": "Ny Her", "email": NEWCOMER, "sector": "kindergarten"}
    answers = parallel(size, lambda _number: _post(house, "/konto/signup/", form, ""))
    cookies = [cookie for status, cookie in answers if status == 302]
    statuses = Counter(status for status, _cookie in answers)
    words = f"sign-up answered {dict(statuses)}"
    house.drain(lambda: house.sink.mail_to(NEWCOMER), 40)
    code, path = _code(house), "/konto/confirm-email/"
    if not code:
        # One post made the account, and another took the one mail in ten seconds to say that there is one. It leads on.
        words += ", and the mail said that there is an account"
        cookies = [_post(house, "/konto/login/code/", {"email": NEWCOMER}, "")[1]]
        house.drain(lambda: _code(house), 40)
        code, path = _code(house), "/konto/login/code/confirm/"
    answers = [
        answer
        for cookie in cookies
        for answer in parallel(size, lambda _number, cookie=cookie: _post(house, path, {"code": code}, cookie))
    ]
    return f"{words}; the code was answered {dict(Counter(status for status, _cookie in answers))}"


def _code(house: House) -> str:
    found = re.search(r"(?m)^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", house.sink.mail_to(NEWCOMER))
    return found[1] if found else ""


def _post(house: House, path: str, data: dict, session: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    cookies = f"csrf={TOKEN}" + (f"; session={session}" if session else "")
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode(data), headers)
    response = connection.getresponse()
    response.read()
    given = re.search(r"session=(\w+)", str(response.headers.get_all("Set-Cookie") or ""))
    connection.close()
    return response.status, given[1] if given else ""
