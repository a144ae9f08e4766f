"""What was promised to whom, and whether it is so."""

import hashlib
import threading
from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

from tests.drills.house import House

SENT = "sent"


@dataclass(frozen=True)
class Entry:
    """One operation of one person. `fact` is where its effect shows; `digest` is of what was posted."""

    uuid: str
    person: str
    fact: str
    digest: str


@dataclass
class Ledger:
    """Every operation that was begun, and those that were acknowledged, with the seconds the answer took."""

    begun: list[Entry] = field(default_factory=list)
    acknowledged: list[Entry] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, person: str, fact: str, payload: str) -> Entry:
        entry = Entry(str(uuid4()), person, fact, hashlib.sha256(payload.encode()).hexdigest())
        with self.lock:
            self.begun.append(entry)
        return entry

    def acknowledge(self, entry: Entry) -> None:
        with self.lock:
            self.acknowledged.append(entry)

    def note(self, answer: str, seconds: float) -> None:
        with self.lock:
            self.answers[answer] += 1
            self.seconds.append(seconds)

    def p95(self, since: int = 0) -> float:
        """The 95th percentile of the answers from the one numbered `since`, in seconds."""
        sample = sorted(self.seconds[since:])
        return sample[int(len(sample) * 0.95)] if sample else 0.0


@dataclass
class Count:
    """What a drill found."""

    operations: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    # Mails that a person has twice with the same Message-ID, because their sender died between the mail and its note.
    doubled_mails: int = 0


def count(ledger: Ledger, house: House) -> Count:
    """Compares ledger, database and mail server."""
    truth = house.truth()
    found = Count(len(ledger.begun), len(ledger.acknowledged))
    for entry in ledger.acknowledged:
        if entry.fact == "note":
            if not _note_is_there(ledger, entry, truth["notes"].get(entry.person)):
                found.lost.append(f"note of {entry.person}")
        elif not _stored(truth["facts"], entry):
            found.lost.append(f"{entry.fact} of {entry.person}")
    for kind, rows in truth["facts"].items():
        found.twice += [f"{kind} {key}: {times}" for key, times in rows.items() if times > 1]
    _count_certificates(truth, found)
    _count_mails(truth, house, found)
    return found


def _stored(facts: dict, entry: Entry) -> int:
    kind, _colon, rest = entry.fact.partition(":")
    return facts[kind].get(f"{entry.person}:{rest}" if rest else entry.person, 0)


def _note_is_there(ledger: Ledger, entry: Entry, stored: str | None) -> bool:
    """The last note acknowledged is stored, or one begun after it."""
    notes = [other for other in ledger.begun if other.person == entry.person and other.fact == "note"]
    return stored in {other.digest for other in notes[notes.index(entry) :]}


def _count_certificates(truth: dict, found: Count) -> None:
    for person, times in truth["facts"]["claim"].items():
        files = truth["facts"]["file"].get(person, 0)
        mails = [mail for mail in truth["mails"] if ":certificate:" in mail[0] and mail[1] == person]
        if (files, len(mails)) != (times, times):
            found.lost.append(f"{person}: {times} certificates, {files} files, {len(mails)} mails")


def _count_mails(truth: dict, house: House, found: Count) -> None:
    arrived = house.sink.times()
    per_person = Counter(recipient for _message, recipient in arrived)
    for _key, to, state, _error in truth["mails"]:
        if state == SENT and not per_person[to]:
            found.lost.append(f"mail to {to} is noted as sent and never arrived")
    written = Counter(to for _key, to, _state, _error in truth["mails"])
    found.twice += [
        f"{n} different mails to {to}, {written[to]} written" for to, n in per_person.items() if n > written[to]
    ]
    found.doubled_mails = sum(times - 1 for times in arrived.values())
