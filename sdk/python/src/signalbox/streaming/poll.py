"""Reads a run's rows by polling."""

from __future__ import annotations

from typing import Callable, Iterator, Optional

from ..transport.dashboard_http import path_segment
from .context import StreamContext
from .items import TERMINAL_STATUSES, StreamEnd, StreamItem
from .sse import Rows


Wait = Callable[[int], Iterator[StreamItem]]


def poll_rows(
    context: StreamContext, generation: str, seq: int, wait: Optional[Wait] = None
) -> Iterator[StreamItem]:
    """Polls at once while there are more rows, else every `interval_seconds`; `wait` may yield meanwhile."""
    path = f"/api/learning/jobs/{path_segment(context.job_id)}/rows"
    while True:
        page = context.get(path, {"since_seq": seq, "limit": context.page_size})
        if page["generation"] != generation or page["last_seq"] < seq:
            yield StreamEnd("reset")
            return
        moved = page["next_seq"] > seq
        if moved:
            seq = page["next_seq"]
            yield Rows(seq, page["rows"])
        # The server reads the status before the rows: if it is terminal, no earlier row is missing.
        if seq >= page["last_seq"] and page["status"] in TERMINAL_STATUSES:
            yield StreamEnd("end")
            return
        if not moved or seq >= page["last_seq"]:
            if wait is not None:
                yield from wait(seq)
                context.check()
            else:
                context.sleep(context.interval_seconds)
