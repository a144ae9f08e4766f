"""`python -m tests.run [lint|unit|postgres|services|browser]…`: what guards the code, stage by stage.

Without a name all stages run. Each prints one line; a table at the end says what ran, and what did not and why.
With CI=true nothing may be missing: a skipped test, an expected failure or a stage that could not run is a failure.
The logs are in var/test/. The last line counts; the exit code is 1 when anything failed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.browser.chromium import chromium_installed
from tests.lint import Step, lint_steps
from tests.live.postgres import postgres

BASE = Path(__file__).resolve().parent.parent
LOGS = Path(os.environ.get("VAR") or BASE / "var") / "test"
APART = ["--ignore=tests/browser", "--ignore=tests/services"]
# As many at a time as there are cores; each has a database and a folder of its own.
SIDE_BY_SIDE = ["-n", str(os.cpu_count() or 1)]
PYTEST_SECONDS = 20 * 60
LAST_WORDS = 6000


@dataclass
class Outcome:
    """What a stage, or a step of one, came to. `missing` says what could not be run, and why."""

    name: str
    passed: int = 0
    failed: int = 0
    missing: list[str] = field(default_factory=list)
    seconds: float = 0
    words: str = ""

    def failures(self, strict: bool) -> int:
        """How many count as failed; with `strict` what is missing counts too."""
        return self.failed + (len(self.missing) if strict else 0)


def main(names: list[str], strict: bool) -> int:
    """Runs the stages named (all when none is) and returns the exit code."""
    LOGS.mkdir(parents=True, exist_ok=True)
    outcomes = [_run(name, STAGES[name], strict) for name in names or STAGES]
    print(summary(outcomes, strict))
    return 1 if any(outcome.failures(strict) for outcome in outcomes) else 0


def _run(name: str, stage: Callable[[], Outcome], strict: bool) -> Outcome:
    started = time.monotonic()
    try:
        outcome = stage()
    except Exception as error:  # noqa: BLE001 - a stage that cannot start is told, and the others still run
        outcome = Outcome(name, missing=[f"{type(error).__name__}: {error}"])
    outcome.seconds = time.monotonic() - started
    if outcome.failures(strict) and outcome.words:
        print(outcome.words[-LAST_WORDS:], flush=True)
    print(line(outcome, strict), flush=True)
    return outcome


def line(outcome: Outcome, strict: bool) -> str:
    """One line about a stage."""
    word = "FAILED" if outcome.failures(strict) else "ok" if outcome.passed else "not run"
    missing = f", {len(outcome.missing)} not run" if outcome.missing else ""
    counts = f"{outcome.passed} passed, {outcome.failed} failed{missing}"
    return f"{outcome.name:10}{word:10}{counts} in {outcome.seconds:.0f} s"


def summary(outcomes: Iterable[Outcome], strict: bool) -> str:
    """The table at the end; its last line is the count alone."""
    outcomes = list(outcomes)
    lines = ["", "Summary", *(line(outcome, strict) for outcome in outcomes)]
    lines += [f"  not run: {outcome.name}: {reason}" for outcome in outcomes for reason in outcome.missing]
    if strict and any(outcome.missing for outcome in outcomes):
        lines.append("  CI=true: what could not be run counts as failed.")
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(outcome.failures(strict) for outcome in outcomes)
    return "\n".join([*lines, f"{passed} passed, {failed} failed"])


def lint() -> Outcome:
    """Format, lint, types, import contracts, migrations, system checks."""
    outcome = Outcome("lint")
    for step in lint_steps(LOGS.parent):
        _add(outcome, step)
    return outcome


def _add(outcome: Outcome, step: Step) -> None:
    if step.missing:
        outcome.missing.append(f"{step.name}: {step.missing}")
        return
    done = subprocess.run(
        step.command, cwd=BASE, env=os.environ | step.env, capture_output=True, text=True, check=False
    )
    outcome.passed += done.returncode == 0
    outcome.failed += done.returncode != 0
    if done.returncode:
        outcome.words += f"--- {step.name}\n{done.stdout[-LAST_WORDS:]}{done.stderr[-LAST_WORDS:]}\n"


def unit() -> Outcome:
    """Unit and integration tests on SQLite."""
    return _pytest("unit", ["tests", *APART, *SIDE_BY_SIDE])


def on_postgres() -> Outcome:
    """The same tests on a real PostgreSQL."""
    with postgres() as url:
        return _pytest("postgres", ["tests", *APART, *SIDE_BY_SIDE], DATABASE_URL=url)


def services() -> Outcome:
    """The product's own processes with real Valkey and S3 servers; the fixtures start them."""
    return _pytest("services", ["tests/services"])


def browser() -> Outcome:
    """A real browser against the running product."""
    path = chromium_installed()
    if path is None:
        return Outcome("browser", missing=["no Chromium or Chrome here, and none could be installed"])
    return _pytest("browser", ["tests/browser"], CHROMIUM=str(path))


STAGES: dict[str, Callable[[], Outcome]] = {
    "lint": lint,
    "unit": unit,
    "postgres": on_postgres,
    "services": services,
    "browser": browser,
}


def _pytest(name: str, arguments: list[str], **env: str) -> Outcome:
    report, log = LOGS / f"{name}.xml", LOGS / f"{name}.log"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--create-db", f"--junitxml={report}", *arguments]
    with ExitStack() as stack:
        words = stack.enter_context(log.open("w"))
        done = subprocess.run(
            command, cwd=BASE, env=os.environ | env, stdout=words, stderr=words, check=False, timeout=PYTEST_SECONDS
        )
    return read_report(name, report, done.returncode, log.read_text(errors="replace"))


def read_report(name: str, report: Path, code: int, words: str) -> Outcome:
    """The outcome of a pytest run with its JUnit report. A run that died has no report, and has failed."""
    if not report.exists():
        return Outcome(name, failed=1, words=words)
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    missing = [_reason(case) for case in cases if case.find("skipped") is not None]
    # Something that failed outside any test (a plugin, an empty collection) has only the exit code to tell.
    if code and not failed:
        failed = 1
    return Outcome(name, max(len(cases) - failed - len(missing), 0), failed, missing, words=words)


def _reason(case: ElementTree.Element) -> str:
    skipped = case.find("skipped")
    message = skipped.get("message", "") if skipped is not None else ""
    return f"{case.get('classname')}.{case.get('name')}: {message}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", nargs="*", choices=[[], *STAGES], help="the stages to run; all when none is named")
    chosen = parser.parse_args().stage
    sys.exit(main(chosen, strict=os.environ.get("CI", "").lower() in {"1", "true"}))
