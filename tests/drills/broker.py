"""Drills on the broker: it stops, loses everything, hangs, or takes the cache with it."""

import http.client
import shutil
import signal
import threading
import time

from tests.drills.house import EMBEDDED, House
from tests.drills.learners import Learner, claiming, enrolling, journey, many
from tests.drills.ledger import Count, Ledger, count

AWAY_SECONDS = 30
HANDS = 6


def d4_broker_away(house: House, size: int) -> tuple[Count, str]:
    """Valkey is killed for 30 seconds while learners take the whole course, then frozen while somebody gets a certificate."""
    ledger = Ledger()
    house.start("web", "worker", "beat")
    learners = [Learner(house, number, ledger) for number in range(size)]
    warm = [many(size, HANDS, lambda number: learners[number].until_done([enrolling()])) for _round in range(2)]
    before = ledger.p95(size)
    taken = len(ledger.seconds)
    house.valkey.end(signal.SIGKILL)
    away = threading.Timer(AWAY_SECONDS, house.valkey.start)
    away.start()
    went_well = many(size, HANDS, lambda number: learners[number].until_done(journey(f"Notat {number}")))
    during = ledger.p95(taken)
    away.join()
    house.valkey.process.send_signal(signal.SIGSTOP)
    frozen_at = time.monotonic()
    finished = Learner(house, len(house.people) - 1, ledger)
    frozen = time.monotonic() - frozen_at if finished.until_done([claiming()], 30) else 99.0
    house.valkey.process.send_signal(signal.SIGCONT)
    seconds = house.drain(lambda: house.mails("sent") == size + 1, 100)
    found = count(ledger, house)
    if not (went_well and all(warm)):
        found.lost.append("somebody did not get through")
    errors = sum(times for answer, times in ledger.answers.items() if answer not in {"200", "302"})
    if errors:
        found.lost.append(f"{errors} answers were errors: {dict(ledger.answers)}")
    if during > max(0.5, 3 * before) or frozen > 3:
        found.lost.append("answers waited for the broker")
    words = f"p95 {before * 1000:.0f} ms before, {during * 1000:.0f} ms while away ({HANDS} at a time); "
    return found, words + f"frozen broker: {frozen * 1000:.0f} ms; backlog gone {seconds:.0f} s after"


def d5_broker_emptied(house: House, size: int) -> tuple[Count, str]:
    """All the broker holds is deleted while mails wait in it."""
    ledger = Ledger()
    house.start("web")
    finished = len(house.people) - size
    learners = [Learner(house, finished + number, ledger) for number in range(size)]
    went_well = many(size, HANDS, lambda number: learners[number].until_done(journey("")[-1:]))
    if house.setup == EMBEDDED:
        house.start("worker")
        time.sleep(3)
        shutil.rmtree(house.folder / "queue")
        shutil.rmtree(house.folder / "queue-control")
    else:
        house.valkey.flush()
        house.valkey.end(signal.SIGKILL)
        house.valkey.start()
    house.end("web")
    for name in [name for name in house.parts if name != "all"]:
        house.end(name)
    house.start_all()
    seconds = house.drain(lambda: house.mails("sent") == size, 100, waits=False)
    found = count(ledger, house)
    if not went_well:
        found.lost.append("somebody did not get through")
    return found, f"all sent {seconds:.0f} s after the new start"


def d24_cache_gone(house: House, size: int) -> tuple[Count, str]:
    """The cache is flushed, then killed for good: sessions and drafts stay, limits on sign-in do not open."""
    ledger = Ledger()
    house.start("web")
    learners = [Learner(house, number, ledger) for number in range(size)]
    went_well = many(size, HANDS, lambda number: learners[number].until_done(journey(f"Notat {number}")[:4]))
    house.valkey.flush()
    went_well &= many(size, HANDS, lambda number: learners[number].until_done(journey(f"Notat {number}")[4:8]))
    house.valkey.end(signal.SIGKILL)
    went_well &= many(size, HANDS, lambda number: learners[number].until_done(journey(f"Notat {number}")[8:]))
    tries = [_wrong_password(house) for _try in range(30)]
    found = count(ledger, house)
    if not went_well:
        found.lost.append(f"somebody did not get through: {dict(ledger.answers)}")
    if tries[-1] not in {429, 503} or 500 in tries:
        found.lost.append(f"30 wrong passwords were answered {sorted(set(tries))}")
    return found, f"30 wrong passwords with the cache dead: the last answered {tries[-1]}"


def _wrong_password(house: House) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
    headers = {
        "Cookie": f"csrf={'a' * 32}",
        "X-CSRFToken": "a" * 32,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/konto/login/", "login=deltaker-0%40example.org&password=feil", headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    # A form that is shown again with a sentence about too many tries counts as closed.
    return 429 if "mange" in body and response.status == 200 else response.status
