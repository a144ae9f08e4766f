"""The attacker of published numbers over families of every size, also the finest table there could be (P14, P17, L11)."""

import sys
import time
from dataclasses import dataclass

from lms.openfigures.protection import ALL, Label, Pair, Published, Rule, protected
from tests.openfigures.attacker import Attacker
from tests.openfigures.families import family, labels

STEP = 5
KEY = b"the secret of the bench, and of nobody else"
# Name, places, sectors, people, months, how alike the places are. The last is finer than anything that the product
# publishes; the last but one has half of its cells empty or tiny.
FAMILIES = [
    ("county x sector", 16, 12, 100, 3, 3),
    ("county x sector", 16, 12, 4_808, 3, 3),
    ("county x sector", 16, 12, 30_000, 3, 3),
    ("county x sector, uneven", 16, 12, 4_808, 3, 0.9),
    ("municipality x sector", 357, 8, 30_000, 1, 3),
]


@dataclass(frozen=True)
class Audit:
    """What the attacker was given, and what came of it. Seconds are wall time."""

    table: str
    people: int
    releases: int
    told: float
    hidden: int
    programs: int
    narrowed: int
    building: float
    seconds: float


def audits() -> list[Audit]:
    """One audit of each family."""
    done = []
    for name, places, sectors, people, months, likeness in FAMILIES:
        every = labels(places, sectors)
        exact = list(family(people, months, people, every, likeness))
        done.append(_audit(f"{name}, {places} x {sectors}", exact, people))
        print(f"published numbers: {done[-1]}", file=sys.stderr, flush=True)
    return done


def _audit(table: str, exact: list[dict[Label, Pair]], people: int) -> Audit:
    rule, started = Rule(KEY, STEP), time.perf_counter()
    releases = [protected(cells, {}, rule) for cells in exact]
    built = time.perf_counter()
    attacker = Attacker(releases, STEP, starts=STEP)
    hidden = attacker.hidden()
    narrowed = attacker.narrowed(hidden, STEP)
    return Audit(
        table,
        people,
        len(releases),
        _told(exact[-1], releases[-1]),
        len(hidden),
        attacker.programs,
        len(narrowed),
        built - started,
        time.perf_counter() - built,
    )


def _told(exact: dict[Label, Pair], shown: Published) -> float:
    """The share of the cells with somebody in them that are told, at the last release."""
    there = [label for label, counts in exact.items() if ALL not in label and counts[0]]
    return sum(shown[label][0] > 0 for label in there) / len(there)


def section() -> str:
    """The section as Markdown."""
    head = ["table", "people", "releases", "cells told", "hidden counts", "programs solved", f"narrower than {STEP}"]
    head += ["building s", "attack s"]
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)]
    for audit in audits():
        told = f"{100 * audit.told:.0f} %"
        lines.append(
            [audit.table, f"{audit.people:,}", str(audit.releases), told, f"{audit.hidden:,}", str(audit.programs)]
            + [str(audit.narrowed), f"{audit.building:.1f}", f"{audit.seconds:.0f}"]
        )
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"\n### Published numbers: LP audit\n\n{table}"


if __name__ == "__main__":
    print(section())
