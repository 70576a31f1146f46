"""When the ranks of a training synchronize."""

from __future__ import annotations

import time
from typing import Callable

# A sync makes the ranks wait for one another, so it runs about this often, not at every step.
SYNC_EVERY = 0.25
MAX_CALLS = 1000


class RankSync:
    """Decides which calls of a loop synchronize: counted alike in every rank, timed by rank 0's clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self.interval = 1
        """Number of calls from one sync to the next, as rank 0 last decided."""
        self.calls_left = 1

    def due(self) -> bool:
        """Counts a call; whether the ranks synchronize now."""
        self.calls_left -= 1
        return self.calls_left <= 0

    def next_interval(self) -> int:
        """The number of calls until the next sync, from the duration of the last ones. For rank 0."""
        each = max(1e-9, self._clock() - self._since) / self.interval
        # At most doubles, so that a few quick calls do not postpone the next sync by much.
        return int(max(1, min(SYNC_EVERY / each, 2 * self.interval, MAX_CALLS)))

    def restart(self, interval: int) -> None:
        """Starts counting towards the next sync, with the interval from rank 0."""
        self.interval = self.calls_left = interval
        self._since = self._clock()
