"""Drills on background work: who does it dies, meets poison, or is told three times."""

import json
import random
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import redis

from tests.drills.house import House
from tests.drills.ledger import Count, Ledger, count

FAULTY = "{python} -m tests.drills.faulty worker --loglevel=warning --without-mingle --without-gossip"
GRACE = timedelta(days=30)
ISSUE = "certificates.tasks.issue_waiting_certificate"


def _waiting(house: House, number: int) -> list[int]:
    """Lets the days of grace pass for so many finished learners; gives their attempts."""
    rows = house.sql("SELECT id FROM modules_attempt WHERE completed_at IS NOT NULL ORDER BY id")
    pks = [row[0] for row in rows[:number]]
    for pk in pks:
        house.sql("UPDATE modules_attempt SET completed_at = ? WHERE id = ?", datetime.now(UTC) - GRACE, pk)
    return pks


def _certificates(house: House) -> int:
    return house.sql("SELECT count(*) FROM certificates_certificate")[0][0]


def _write_job(house: House, task: str, ids: str = "[]") -> None:
    now = datetime.now(UTC)
    house.sql(
        "INSERT INTO outbox_job (key, task, payload, state, tries, error, created_at, due_at)"
        " VALUES (?, ?, ?, 'waiting', 0, '', ?, ?)",
        f"{task}:{ids}", task, ids, now, now,
    )  # fmt: skip


def _found(house: House, expected: int, certificates: int | None = None) -> Count:
    """The count of a drill in which the product itself does the operations: `expected` effects."""
    found = count(Ledger(), house)
    found.operations = found.acknowledged = expected
    if certificates is not None and (there := _certificates(house)) != certificates:
        found.lost.append(f"{there} certificates of {certificates}")
    return found


def d1_issuer_killed(house: House, size: int) -> tuple[Count, str]:
    """The process that issues is killed once for every certificate, at one of six points; now and then the whole worker."""
    attempts = _waiting(house, size)
    (house.folder / "killed").mkdir()
    house.env["DRILL_DIE"] = "1"
    faulty = FAULTY.format(python=_python())
    house.start("worker", instead=faulty)
    try:
        by_parent = max(size // 25, 1)

        def done() -> bool:
            killed = len(list((house.folder / "killed").iterdir()))
            nonlocal by_parent
            if by_parent and killed > size // 2 and random.random() < 0.4:
                by_parent -= 1
                house.kill("worker")
                house.start("worker", instead=faulty)
            return _certificates(house) == size and not house.mails("waiting", "sending")

        seconds = house.drain(done, 60 + 3 * size, claims=8)
    finally:
        del house.env["DRILL_DIE"]
    killed = len(list((house.folder / "killed").iterdir()))
    found = _found(house, size, size)
    if killed != len(attempts):
        found.lost.append(f"only {killed} of {len(attempts)} were killed: the drill did not do its work")
    return found, f"{killed} kills at 6 points and {max(size // 25, 1)} of the whole worker; drained in {seconds:.0f} s"


def d2_worker_killed(house: House, size: int) -> tuple[Count, str]:
    """The worker and all its children are killed three times while mails wait."""
    house.ask(f"queue({size})")
    house.sink.slowness = 0.03
    kills = 3
    for _kill in range(kills):
        house.start("worker")
        before = len(house.sink.accepted)
        with suppress(TimeoutError):
            house.drain(lambda before=before: len(house.sink.accepted) > before + size // 6, 40, waits=False)
        house.kill("worker")
    house.start("worker")
    seconds = house.drain(lambda: house.mails("sent") == size, 150, waits=False)
    found = _found(house, size)
    found.lost += [f"{size - len(house.sink.times())} mails"] if len(house.sink.times()) != size else []
    if found.doubled_mails > kills * 2:
        found.twice.append(f"{found.doubled_mails} mails doubled by {kills} kills of 2 hands")
    return found, f"{kills} kills; all sent {seconds:.0f} s after the last"


def d3_poison(house: House, size: int) -> tuple[Count, str]:
    """A job that hangs, one that takes all memory, one that crashes: given up after three tries, mail goes on meanwhile."""
    bad = ["drills.hang", "drills.memory", "drills.crash"]
    house.start("worker", instead=FAULTY.format(python=_python()))
    for task in bad:
        _write_job(house, task)
    slowest, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            oldest = house.sql("SELECT min(created_at) FROM outbox_outgoingmail WHERE state = 'waiting'")[0][0]
            if oldest:
                then = oldest if isinstance(oldest, datetime) else datetime.fromisoformat(oldest).replace(tzinfo=UTC)
                slowest[0] = max(slowest[0], (datetime.now(UTC) - then).total_seconds())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()

    def done() -> bool:
        given_up = house.sql("SELECT count(*) FROM outbox_job WHERE state = 'failed' AND tries = 3")[0][0]
        return given_up == len(bad) and house.mails("sent") == size

    house.ask(f"queue({size})")
    try:
        # The lease of a bad job is its six seconds and thirty to spare; the thirty are skipped.
        seconds = house.drain(done, 180, claims=9)
    finally:
        stop.set()
        watcher.join()
    found = _found(house, size + len(bad))
    if slowest[0] > 30:
        found.lost.append(f"a mail waited {slowest[0]:.0f} s")
    return found, f"3 of 3 given up after 3 tries in {seconds:.0f} s; longest wait of a mail {slowest[0]:.0f} s"


def d6_three_times_reversed(house: House, size: int) -> tuple[Count, str]:
    """Each message is delivered three times and in reverse order."""
    attempts = _waiting(house, size)
    for pk in attempts:
        _write_job(house, ISSUE, f"[{pk}]")
    for (pk,) in house.sql("SELECT id FROM outbox_job"):
        house.send("lms.outbox.tasks.run_job", pk)
        house.send("lms.outbox.tasks.send_waiting_mail")
    broker = redis.Redis.from_url(house.valkey.url)
    messages = broker.lrange("celery", 0, -1)
    broker.delete("celery")
    for message in messages * 3:
        broker.rpush("celery", message)
    house.start("worker")
    done = lambda: _certificates(house) == size and not house.mails("waiting", "sending") and not broker.llen("celery")  # noqa: E731
    seconds = house.drain(done, 120)
    return _found(house, size, size), f"{len(messages)} messages, each three times; done in {seconds:.0f} s"


def d25_two_schedulers(house: House, size: int) -> tuple[Count, str]:
    """Two schedulers and two workers at the same time."""
    _waiting(house, size)
    house.start("worker", "worker-2", "beat", "beat-2")
    started = time.monotonic()
    while time.monotonic() - started < 100:
        if _certificates(house) == size and house.mails("sent") == size:
            break
        time.sleep(1)
    seconds = time.monotonic() - started
    time.sleep(22)  # both schedulers come round once more
    found = _found(house, size, size)
    written = dict(house.sql("SELECT task, count(*) FROM outbox_job GROUP BY task"))
    times = {task: written.get(task, 0) for task in json.loads(house.ask("regular()").splitlines()[-1])}
    # Two when an hour began meanwhile.
    found.twice += [f"{task} ran {number} times" for task, number in times.items() if number > 2]
    found.lost += [f"{task} never ran" for task, number in times.items() if not number]
    return found, f"done in {seconds:.0f} s; {len(times)} kinds of regular work written {sum(times.values())} times"


def _python() -> str:
    import sys  # noqa: PLC0415

    return sys.executable
