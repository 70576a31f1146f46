"""Sends a run's journal in order; retries each window with the same batch ids until it is confirmed."""

from __future__ import annotations

import os
import random
from collections import deque
from typing import Callable, Deque, NamedTuple, Optional, Tuple

from ..transport.backoff import backoff
from ..warn_once import Warn, ignore_warning
from .batches import Batch, batches_of, halves
from .ingest_client import FULL, NOT_FOUND, REFUSED, RETRY, STORED, UNAUTHORIZED, IngestClient, SendResult
from .run_state import Cursor, RunState
from .spool import ATTACH, Segment, SpoolWriter, segments_of
from .spool_reader import Window, read_window

UNAUTHORIZED_WAIT_SECONDS = 30.0
MAX_RETRY_AFTER_SECONDS = 300.0
FAILURES_BEFORE_WARNING = 5

# States after a call of `send_next`.
SENT, IDLE, WAIT = "sent", "idle", "wait"


class SendOutcome(NamedTuple):
    """`wait`: seconds until the next try."""

    state: str
    wait: float = 0.0
    result: Optional[SendResult] = None


class Sender:
    """
    Not thread-safe: one thread sends. `writer` is the open journal of this process; without it, all
    segments of the folder are complete.
    """

    def __init__(
        self,
        job_id: str,
        state: RunState,
        client: IngestClient,
        *,
        writer: Optional[SpoolWriter] = None,
        warn_once: Warn = ignore_warning,
        rand: Callable[[], float] = random.random,
    ) -> None:
        self.job_id = job_id
        self.client = client
        self.records_sent = 0
        self.records_refused = 0
        self.failures = 0
        self.caught_up = True
        """Whether the last window reached the end of what was written when it was read."""
        self._state = state
        self._writer = writer
        self._warn_once = warn_once
        self._rand = rand
        self._window: Optional[Window] = None
        self._queue: Deque[Batch] = deque()
        self._segment: Optional[Segment] = None
        self._position = 0
        self._fixed_end, self._cursor_is_final = 0, True
        self._restore_position()

    def _restore_position(self) -> None:
        cursor = self._state.read_cursor()
        if cursor is None:
            return
        for segment in segments_of(self._state.folder):
            if segment.uid == cursor.uid:
                self._segment, self._position, self._fixed_end = segment, cursor.start, cursor.end

    def send_next(self) -> SendOutcome:
        """Sends the next window, or continues with the current one."""
        if self._window is None and not self._begin_window():
            self._finalize_cursor()
            return SendOutcome(IDLE)
        while self._queue:
            batch = self._queue[0]
            result = self.client.send(batch)
            if result.outcome == REFUSED and batch.kind == ATTACH:
                result = SendResult(UNAUTHORIZED, result.reason)
            if result.outcome in (STORED, REFUSED):
                self.failures = 0
                self._queue.popleft()
                self._complete(batch, result)
                continue
            return self._failed(result)
        self._end_window()
        return SendOutcome(SENT)

    def _complete(self, batch: Batch, result: SendResult) -> None:
        window = self._window
        if result.outcome == STORED:
            self.records_sent += len(batch.records)
        elif batch.splittable and not result.whole_batch and window is not None:
            self._queue.extendleft(reversed(halves(self.job_id, window.segment.uid, batch)))
        else:
            self.records_refused += 1
            self._state.store_refused(batch.id, batch.body, result.reason)
            self._warn_once("refused", f"the dashboard refused some data: {result.reason}")

    def _failed(self, result: SendResult) -> SendOutcome:
        if result.outcome in (UNAUTHORIZED, NOT_FOUND, FULL):
            self.failures += 1
            self._warn_once(result.outcome, f"nothing can be sent for now, data is kept on disk: {result.reason}")
            return SendOutcome(WAIT, UNAUTHORIZED_WAIT_SECONDS * (0.5 + self._rand() / 2), result)
        assert result.outcome == RETRY
        wait = backoff(self.failures, self._rand)
        self.failures += 1
        if self.failures == FAILURES_BEFORE_WARNING:
            self._warn_once("offline", f"the dashboard is unreachable, data is kept on disk: {result.reason}")
        retry_after = min(result.retry_after or 0.0, MAX_RETRY_AFTER_SECONDS)
        return SendOutcome(WAIT, max(wait, retry_after), result)

    # Windows ---------------------------------------------------------------------------------

    def pending(self) -> bool:
        """Whether anything is not confirmed yet."""
        return self._window is not None or self._next_segment() is not None

    def _next_segment(self) -> Optional[Tuple[Segment, int]]:
        """The segment to read from, and its current end; deletes segments that are completely sent."""
        while True:
            if self._segment is None:
                found = segments_of(self._state.folder)
                if not found:
                    return None
                self._segment, self._position, self._fixed_end = found[0], 0, 0
            segment = self._segment
            # Checked before the end is read: a record added in between must not be deleted unsent.
            may_grow = self._is_open(segment)
            end = self._end_of(segment)
            if self._position < end:
                return segment, end
            if may_grow:
                return None
            self._delete(segment)

    def _is_open(self, segment: Segment) -> bool:
        return self._writer is not None and self._writer.is_open(segment)

    def _end_of(self, segment: Segment) -> int:
        if self._writer is not None:
            return self._writer.end_of(segment)
        try:
            return segment.path.stat().st_size
        except OSError:
            return 0

    def _delete(self, segment: Segment) -> None:
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
            found = self._next_segment()
            if found is None:
                return False
            segment, end = found
            fixed = self._fixed_end > self._position and self._fixed_end <= end
            window = read_window(segment, self._position, self._fixed_end if fixed else end, fixed)
            self._fixed_end = 0
            if window is None:
                return False
            if window.damaged:
                self._warn_once("damaged", f"{window.damaged} damaged record(s) in {segment.path}")
            if not window.records:
                self._position = window.end
                continue
            if self._writer is not None:
                self._writer.sync()
            self._state.write_cursor(Cursor(segment.uid, window.start, window.end))
            self._window, self._cursor_is_final = window, False
            self.caught_up = window.end >= end and self._is_open(segment)
            self._queue = deque(batches_of(self.job_id, window))
            return True

    def _end_window(self) -> None:
        if self._window is not None:
            self._position = self._window.end
        self._window = None

    def _finalize_cursor(self) -> None:
        """Everything is confirmed: a restart must not send the last window again."""
        if not self._cursor_is_final and self._segment is not None:
            self._state.write_cursor(Cursor(self._segment.uid, self._position, self._position))
        self._cursor_is_final = True
