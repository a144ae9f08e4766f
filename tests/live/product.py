"""The real product, started as `make run` starts it, in a folder of its own."""

import http.client
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.live.processes import free_port, running, wait_for
from tests.settings import FOREIGN

BASE = Path(__file__).resolve().parent.parent.parent
ASSETS = (Path(os.environ.get("VAR") or BASE / "var").parent / "assets", BASE / "var" / "assets")
START_SECONDS = 90
Result = TypeVar("Result")


@dataclass(frozen=True)
class Product:
    """A running product: where it answers, where it keeps things, and the environment it runs in."""

    port: int
    folder: Path
    env: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body of a GET; redirects are not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode(errors="replace")
        finally:
            connection.close()


def environment(folder: Path, **extra: str) -> dict[str, str]:
    """What a process of the product sees: this folder, the demo, `extra`, and nothing of the tests' own settings."""
    foreign = {*FOREIGN.split(), "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in foreign} | {
        "DEMO": "1",
        "VAR": str(folder),
        **extra,
    }


def manage(env: dict[str, str], *arguments: str) -> str:
    """What `manage.py` with these arguments printed. Raises AssertionError with its words when it fails."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"manage.py {arguments[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def refused(env: dict[str, str], *arguments: str) -> str:
    """The sentence with which `manage.py` refuses. Raises AssertionError when it does not end with code 1."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=BASE, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, f"manage.py {arguments[0]} did not refuse:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stderr.strip().splitlines()[-1]


def new_folder(folder: Path) -> Path:
    """`folder`, made, with the style sheets and fonts that `make` built."""
    folder.mkdir(parents=True, exist_ok=True)
    built = next((place for place in ASSETS if place.exists()), None)
    if built is not None and not (folder / "assets").exists():
        (folder / "assets").symlink_to(built)
    return folder


def prepared(folder: Path) -> Path:
    """`folder` with everything the demo has: tables, static files, the sample course, the demo people."""
    manage(environment(new_folder(folder)), "prepare_demo")
    return folder


def copied(source: Path, target: Path) -> Path:
    """A copy of a prepared folder for a server that wants a fresh one."""
    return Path(shutil.copytree(source, target, symlinks=True))


@contextmanager
def product(folder: Path, **extra: str) -> Iterator[Product]:
    """Starts web, worker and beat on `folder` and waits until the product is ready; stops them all at the end."""
    port = free_port()
    running_product = Product(port, folder, environment(folder, PORT=str(port), **extra))
    log = folder / "product.log"
    command = [sys.executable, "-m", "lms.start"]
    with running(command, log, env=running_product.env, cwd=BASE) as process:
        wait_for(lambda: running_product.get("/readyz")[0] == 200, "Refleks", process, log, START_SECONDS)
        yield running_product


def parallel(count: int, act: Callable[[int], Result]) -> list[Result]:
    """`act(0)` … `act(count - 1)` at the same moment, each in a thread; their results in order."""
    together = threading.Barrier(count)

    def wait_and_act(number: int) -> Result:
        together.wait(30)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(wait_and_act, range(count)))
