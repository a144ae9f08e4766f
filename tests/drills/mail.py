"""Drills on mail: the web dies before anybody is told, and the mail server behaves badly in every way."""

import time

from tests.drills.house import House
from tests.drills.learners import Learner, claiming, many
from tests.drills.ledger import Count, Ledger, count

MOODS = ("closed", "421", "450", "550", "hang", "drop")
DYING_WEB = (
    "-m gunicorn tests.drills.faulty:application --worker-class gthread --workers 2 --threads 2 --log-level critical"
)


def d8_web_killed(house: House, size: int) -> tuple[Count, str]:
    """The web process is killed between COMMIT and the hint to the broker, once for every certificate."""
    import sys  # noqa: PLC0415

    ledger = Ledger()
    house.start("web", instead=f"{sys.executable} {DYING_WEB} --preload --bind 127.0.0.1:{house.port}")
    learners = [Learner(house, len(house.people) - size + number, ledger) for number in range(size)]
    # The first answer is lost with the process, the second finds what was issued.
    went_well = many(size, 2, lambda number: learners[number].until_done([claiming()]))
    house.kill("web")
    house.start("web", "worker", "beat")
    seconds = house.drain(lambda: house.mails("sent") == size, 100)
    found = count(ledger, house)
    if not went_well or len(house.sink.times()) != size or ledger.answers["no answer"] < size:
        found.lost.append(f"{len(house.sink.times())} mails of {size}, {dict(ledger.answers)}")
    return found, f"{ledger.answers['no answer']} kills; all mails out {seconds:.0f} s after the restart"


def d9_mail_server(house: House, size: int) -> tuple[Count, str]:
    """The mail server is closed, says 421, 450 or 550, hangs, or hangs up after taking the mail."""
    ledger = Ledger()
    house.start("web", "worker")
    first = len(house.people) - size
    learners = [Learner(house, first + number, ledger) for number in range(size)]
    share = size // len(MOODS)
    refused = {learner.email for learner in learners[MOODS.index("550") * share :][:share]}
    for number, mood in enumerate(MOODS):
        house.sink.mood = mood
        for learner in learners[number * share : (number + 1) * share]:
            learner.until_done([claiming()])
        for _knock in range(3):
            house.knock()
            time.sleep(1)
        if mood == "550":
            house.drain(lambda: house.mails("failed") == share, 60)
        if mood == "drop":
            time.sleep(3)
    house.sink.mood = "ok"
    expected = share * len(MOODS) - share
    seconds = house.drain(lambda: house.mails("sent") == expected, 120)
    found = count(ledger, house)
    given_up = {to: error for _key, to, state, error in house.truth()["mails"] if state == "failed"}
    if given_up != dict.fromkeys(refused, "SMTPRecipientsRefused 550"):
        found.lost.append(f"given up: {given_up}")
    if found.doubled_mails > share:
        found.twice.append(f"{found.doubled_mails} mails doubled")
    if ledger.p95() > 10:
        found.lost.append("a request waited for the mail server")
    words = f"{len(given_up)} refused for good and shown; slowest requests (p95) {ledger.p95() * 1000:.0f} ms; "
    return found, words + f"rest out {seconds:.0f} s after recovery"
