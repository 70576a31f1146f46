"""Reads a run's rows by polling, and its events as the dashboard pushes them meanwhile."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any, Dict, Iterator, List, Optional

from ..errors import ApiError, StreamTimeout, UnreachableError
from ..transport.backoff import backoff
from ..transport.dashboard_http import path_segment
from .connection import StreamConnection
from .context import StreamContext
from .items import StreamEnded, StreamItem, StreamStalled, StreamUnavailable
from .poll import poll_rows
from .sse import Rows, SseParser

_FAILURES = (StreamStalled, UnreachableError, ApiError, OSError, http.client.HTTPException)


def follow_with_pushed_events(context: StreamContext, generation: str, seq: int) -> Iterator[StreamItem]:
    """Each event once and in order, by whichever way it arrives first. Without a push, polling alone goes on."""
    events = PushedEvents(context, seq)
    try:
        for item in poll_rows(context, generation, seq, events.wait):
            yield Rows(item.seq, events.new_among(item.rows)) if isinstance(item, Rows) else item
    finally:
        events.close()


class PushedEvents:
    """The events of `/api/learning/jobs/{id}/events/stream`, between two polls."""

    def __init__(self, context: StreamContext, seq: int) -> None:
        self._context = context
        self._path = f"/api/learning/jobs/{path_segment(context.job_id)}/events/stream"
        self._last = seq
        self._connection: Optional[StreamConnection] = None
        self._chunks: Iterator[bytes] = iter(())
        self._parser = SseParser()
        self._failures = 0
        self._open_at = 0.0

    def new_among(self, rows: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
        """The rows without the events that were returned before."""
        new = [row for row in rows if row["event"] != "event" or row["seq"] > self._last]
        self._last = max([self._last, *[row["seq"] for row in new if row["event"] == "event"]])
        return new

    def wait(self, seq: int) -> Iterator[Rows]:
        """Pushed events until the next poll is due; `seq` is the cursor of the polls."""
        until = time.monotonic() + self._context.interval_seconds
        while time.monotonic() < until:
            if not self._open():
                self._context.sleep(min(until, self._open_at) - time.monotonic())
                continue
            chunk = self._next_chunk()
            if chunk is None:
                return  # the stream has ended, perhaps with the run: polling tells
            rows = [row for frame in self._parser.feed(chunk) for row in _rows_of(frame.data)]
            if rows:
                yield Rows(seq, rows)

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _open(self) -> bool:
        if self._connection is not None:
            return True
        if time.monotonic() < self._open_at:
            return False
        try:
            self._connection = StreamConnection(self._context, self._path, {"since_seq": self._last})
        except (StreamUnavailable, StreamEnded):
            self._open_at = float("inf")
        except _FAILURES as error:
            self._failed(error)
        else:
            self._chunks, self._parser = self._connection.chunks(idle=b""), SseParser()
        return self._connection is not None

    def _next_chunk(self) -> Optional[bytes]:
        try:
            chunk = next(self._chunks)
        except StopIteration:
            self._failed(None)
            return None
        except _FAILURES as error:
            self._failed(error)
            return None
        self._failures = 0 if chunk else self._failures
        return chunk

    def _failed(self, error: Optional[BaseException]) -> None:
        if isinstance(error, StreamTimeout):  # an OSError, too
            raise error
        self.close()
        self._open_at = time.monotonic() + backoff(self._failures, self._context.rand)
        self._failures += 1


def _rows_of(text: str) -> List[Dict[str, Any]]:
    """The row of a frame that carries an event; none for other frames."""
    try:
        event = json.loads(text)
    except ValueError:
        return []
    if not isinstance(event, dict) or not isinstance(event.get("seq"), int) or "type" not in event:
        return []
    return [{"seq": event["seq"], "event": "event", "data": event}]
