"""Reads a run's rows from the live stream (SSE), over reconnections."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any, Dict, Iterator, Tuple, Type

from ..errors import (
    ApiError,
    ForbiddenError,
    NotFoundError,
    StreamTimeout,
    UnauthorizedError,
    UnreachableError,
)
from ..transport.backoff import backoff
from ..transport.dashboard_http import path_segment
from .connection import StreamConnection
from .context import TRANSIENT_ERRORS, StreamContext
from .items import StreamEnd, StreamEnded, StreamItem, StreamStalled, StreamUnavailable
from .kinds import KINDS_OF_TYPE
from .messages import StreamType
from .sse import RowAssembler, Rows, SseParser

MAX_STALLED_CONNECTIONS = 3
STABLE_AFTER_SECONDS = 5.0

# Errors in the stream that are permanent.
_ERRORS: Dict[str, Tuple[int, Type[ApiError]]] = {
    "unauthorized": (401, UnauthorizedError),
    "forbidden": (403, ForbiddenError),
    "not_found": (404, NotFoundError),
}


def stream_rows(context: StreamContext, generation: str, seq: int) -> Iterator[StreamItem]:
    """Reconnects as needed, until a StreamEnd; raises permanent errors."""
    attempt = stalled = 0
    while True:
        context.check()
        opened, before, retry_after = time.monotonic(), seq, 0.0
        try:
            for item in _one_connection(context, generation, seq):
                stalled = 0
                if isinstance(item, StreamEnd):
                    yield item
                    return
                if item.rows or item.seq > seq:
                    seq = max(seq, item.seq)
                    yield Rows(seq, item.rows)
        except StreamTimeout:  # an OSError, too
            raise
        except StreamEnded:
            yield StreamEnd("end")
            return
        except StreamUnavailable as error:
            context.job()  # raises if the job does not exist either
            yield StreamEnd("unavailable", str(error))
            return
        except StreamStalled:
            stalled += 1
            if stalled >= MAX_STALLED_CONNECTIONS:
                yield StreamEnd("unavailable", "The live stream opens but sends nothing.")
                return
        except TRANSIENT_ERRORS as error:
            retry_after = getattr(error, "retry_after", None) or 0.0
        except (OSError, http.client.HTTPException):
            pass
        if seq > before or time.monotonic() - opened >= STABLE_AFTER_SECONDS:
            attempt = 0
        context.sleep(max(retry_after, backoff(attempt, context.rand)))
        attempt += 1


def _one_connection(context: StreamContext, generation: str, seq: int) -> Iterator[StreamItem]:
    kinds = [kind for stream in context.streams for kind in KINDS_OF_TYPE[StreamType(stream)]]
    query = {"full": 1, "after": f"{generation}-{seq}", "streams": ",".join(dict.fromkeys(kinds))}
    path = f"/api/training/jobs/{path_segment(context.job_id)}/stream"
    connection = StreamConnection(context, path, query)
    parser, assembler = SseParser(), RowAssembler()
    try:
        for chunk in connection.chunks():
            for frame in parser.feed(chunk):
                if frame.event in ("reset", "end"):
                    yield StreamEnd(frame.event)
                    return
                if frame.event == "error":
                    raise _error_of(frame.data)
                if frame.id is not None and not frame.id.startswith(f"{generation}-"):
                    yield StreamEnd("reset")
                    return
                taken = assembler.take(frame)
                # A frame without rows shows that the stream works, too.
                yield taken if isinstance(taken, Rows) else Rows(seq, [])
                seq = taken.seq if isinstance(taken, Rows) else seq
    finally:
        connection.close()


def _error_of(data: str) -> Exception:
    try:
        fields: Dict[str, Any] = json.loads(data)
    except ValueError:
        fields = {}
    code, message = str(fields.get("code", "internal")), str(fields.get("message", "The stream was ended."))
    if code in _ERRORS:
        status, error = _ERRORS[code]
        return error(status, code, message)
    return UnreachableError(message)
