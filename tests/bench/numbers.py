"""`/rapporter/` with 300,000 learners and twelve million finished lessons on PostgreSQL (L9, L10).

`python -m tests.bench.numbers` measures only this and shows it.
"""

import http.client
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.bench.accounting import megabytes, web_processes
from tests.bench.measuring import SETTINGS, Cost, Meter, seeded
from tests.bench.scenarios import Request
from tests.live.postgres import postgres
from tests.live.product import BASE, environment, manage, new_folder, product

LEARNERS, ASKED, CONNECTIONS = 300_000, 20, 1
MOST_MS = 300


@dataclass
class Numbers:
    """What was measured: the cost of each view, and of the file of all who are enrolled."""

    facts: dict[str, Any]
    costs: dict[str, Cost] = field(default_factory=dict)
    first_byte: float = 0
    whole_file: float = 0
    megabytes: float = 0
    rows: int = 0
    grown: float = 0


def numbers_measured(folder: Path, stores: list[int], env: dict[str, str], *, spread: bool = True) -> Numbers:
    """Spreads the learners of a seeded database over two years, starts the product and asks it."""
    result = Numbers(_spread(environment(folder, **env) | SETTINGS, spread))
    # Nothing is renewed meanwhile: what that costs is said apart.
    with product(folder, **SETTINGS, **env) as running:
        meter = Meter(running, stores)
        for name, query in result.facts["views"].items():
            request = Request(f"/rapporter/{query}", session=result.facts["session"])
            for cost in (Cost(), result.costs.setdefault(name, Cost())):
                meter.measure(cost, [_again(request) for _connection in range(CONNECTIONS)], ASKED)
        _fetch(result, running.port)
    return result


def numbers_section(result: Numbers) -> str:
    """The table as Markdown."""
    rows = result.facts["rows"]
    lines = [
        f"\n### Numbers: {rows['learners']:,} learners, {rows['lessons']:,} finished lessons, PostgreSQL\n",
        f"| `/rapporter/`, {CONNECTIONS} connection | p50 ms | p95 ms | CPU ms | of it database | queries |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, cost in result.costs.items():
        queries = result.facts["queries"][name]
        told = f"{cost.p50_ms:.0f} | {cost.p95_ms:.0f} | {cost.cpu_ms:.0f} | {cost.database_ms:.0f} | {queries}"
        lines.append(f"| {name} | {told} |")
    met = sum(cost.p50_ms <= MOST_MS for cost in result.costs.values())
    seconds = result.facts["seconds"]
    lines.append(
        f"\nWithin {MOST_MS} ms: {met} of {len(result.costs)} views. Tables of more than a million rows read from end to "
        f"end: {result.facts['scans']} times. Kept rows of enrolments are renewed in {seconds['enrolments']} s, those of "
        f"lessons in {seconds['lessons']} s.\n\nCSV of {result.rows:,} rows: first byte after {result.first_byte:.1f} s, "
        f"{result.megabytes:.0f} MB after {result.whole_file:.0f} s; the largest web process grew by "
        f"{result.grown:.0f} MB.\n"
    )
    return "\n".join(lines)


def _spread(env: dict[str, str], spread: bool) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.spreading", *([] if spread else ["--renew"])]
    done = subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"spreading failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _again(request: Request) -> Iterator[Request]:
    while True:
        yield request


def _fetch(result: Numbers, port: int) -> None:
    """The largest list there is, as a file, read as it comes."""
    before, _shared = megabytes(web_processes(port))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    cookie = {"Cookie": f"session={result.facts['session']}"}
    started = time.perf_counter()
    connection.request("GET", "/rapporter/rader/status/enrolled/rader.csv", headers=cookie)
    answer = connection.getresponse()
    size = len(answer.read(1))
    result.first_byte = time.perf_counter() - started
    while piece := answer.read(65_536):
        size += len(piece)
        result.rows += piece.count(b"\r\n")
    connection.close()
    result.whole_file, result.megabytes = time.perf_counter() - started, size / 1e6
    result.grown = megabytes(web_processes(port))[0] - before


def main() -> int:
    """Measures this alone and shows it."""
    folder = Path(tempfile.mkdtemp(prefix="refleks-bench-"))
    try:
        with postgres() as url:
            env = environment(new_folder(folder / "postgres"), DATABASE_URL=url)
            manage(env, "prepare_demo")
            seeded(env, LEARNERS, 1)
            print(numbers_section(numbers_measured(folder / "postgres", [postmaster(url)], {"DATABASE_URL": url})))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def postmaster(url: str) -> int:
    """The first process of PostgreSQL, as its folder says."""
    folder = Path(unquote(urlsplit(url).netloc.split("@")[1]))
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


if __name__ == "__main__":
    sys.exit(main())
