"""Two ways to a run's rows after a cursor: the live stream, and asking again and again."""

from __future__ import annotations

import http.client
import json
import select
import socket
import time
from typing import Any, Dict, Iterator, NamedTuple, Union
from urllib.parse import urlsplit

from ..client.http import part, query_text
from ..errors import (
    ApiError,
    ForbiddenError,
    NotFoundError,
    UnauthorizedError,
    UnreachableError,
)
from ..sender import backoff
from ..transport import Reply, open_connection
from .context import PASSING, StreamContext
from .sse import RowAssembler, Rows, SseParser

FIRST_FRAME_SECONDS = 15.0
SILENCE_SECONDS = 40.0
SILENT_CONNECTIONS = 3
GOOD_SECONDS = 5.0
TERMINAL = frozenset(("succeeded", "failed", "cancelled"))
NO_STREAM_STATUSES = (404, 405, 406, 501)

# What a run's stream types are called on the wire.
EVENTS_OF = {
    "status": ("status",),
    "events": ("event",),
    "metrics": ("metrics",),
    "timeline": ("timeline", "command"),
    "logs": ("logs",),
    "predictions": ("prediction",),
}


class Over(NamedTuple):
    """No more rows this way. `why`: end, reset, or unusable."""

    why: str
    reason: str = ""


Delivery = Union[Rows, Over]


class _NoStream(Exception):
    """The live stream is not to be had from here."""


class _Silent(Exception):
    """A connection that opened and brought nothing."""


def follow_rows(
    context: StreamContext, generation: str, seq: int, transport: str
) -> Iterator[Delivery]:
    """Rows by the transport that works ("auto", "sse", "poll"), up to an Over of end or reset."""
    if transport != "poll":
        for delivery in stream_rows(context, generation, seq):
            if isinstance(delivery, Rows):
                seq = delivery.seq
            elif delivery.why == "unusable":
                if transport == "sse":
                    raise ApiError(200, "no_stream", delivery.reason)
                yield delivery
                break
            yield delivery
            if isinstance(delivery, Over):
                return
    yield from poll_rows(context, generation, seq)


def poll_rows(context: StreamContext, generation: str, seq: int) -> Iterator[Delivery]:
    """At once while there are more rows, else every `interval_seconds`."""
    path = f"/api/learning/jobs/{part(context.job_id)}/rows"
    while True:
        page = context.get(path, {"since_seq": seq, "limit": context.page_size})
        if page["generation"] != generation or page["last_seq"] < seq:
            yield Over("reset")
            return
        moved = page["next_seq"] > seq
        if moved:
            seq = page["next_seq"]
            yield Rows(seq, page["rows"])
        # The status was read before the rows: where it is terminal, nothing of before is missing.
        if seq >= page["last_seq"] and page["status"] in TERMINAL:
            yield Over("end")
            return
        if not moved or seq >= page["last_seq"]:
            context.sleep(context.interval_seconds)


def stream_rows(context: StreamContext, generation: str, seq: int) -> Iterator[Delivery]:
    """Over as many connections as it takes, up to an Over; raises what does not pass by itself."""
    attempt = silent = 0
    while True:
        context.check()
        opened, before, wish = time.monotonic(), seq, 0.0
        try:
            for delivery in _one_connection(context, generation, seq):
                silent = 0
                if isinstance(delivery, Over):
                    yield delivery
                    return
                if delivery.rows or delivery.seq > seq:
                    seq = max(seq, delivery.seq)
                    yield Rows(seq, delivery.rows)
        except _NoStream as error:
            context.job()  # raises where there is no such job either
            yield Over("unusable", str(error))
            return
        except _Silent:
            silent += 1
            if silent >= SILENT_CONNECTIONS:
                yield Over("unusable", "The live stream opens but brings nothing.")
                return
        except PASSING as error:
            wish = getattr(error, "retry_after", None) or 0.0
        except (OSError, http.client.HTTPException):
            pass
        if seq > before or time.monotonic() - opened >= GOOD_SECONDS:
            attempt = 0
        context.sleep(max(wish, backoff(attempt, context.rand)))
        attempt += 1


def _one_connection(context: StreamContext, generation: str, seq: int) -> Iterator[Delivery]:
    reader = _ByteReader(context, generation, seq)
    parser, assembler = SseParser(), RowAssembler()
    try:
        for chunk in reader.chunks():
            for frame in parser.feed(chunk):
                if frame.event in ("reset", "end"):
                    yield Over(frame.event)
                    return
                if frame.event == "error":
                    raise _error_of(frame.data)
                if frame.id is not None and not frame.id.startswith(f"{generation}-"):
                    yield Over("reset")
                    return
                taken = assembler.take(frame)
                # Also what brings no row shows that the stream is there.
                yield taken if isinstance(taken, Rows) else Rows(seq, [])
                seq = taken.seq if isinstance(taken, Rows) else seq
    finally:
        reader.close()


class _ByteReader:
    """The bytes of one live connection; waits in slices, so that a stop is heard."""

    def __init__(self, context: StreamContext, generation: str, seq: int) -> None:
        self._context = context
        base_url = context.http.base_url
        events = [name for stream in context.streams for name in EVENTS_OF[stream]]
        query = {"full": 1, "after": f"{generation}-{seq}", "streams": ",".join(dict.fromkeys(events))}
        path = f"/api/training/jobs/{part(context.job_id)}/stream{query_text(query)}"
        self._connection = open_connection(base_url, FIRST_FRAME_SECONDS)
        try:
            self._connection.connect()
            self._socket: socket.socket = self._connection.sock
            headers = {"X-API-Key": context.http.api_key, "Accept": "text/event-stream"}
            self._connection.request("GET", urlsplit(base_url).path.rstrip("/") + path, headers=headers)
            self._response = self._connection.getresponse()
            self._check()
        except (socket.timeout, TimeoutError):
            self._connection.close()
            raise _Silent() from None
        except BaseException:
            self._connection.close()
            raise

    def _check(self) -> None:
        response = self._response
        if response.status != 200:
            body = response.read(65_536)
            if response.status in NO_STREAM_STATUSES:
                raise _NoStream(f"The live stream answers {response.status}.")
            headers = {name.lower(): value for name, value in response.getheaders()}
            raise Reply(response.status, headers, body).error()
        kind = response.getheader("Content-Type", "")
        if not kind.lower().startswith("text/event-stream"):
            raise _NoStream(f"The live stream's content type is {kind or 'missing'}.")

    def chunks(self) -> Iterator[bytes]:
        """Bytes as they come; ends with the connection. Raises _Silent, Stopped, StreamTimeout."""
        body = ChunkedBody() if self._response.chunked else None
        heard, first = time.monotonic(), True
        data = self._read_ahead()
        while True:
            content = body.feed(data) if body is not None else data
            if content:
                heard, first = time.monotonic(), False
                yield content
            if body is not None and body.ended:
                return
            while not self._ready():
                if time.monotonic() - heard > (FIRST_FRAME_SECONDS if first else SILENCE_SECONDS):
                    if first:
                        raise _Silent()
                    return
            data = self._socket.recv(65_536)
            if not data:
                return

    def _read_ahead(self) -> bytes:
        """What was read together with the headers, and waits in Python's buffer."""
        self._socket.setblocking(False)
        try:
            return self._response.fp.read(len(self._response.fp.peek(1)))
        except OSError:
            return b""
        finally:
            self._socket.settimeout(SILENCE_SECONDS)

    def _ready(self) -> bool:
        self._context.check()
        pending = getattr(self._socket, "pending", None)
        if pending is not None and pending() > 0:
            return True
        left = self._context.left()
        wait = 0.25 if left is None else max(0.0, min(0.25, left))
        return bool(select.select([self._socket], [], [], wait)[0])

    def close(self) -> None:
        """Lets go of the connection."""
        self._response.close()
        self._connection.close()


class ChunkedBody:
    """The chunked transfer coding of HTTP/1.1 (RFC 9112, 7.1), fed bytes that may be cut anywhere."""

    def __init__(self) -> None:
        self.ended = False
        self._rest = b""
        self._left = 0

    def feed(self, data: bytes) -> bytes:
        """The content that these bytes bring. Raises OSError where they are no chunks."""
        data, content = self._rest + data, []
        self._rest = b""
        while data and not self.ended:
            if self._left > 0:
                piece = data[: self._left]
                content.append(piece)
                data = data[len(piece) :]
                self._left -= len(piece)
                continue
            line, found, rest = data.partition(b"\n")
            if not found:
                self._rest = data
                break
            data = rest
            if line.strip():  # else the line break after a chunk
                try:
                    self._left = int(line.split(b";")[0], 16)
                except ValueError:
                    raise OSError("the stream is not chunked as it says") from None
                self.ended = self._left == 0
        return b"".join(content)


def _error_of(data: str) -> Exception:
    try:
        told: Dict[str, Any] = json.loads(data)
    except ValueError:
        told = {}
    code, message = str(told.get("code", "internal")), str(told.get("message", "The stream was ended."))
    kinds = {"unauthorized": (401, UnauthorizedError), "forbidden": (403, ForbiddenError), "not_found": (404, NotFoundError)}
    if code in kinds:
        status, kind = kinds[code]
        return kind(status, code, message)
    return UnreachableError(message)


