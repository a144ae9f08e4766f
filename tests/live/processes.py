"""Starting real servers as child processes, waiting until they answer, and leaving nothing behind."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


class NotReady(Exception):
    """A server did not start; the message holds what it last wrote."""


def free_port() -> int:
    """A TCP port of this machine that nobody listens to right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    *,
    stop_with: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    **options,
) -> Iterator[subprocess.Popen]:
    """The command as a process group of its own, its words in the file `log`; stopped at the end, all of it."""
    with log.open("ab") as words:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=env,
            **options,
        )
    try:
        yield process
    finally:
        stop(process, stop_with)


def stop(process: subprocess.Popen, by: signal.Signals = signal.SIGTERM) -> None:
    """Asks the process to end, waits 20 seconds, then ends its whole group."""
    if process.poll() is None:
        process.send_signal(by)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def wait_for(ready: Callable[[], bool], what: str, process: subprocess.Popen, log: Path, seconds: float = 30) -> None:
    """Returns when `ready()` is true. Raises NotReady when the process ends first or the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotReady(f"{what} ended at once:\n{log.read_text(errors='replace')[-2000:]}")
        with suppress(OSError):
            if ready():
                return
        time.sleep(0.05)
    raise NotReady(f"{what} did not answer in {seconds:.0f} s:\n{log.read_text(errors='replace')[-2000:]}")


def answers(port: int) -> bool:
    """Whether something accepts connections at this port."""
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
