"""One connection to the live stream."""

from __future__ import annotations

import select
import socket
import time
from typing import Any, Dict, Iterator, Optional
from urllib.parse import urlsplit

from ..transport.dashboard_http import query_string
from ..transport.http_connection import Reply, open_connection
from .chunked_body import ChunkedBody
from .context import StreamContext
from .items import StreamEnded, StreamStalled, StreamUnavailable

FIRST_FRAME_TIMEOUT_SECONDS = 15.0
STALL_TIMEOUT_SECONDS = 40.0
UNAVAILABLE_STATUSES = (404, 405, 406, 501)


class StreamConnection:
    """Opens one connection and yields its bytes; waits in short slices, so that `stop()` works."""

    def __init__(self, context: StreamContext, path: str, query: Dict[str, Any]) -> None:
        self._context = context
        base_url = context.http.base_url
        path += query_string(query)
        self._connection = open_connection(base_url, FIRST_FRAME_TIMEOUT_SECONDS)
        try:
            self._connection.connect()
            self._socket: socket.socket = self._connection.sock
            headers = {"X-API-Key": context.http.api_key, "Accept": "text/event-stream"}
            self._connection.request("GET", urlsplit(base_url).path.rstrip("/") + path, headers=headers)
            self._response = self._connection.getresponse()
            self._check()
        except (socket.timeout, TimeoutError):
            self._connection.close()
            raise StreamStalled() from None
        except BaseException:
            self._connection.close()
            raise

    def _check(self) -> None:
        response = self._response
        if response.status == 204:
            raise StreamEnded()
        if response.status != 200:
            body = response.read(65_536)
            if response.status in UNAVAILABLE_STATUSES:
                raise StreamUnavailable(f"The live stream responds with {response.status}.")
            headers = {name.lower(): value for name, value in response.getheaders()}
            raise Reply(response.status, headers, body).error()
        kind = response.getheader("Content-Type", "")
        if not kind.lower().startswith("text/event-stream"):
            raise StreamUnavailable(f"The live stream's content type is {kind or 'missing'}.")

    def chunks(self, idle: Optional[bytes] = None) -> Iterator[bytes]:
        """
        Bytes as they arrive, and `idle` several times a second while none do; ends with the connection.
        Raises StreamStalled, Stopped, StreamTimeout.
        """
        body = ChunkedBody() if self._response.chunked else None
        received_at, first = time.monotonic(), True
        data = self._read_buffered()
        while True:
            content = body.feed(data) if body is not None else data
            if content:
                received_at, first = time.monotonic(), False
                yield content
            if body is not None and body.ended:
                return
            while not self._ready():
                if time.monotonic() - received_at > (FIRST_FRAME_TIMEOUT_SECONDS if first else STALL_TIMEOUT_SECONDS):
                    if first:
                        raise StreamStalled()
                    return
                if idle is not None:
                    yield idle
            data = self._socket.recv(65_536)
            if not data:
                return

    def _read_buffered(self) -> bytes:
        """The bytes that were read together with the headers and are still in Python's buffer."""
        self._socket.setblocking(False)
        try:
            return self._response.fp.read(len(self._response.fp.peek(1)))
        except OSError:
            return b""
        finally:
            self._socket.settimeout(STALL_TIMEOUT_SECONDS)

    def _ready(self) -> bool:
        self._context.check()
        pending = getattr(self._socket, "pending", None)
        if pending is not None and pending() > 0:
            return True
        left = self._context.left()
        wait = 0.25 if left is None else max(0.0, min(0.25, left))
        return bool(select.select([self._socket], [], [], wait)[0])

    def close(self) -> None:
        """Closes the connection."""
        self._response.close()
        self._connection.close()
