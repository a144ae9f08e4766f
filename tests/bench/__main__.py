"""`python -m tests.bench [--quick]`: measures pages and writes docs/performance.md (`--quick`: a few, to the screen)."""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.accounting import listener
from tests.bench.browser import cold_pages
from tests.bench.measuring import SETTINGS, Measured, Plan, measured, seeded
from tests.bench.numbers import numbers_measured, numbers_section, postmaster
from tests.bench.published import section
from tests.bench.report import report, written
from tests.live.postgres import postgres
from tests.live.product import environment, manage, new_folder
from tests.live.valkey import valkey

SIZES = (1_000, 30_000, 300_000)
FULL = Plan(requests={1: 60, 8: 96, 32: 192}, rounds=3, certificates=40)
QUICK = Plan(requests={1: 60, 32: 128}, rounds=2, certificates=20)
CERTIFICATES = 500  # at the largest size, on PostgreSQL


def main(quick: bool) -> int:
    """Measures and returns the exit code."""
    folder = Path(tempfile.mkdtemp(prefix="refleks-bench-"))
    try:
        numbers = ""
        results = _run("SQLite", folder / "sqlite", SIZES[:1] if quick else SIZES, QUICK if quick else FULL)
        if not quick:
            # As in production, with Valkey beside it; what both of them use counts.
            with postgres() as url, valkey() as cache:
                env = {"DATABASE_URL": url, "VALKEY_URL": cache, "STORES": f"{postmaster(url)} {listener(cache)}"}
                results += _run("PostgreSQL", folder / "postgres", SIZES, FULL, **env)
                stores = [int(pid) for pid in env.pop("STORES").split()]
                numbers = numbers_section(numbers_measured(folder / "postgres", stores, env))
        pages = cold_pages(folder / "sqlite", results[0].facts)
        text = report(results, pages) + numbers + ("" if quick else section())
        print(text)
        if not quick:
            written(text)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _run(name: str, folder: Path, sizes: tuple[int, ...], plan: Plan, **env: str) -> list[Measured]:
    own = {key: value for key, value in env.items() if key != "STORES"}
    product_env = environment(new_folder(folder), **own)
    manage(product_env, "prepare_demo")
    results = []
    for size in sizes:
        started = time.monotonic()
        certificates = CERTIFICATES if size == SIZES[-1] and own else plan.certificates
        facts = seeded(product_env | SETTINGS, size, certificates)
        print(f"{name}, {size} learners: seeded in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        results.append(measured(folder, name, facts, size, plan, **env))
        print(f"  measured after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return results


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="1,000 learners on SQLite only, under three minutes")
    sys.exit(main(parser.parse_args().quick))
