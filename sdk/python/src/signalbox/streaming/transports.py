"""Chooses how to read a run's rows: from the live stream, or by polling."""

from __future__ import annotations

from typing import Iterator

from ..errors import ApiError
from .context import StreamContext
from .items import StreamEnd, StreamItem
from .live import stream_rows
from .poll import poll_rows
from .pushed_events import follow_with_pushed_events
from .sse import Rows


def follow_rows(
    context: StreamContext, generation: str, seq: int, transport: str
) -> Iterator[StreamItem]:
    """Rows from a transport ("auto": the live stream or else polls), until a StreamEnd of end or reset."""
    if transport == "events":
        yield from follow_with_pushed_events(context, generation, seq)
        return
    if transport != "poll":
        for item in stream_rows(context, generation, seq):
            if isinstance(item, Rows):
                seq = item.seq
            elif item.kind == "unavailable":
                if transport == "sse":
                    raise ApiError(200, "no_stream", item.reason)
                yield item
                break
            yield item
            if isinstance(item, StreamEnd):
                return
    yield from poll_rows(context, generation, seq)
