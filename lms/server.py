"""The web processes share the connections between them evenly.

gunicorn's processes race for each new connection, and whoever wins keeps it as long as it stays open: of 32 that a
reverse proxy keeps open, one process of two may have 26, and everybody in it waits three times as long as the others.
Here a process that has more than another leaves the next one to it.
"""

import time
from mmap import mmap
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SLOTS = 64
SLACK = 4  # how many connections more than another's make a process stand back
LOOK_SECONDS = 0.002  # how often a process that stands back looks whether it still has to
SILENT_SECONDS = 2  # a process that says nothing so long is busy or gone, and nobody waits for it

# Made before the processes part, and theirs together: how many connections each has, and when it said so.
_counts, _said_at = memoryview(mmap(-1, 8 * SLOTS)).cast("q"), memoryview(mmap(-1, 8 * SLOTS)).cast("d")


class EvenWorker(ThreadWorker):
    """gunicorn's worker with threads, which stands back while another process has fewer connections."""

    @property
    def worker_connections(self) -> int:
        """How many connections this process may have now. The main loop asks before it looks for new ones."""
        slot, now = self.age % SLOTS, time.monotonic()
        _counts[slot], _said_at[slot] = self.nr_conns, now
        others = [_counts[other] for other in range(SLOTS) if other != slot and _said_at[other] > now - SILENT_SECONDS]
        return min(self._most, *(count + SLACK for count in others)) if others else self._most

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        self._most = most

    def wait_for_and_dispatch_events(self, timeout: float) -> Any:
        """Waits as gunicorn does, but not for long while it stands back."""
        return super().wait_for_and_dispatch_events(timeout if self._accepting else min(timeout, LOOK_SECONDS))
