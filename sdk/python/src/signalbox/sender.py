"""Sends a run's journal in order: each window as often as it takes, none twice as two."""

from __future__ import annotations

import os
import random
from collections import deque
from typing import Callable, Deque, NamedTuple, Optional, Tuple

from .batches import Batch, batches_of, halves
from .link import GONE, LOCKED_OUT, REFUSED, RETRY, STORED, DashboardLink, Delivery
from .run_state import Cursor, RunState
from .spool import ATTACH, Segment, SpoolWriter, segments_of
from .spool_reader import Window, read_window

FIRST_WAIT = 0.25
LONGEST_WAIT = 30.0
LOCKED_OUT_WAIT = 30.0

# What a call of `send_next` came to.
SENT, IDLE, WAIT = "sent", "idle", "wait"


class Outcome(NamedTuple):
    """`wait`: seconds before the next try makes sense."""

    what: str
    wait: float = 0.0
    delivery: Optional[Delivery] = None


def backoff(attempt: int, rand: Callable[[], float]) -> float:
    """Full jitter: anything from nothing up to a doubling, capped bound."""
    return rand() * min(LONGEST_WAIT, FIRST_WAIT * float(2 ** min(attempt, 12)))


class Sender:
    """
    Not thread-safe: one thread sends. `writer` is the open journal of this process, if there is one;
    without it the folder's segments are all there is to send.
    """

    def __init__(
        self,
        job_id: str,
        state: RunState,
        link: DashboardLink,
        *,
        writer: Optional[SpoolWriter] = None,
        on_trouble: Optional[Callable[[str, str], None]] = None,
        rand: Callable[[], float] = random.random,
    ) -> None:
        self.job_id = job_id
        self.link = link
        self.records_sent = 0
        self.records_refused = 0
        self.failures = 0
        self.caught_up = True
        """Whether the last window reached the end of what was written when it was read."""
        self._state = state
        self._writer = writer
        self._on_trouble = on_trouble or (lambda kind, text: None)
        self._rand = rand
        self._window: Optional[Window] = None
        self._queue: Deque[Batch] = deque()
        self._segment: Optional[Segment] = None
        self._position = 0
        self._fixed_end, self._clean = 0, True
        self._resume()

    def _resume(self) -> None:
        cursor = self._state.read_cursor()
        segments = segments_of(self._state.folder)
        if cursor is None:
            return
        for segment in segments:
            if segment.uid == cursor.uid:
                self._segment, self._position, self._fixed_end = segment, cursor.start, cursor.end

    def send_next(self) -> Outcome:
        """Sends the next window, or goes on with the one that is under way."""
        if self._window is None and not self._begin_window():
            self._settle()
            return Outcome(IDLE)
        while self._queue:
            batch = self._queue[0]
            delivery = self.link.deliver(batch)
            if delivery.outcome == REFUSED and batch.kind == ATTACH:
                delivery = Delivery(LOCKED_OUT, delivery.reason)
            if delivery.outcome in (STORED, REFUSED):
                self.failures = 0
                self._queue.popleft()
                self._note(batch, delivery)
                continue
            return self._failed(delivery)
        self._end_window()
        return Outcome(SENT)

    def _note(self, batch: Batch, delivery: Delivery) -> None:
        window = self._window
        if delivery.outcome == STORED:
            self.records_sent += len(batch.records)
        elif batch.splittable and not delivery.whole and window is not None:
            self._queue.extendleft(reversed(halves(self.job_id, window.segment.uid, batch)))
        else:
            self.records_refused += 1
            self._state.put_aside(batch.id, batch.body, delivery.reason)
            self._on_trouble("refused", f"the dashboard refused some data: {delivery.reason}")

    def _failed(self, delivery: Delivery) -> Outcome:
        if delivery.outcome in (LOCKED_OUT, GONE):
            self.failures += 1
            self._on_trouble(delivery.outcome, f"nothing can be sent for now: {delivery.reason}")
            return Outcome(WAIT, LOCKED_OUT_WAIT * (0.5 + self._rand() / 2), delivery)
        assert delivery.outcome == RETRY
        wait = backoff(self.failures, self._rand)
        self.failures += 1
        if self.failures == 5:
            self._on_trouble("away", f"the dashboard is away, data is kept on disk: {delivery.reason}")
        return Outcome(WAIT, max(wait, min(delivery.after or 0.0, 300.0)), delivery)

    # Windows ---------------------------------------------------------------------------------

    def pending(self) -> bool:
        """Whether there is anything that was not confirmed yet."""
        return self._window is not None or self._next_place() is not None

    def _next_place(self) -> Optional[Tuple[Segment, int]]:
        """The segment to read from and where it ends for now; drops segments that are done."""
        while True:
            if self._segment is None:
                found = segments_of(self._state.folder)
                if not found:
                    return None
                self._segment, self._position, self._fixed_end = found[0], 0, 0
            segment = self._segment
            # Asked first: what is added between the two questions would be dropped unsent otherwise.
            may_grow = self._is_last(segment)
            end = self._end_of(segment)
            if self._position < end:
                return segment, end
            if may_grow:
                return None
            self._drop(segment)

    def _is_last(self, segment: Segment) -> bool:
        return self._writer is not None and self._writer.is_open(segment)

    def _end_of(self, segment: Segment) -> int:
        if self._writer is not None:
            return self._writer.end_of(segment)
        try:
            return segment.path.stat().st_size
        except OSError:
            return 0

    def _drop(self, segment: Segment) -> None:
        try:
            size = segment.path.stat().st_size
            os.unlink(segment.path)
            if self._writer is not None:
                self._writer.freed(size)
        except OSError:
            pass
        self._segment = None

    def _begin_window(self) -> bool:
        while True:
            place = self._next_place()
            if place is None:
                return False
            segment, end = place
            fixed = self._fixed_end > self._position and self._fixed_end <= end
            window = read_window(segment, self._position, self._fixed_end if fixed else end, fixed)
            self._fixed_end = 0
            if window is None:
                return False
            if window.damaged:
                self._on_trouble("damaged", f"{window.damaged} damaged record(s) in {segment.path}")
            if not window.records:
                self._position = window.end
                continue
            if self._writer is not None:
                self._writer.sync()
            self._state.write_cursor(Cursor(segment.uid, window.start, window.end))
            self._window, self._clean = window, False
            self.caught_up = window.end >= end and self._is_last(segment)
            self._queue = deque(batches_of(self.job_id, window))
            return True

    def _end_window(self) -> None:
        if self._window is not None:
            self._position = self._window.end
        self._window = None

    def _settle(self) -> None:
        """All is confirmed: nothing is to be sent again after a restart."""
        if not self._clean and self._segment is not None:
            self._state.write_cursor(Cursor(self._segment.uid, self._position, self._position))
        self._clean = True
