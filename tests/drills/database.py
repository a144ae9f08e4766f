"""Drill on the database: PostgreSQL stops at once, again and again, under load."""

import random
import signal
import threading
import time

from tests.drills.house import House
from tests.drills.learners import Learner, journey, many
from tests.drills.ledger import Count, Ledger, count

HANDS = 4


def d11_postgres_stops(house: House, size: int) -> tuple[Count, str]:
    """PostgreSQL is stopped in the middle of everything, ten times, about a second each."""
    ledger, stops = Ledger(), 0
    house.start_all()
    learners = [Learner(house, number, ledger) for number in range(size)]
    result: list[bool] = []
    act = lambda number: learners[number].until_done(journey(f"Notat {number}"), 150)  # noqa: E731
    load = threading.Thread(target=lambda: result.append(many(size, HANDS, act)))
    load.start()
    while load.is_alive() and stops < 10:
        time.sleep(random.uniform(0.6, 1.5))
        house.postgres.end(signal.SIGQUIT)
        stops += 1
        time.sleep(random.uniform(0.5, 1.2))
        house.postgres.start()
    load.join(200)
    seconds = house.drain(lambda: house.mails("sent") == size, 150)
    found = count(ledger, house)
    if result != [True]:
        found.lost.append(f"somebody did not get through: {dict(ledger.answers)}")
    odd = {answer: times for answer, times in ledger.answers.items() if answer not in {"200", "302", "503"}}
    if odd:
        found.lost.append(f"answers other than a calm 503: {odd}")
    words = f"{stops} stops, {ledger.answers['503']} answers 503 with Retry-After, p95 {ledger.p95() * 1000:.0f} ms; "
    return found, words + f"mails out {seconds:.0f} s after"
