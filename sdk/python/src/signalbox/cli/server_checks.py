"""Checks of `signalbox doctor` that need requests of their own."""

from __future__ import annotations

import http.client
import socket
import time
from email.utils import parsedate_to_datetime
from typing import Callable, Optional
from urllib.parse import urlsplit

from ..settings import Settings
from ..transport.http_connection import HttpConnection, open_connection

TIMEOUT_SECONDS = 10.0


class CheckFailed(Exception):
    """What the server sent instead."""


def clock_skew(
    settings: Settings, *, date_of: Optional[Callable[[], Optional[str]]] = None, now: Callable[[], float] = time.time
) -> Optional[float]:
    """
    Seconds that this machine's clock is ahead of the server's; None if the server sends no date. The date
    has whole seconds, so the result is accurate to about one.
    """
    before = now()
    date = (date_of or (lambda: _date_of(settings)))()
    after = now()
    try:
        server = parsedate_to_datetime(date or "").timestamp()
    except (TypeError, ValueError, IndexError):
        return None
    # Compares the middle of the round trip with the middle of the second that the server sent.
    return (before + after) / 2 - (server + 0.5)


def _date_of(settings: Settings) -> Optional[str]:
    connection = HttpConnection(settings.url, TIMEOUT_SECONDS)
    try:
        return connection.request("GET", "/api/auth/session").headers.get("date")
    finally:
        connection.close()


def open_stream(settings: Settings, timeout: float = TIMEOUT_SECONDS) -> int:
    """Opens the live stream and waits for its first frame; returns how long that took in ms. Raises CheckFailed."""
    started = time.monotonic()
    connection = open_connection(settings.url, timeout)
    try:
        _first_frame(connection, settings)
        return round((time.monotonic() - started) * 1000)
    except (socket.timeout, TimeoutError):
        raise CheckFailed(
            f"No data within {timeout:g} s. A proxy may be buffering the stream."
        ) from None
    except (OSError, http.client.HTTPException) as error:
        raise CheckFailed(str(error)) from None
    finally:
        connection.close()


def _first_frame(connection: http.client.HTTPConnection, settings: Settings) -> None:
    path = urlsplit(settings.url).path.rstrip("/") + "/api/training/jobs/stream"
    headers = {"Accept": "text/event-stream", "X-API-Key": settings.api_key or ""}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    if response.status != 200:
        raise CheckFailed(f"The server answered {response.status}.")
    kind = response.getheader("Content-Type") or "nothing"
    if not kind.startswith("text/event-stream"):
        raise CheckFailed(f"The server sent {kind}.")
    if not response.readline():
        raise CheckFailed("The stream ended before its first frame.")
