"""One database, one size: the product started as `lms.start` starts it, asked by turns with the bare views."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.bench.accounting import cpu_seconds, megabytes, web_processes, with_children
from tests.bench.load import ask, location
from tests.bench.scenarios import Scenarios
from tests.live.product import BASE, Product, product

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "TRUSTED_PROXIES": "1"}
WARM_UP, WARM_CONNECTIONS = 32, 16  # so many that each process is asked


@dataclass
class Cost:
    """What requests of one kind came to; seconds and CPU seconds are summed, latencies kept one by one."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0
    web: float = 0
    database: float = 0

    @property
    def count(self) -> int:
        return len(self.latencies)

    @property
    def cpu_ms(self) -> float:
        """CPU per request, database included, in milliseconds."""
        return 1000 * (self.web + self.database) / self.count

    @property
    def database_ms(self) -> float:
        return 1000 * self.database / self.count

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def p50_ms(self) -> float:
        return 1000 * median(self.latencies)

    @property
    def p95_ms(self) -> float:
        return 1000 * quantiles(self.latencies, n=20)[-1]


@dataclass
class Measured:
    """Everything that was measured with one database at one size."""

    database: str
    learners: int
    facts: dict[str, Any]
    costs: dict[int, dict[str, Cost]] = field(default_factory=dict)
    claims: Cost | None = None
    sign_ins: Cost | None = None
    memory: tuple[float, float] = (0, 0)


@dataclass(frozen=True)
class Plan:
    """How much is asked: requests of each kind in a round, by number of connections."""

    requests: dict[int, int]
    rounds: int
    certificates: int


class Meter:
    """Adds up what a stretch of requests costs the web processes and those of the database."""

    def __init__(self, running: Product, stores: list[int]):
        self.port, self.stores = running.port, stores

    def _books(self) -> tuple[float, float]:
        stores = sum(cpu_seconds(with_children(store)) for store in self.stores)
        return cpu_seconds(web_processes(self.port)), stores

    def measure(self, cost: Cost, streams: list, total: int, see=None) -> None:
        """Asks, and adds to `cost`."""
        web, database = self._books()
        started = time.perf_counter()
        cost.latencies += ask(self.port, streams, total, see)
        cost.seconds += time.perf_counter() - started
        web_after, database_after = self._books()
        cost.web += web_after - web
        cost.database += database_after - database


def seeded(env: dict[str, str], learners: int, finished: int) -> dict[str, Any]:
    """Fills the database of `env` and gives the facts."""
    command = [sys.executable, "-m", "tests.bench.seeding", str(learners), str(finished)]
    done = subprocess.run(command, cwd=BASE, env=env | SETTINGS, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"seeding failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measured(folder: Path, name: str, facts: dict[str, Any], learners: int, plan: Plan, **env: str) -> Measured:
    """Starts the product and measures everything once; `env` names the database when it is not SQLite."""
    stores = [int(pid) for pid in env.pop("STORES", "").split()]
    result = Measured(name, learners, facts)
    with product(folder, **SETTINGS, **env) as running, _stepping_back():
        meter, codes = Meter(running, stores), []
        scenarios = Scenarios(facts, codes)
        result.claims = _claims(meter, scenarios, codes)
        for connections, total in plan.requests.items():
            result.costs[connections] = {kind: Cost() for kind in scenarios.all()}
            for turn in range(plan.rounds + 1):
                for kind, stream in scenarios.all().items():
                    if turn:
                        streams = [stream(number) for number in range(connections)]
                        meter.measure(result.costs[connections][kind], streams, total)
                    else:
                        # Warms up: content is rendered in each process, connections are opened.
                        streams = [stream(number) for number in range(max(WARM_CONNECTIONS, connections))]
                        meter.measure(Cost(), streams, max(WARM_UP, connections))
        result.sign_ins = Cost()
        meter.measure(result.sign_ins, [iter([request]) for request in scenarios.sign_ins()], len(facts["burst"]))
        result.memory = megabytes(web_processes(running.port))
    return result


@contextmanager
def _stepping_back() -> Iterator[None]:
    """Who asks takes less than who answers."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.nice(5)
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, before)


def _claims(meter: Meter, scenarios: Scenarios, codes: list[str]) -> Cost:
    cost, requests = Cost(), scenarios.claims()
    streams = [iter(requests[number::8]) for number in range(8)]
    meter.measure(cost, streams, len(requests), lambda head: codes.append(location(head).strip("/").split("/")[-1]))
    return cost
