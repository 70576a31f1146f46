"""One keep-alive HTTP connection, with the standard library only."""

from __future__ import annotations

import http.client
import socket
import ssl
import zlib
from typing import Dict, Mapping, NamedTuple, Optional
from urllib.parse import urlsplit

from .._version import VERSION
from ..errors import ApiError, RequestTimeoutError, UnreachableError, error_of_reply

GZIP_FROM_BYTES = 1024


class Reply(NamedTuple):
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> Optional[float]:
        """Seconds of the `Retry-After` header, if it has some."""
        return parse_retry_after(self.headers.get("retry-after"))

    def error(self) -> ApiError:
        """The typed error of an error response."""
        return error_of_reply(
            self.status, self.body, self.headers.get("x-request-id"), self.retry_after
        )


def parse_retry_after(text: Optional[str]) -> Optional[float]:
    """Seconds; dates and invalid values count as absent."""
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def gzip_bytes(data: bytes) -> bytes:
    """The fastest compression level: the sender shares the processor with the training."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def open_connection(base_url: str, timeout: float) -> http.client.HTTPConnection:
    """A connection to the host of a URL, not yet opened."""
    parts = urlsplit(base_url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout)


class HttpConnection:
    """For one thread. A connection that went stale while idle is replaced silently."""

    def __init__(self, base_url: str, timeout: float = 15.0) -> None:
        self.base_url = base_url
        self._timeout = timeout
        self._prefix = urlsplit(base_url).path.rstrip("/")
        self._connection: Optional[http.client.HTTPConnection] = None

    def request(
        self,
        method: str,
        path: str,
        body: Optional[bytes] = None,
        headers: Optional[Dict[str, str]] = None,
        timeout: Optional[float] = None,
    ) -> Reply:
        """
        Sends an idempotent request and returns its response, whatever its status.
        Raises UnreachableError, RequestTimeoutError.
        """
        all_headers = {"User-Agent": f"signalbox-python/{VERSION}", **(headers or {})}
        if body is not None:
            all_headers.setdefault("Content-Type", "application/json")
            if len(body) >= GZIP_FROM_BYTES:
                body = gzip_bytes(body)
                all_headers["Content-Encoding"] = "gzip"
        reused = self._connection is not None
        try:
            return self._once(method, path, body, all_headers, timeout)
        except (http.client.RemoteDisconnected, ConnectionError, http.client.BadStatusLine) as error:
            self.close()
            if not reused:
                raise _unreachable(self.base_url, error, self._timeout) from error
        except (socket.timeout, OSError, http.client.HTTPException) as error:
            self.close()
            raise _unreachable(self.base_url, error, timeout or self._timeout) from error
        try:
            return self._once(method, path, body, all_headers, timeout)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise _unreachable(self.base_url, error, timeout or self._timeout) from error

    def _once(
        self,
        method: str,
        path: str,
        body: Optional[bytes],
        headers: Dict[str, str],
        timeout: Optional[float],
    ) -> Reply:
        connection = self._connection
        if connection is None:
            connection = self._connection = open_connection(self.base_url, self._timeout)
            connection.connect()
            if connection.sock is not None:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if connection.sock is not None:
            connection.sock.settimeout(timeout or self._timeout)
        connection.request(method, self._prefix + path, body, headers)
        response = connection.getresponse()
        content = response.read()
        # A failing server may be about to restart: an open connection would delay that.
        if response.will_close or response.status >= 500:
            self.close()
        return Reply(
            response.status, {name.lower(): value for name, value in response.getheaders()}, content
        )

    def close(self) -> None:
        """Closes the connection; the next request opens a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _unreachable(url: str, error: BaseException, timeout: float) -> UnreachableError:
    if isinstance(error, (socket.timeout, TimeoutError)):
        return RequestTimeoutError(f"{url} did not respond within {timeout:g} s.")
    reason = getattr(error, "strerror", None) or str(error) or "the connection broke"
    return UnreachableError(f"{url} cannot be reached: {reason}.")
