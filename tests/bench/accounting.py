"""What processes have cost, from the kernel's own books."""

import os
from pathlib import Path
from urllib.parse import urlsplit

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def web_processes(port: int) -> list[int]:
    """The processes of the web server at this port, the one that began first."""
    mark = f"--bind\x00127.0.0.1:{port}\x00".encode()
    return sorted(pid for pid in _pids() if mark in _read(pid, "cmdline"))


def listener(url: str) -> int:
    """Valkey's process at the port of `url`: it writes its address into its command line."""
    address = f"{urlsplit(url).hostname}:{urlsplit(url).port}".encode()
    return next(pid for pid in _pids() if address in _read(pid, "cmdline").partition(b"\0")[0])


def with_children(root: int) -> list[int]:
    """A process and everything it started, as of now."""
    parents = {pid: int(_stat(pid)[1]) for pid in _pids() if _stat(pid)}
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sorted(family)


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of the processes, and of their children that have ended."""
    ticks = 0
    for pid in pids:
        if fields := _stat(pid):
            ticks += sum(int(field) for field in fields[11:15])
    return ticks / TICKS_PER_SECOND


def megabytes(pids: list[int]) -> tuple[float, float]:
    """RSS of the largest process, and the share of all together (PSS, what is common counted once)."""
    rss = [_kilobytes(pid, "Rss") for pid in pids]
    return max(rss) / 1024, sum(_kilobytes(pid, "Pss") for pid in pids) / 1024


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(pid: int, name: str) -> bytes:
    try:
        return (Path("/proc") / str(pid) / name).read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _stat(pid: int) -> list[bytes]:
    # The name in parentheses may hold anything; what follows it is fields from the third on.
    return _read(pid, "stat").rpartition(b")")[2].split()


def _kilobytes(pid: int, name: str) -> int:
    for line in _read(pid, "smaps_rollup").decode().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    return 0
