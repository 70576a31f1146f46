"""Chooses how to read a run's rows: from the live stream, or by polling."""

from __future__ import annotations

from typing import Iterator

from ..errors import ApiError
from .context import StreamContext
from .items import StreamEnd, StreamItem
from .live import stream_rows
from .poll import poll_rows
from .sse import Rows


def follow_rows(
    context: StreamContext, generation: str, seq: int, transport: str
) -> Iterator[StreamItem]:
    """Rows from the transport that works ("auto", "sse", "poll"), until a StreamEnd of end or reset."""
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
