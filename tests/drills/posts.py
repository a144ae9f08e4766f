"""Drill on people: fifty identical posts at the same moment, as from a double click, a refresh and a bad network."""

import http.client
import re
import time
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
    if truth["facts"]["person"].get(NEWCOMER) != 1:
        found.lost.append(f"{NEWCOMER}: {truth['facts']['person'].get(NEWCOMER)} people")
    found.lost += strange
    return found, signing


def _sign_up_at_once(house: House, size: int) -> str:
    form = {"name": "Ny Her", "email": NEWCOMER, "sector": "kindergarten"}
    answers = parallel(size, lambda _number: _post(house, "/konto/signup/", form, ""))
    pages = [(status, cookie) for status, cookie in answers if status == 302]
    house.drain(lambda: house.sink.mail_to(NEWCOMER), 40)
    tried = [_confirm_at_once(house, cookie, size) for _status, cookie in pages]
    statuses = sorted({status for status, _cookie in answers})
    return f"sign-up answered {statuses}, {len(pages)} went on; codes: {max(tried, default=0)} of {size} led on"


def _confirm_at_once(house: House, cookie: str, size: int) -> int:
    body = house.sink.mail_to(NEWCOMER)
    code = re.search(r"(?m)^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", body)
    if not (code and cookie):
        return 0
    time.sleep(0.2)
    answers = parallel(size, lambda _number: _post(house, "/konto/confirm-email/", {"code": code[1]}, cookie))
    return sum(status == 302 for status, _cookie in answers)


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
