"""The thread that long-polls the dashboard for commands."""

from __future__ import annotations

import json
import random
import threading
import time
from typing import Any, Callable, Mapping, Optional, Protocol

from ..errors import SignalboxError
from ..transport.backoff import backoff
from ..transport.http_connection import HttpConnection
from ..warn_once import Warn

POLL_SECONDS = 25


class Attachment(Protocol):
    """Where the run is attached, and with which token; both None before it is."""

    job_id: str
    token: Optional[str]
    attached_url: Optional[str]
    taken_over: bool


class CommandPoller:
    """Polls once the run is attached, and passes each command to `receive`."""

    def __init__(
        self,
        attachment: Attachment,
        receive: Callable[[Mapping[str, Any]], None],
        warn_once: Warn,
        connect: Callable[[str, float], HttpConnection] = HttpConnection,
    ) -> None:
        self._attachment = attachment
        self._receive = receive
        self._warn_once = warn_once
        self._connect = connect
        self._connection: Optional[HttpConnection] = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="signalbox-commands", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stops polling; does not wait for a request in flight."""
        self._stop.set()

    def _run(self) -> None:
        try:
            self._poll()
        finally:
            if self._connection is not None:
                self._connection.close()

    def _poll(self) -> None:
        failures = 0
        while not self._stop.is_set():
            url, token = self._attachment.attached_url, self._attachment.token
            if self._attachment.taken_over:
                self._warn_once("taken over", "the run was attached elsewhere: commands go there now")
                self._stop.wait(1.0)
                continue
            if url is None or token is None:
                self._stop.wait(0.1)
                continue
            connection = self._connection
            if connection is None or connection.base_url != url:
                connection = self._connection = self._connect(url, 15.0)
            started = time.monotonic()
            try:
                received = self._poll_once(connection, token)
            except (SignalboxError, ValueError, KeyError) as error:
                failures += 1
                if failures == 8:
                    self._warn_once("commands", f"commands cannot be received: {error}")
                self._stop.wait(backoff(failures, random.random) + 0.05)
                continue
            failures = 0
            # Some dashboards respond at once instead of waiting: do not poll those in a busy loop.
            if not received and time.monotonic() - started < 0.2:
                self._stop.wait(0.5)

    def _poll_once(self, connection: HttpConnection, token: str) -> bool:
        path = f"/api/training/local/{self._attachment.job_id}/commands/next?wait={POLL_SECONDS}"
        headers = {"Authorization": f"Bearer {token}"}
        reply = connection.request("GET", path, headers=headers, timeout=POLL_SECONDS + 15)
        if self._stop.is_set():
            return False
        if reply.status != 200:
            if token != self._attachment.token:
                return False
            raise reply.error()
        command = json.loads(reply.body).get("command")
        if not command:
            return False
        self._receive(command)
        return True
