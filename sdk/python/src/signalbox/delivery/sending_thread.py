"""The thread that sends the journal and heartbeats."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Optional

from ..warn_once import Warn
from .ingest_client import FULL
from .sender import IDLE, SENT, WAIT, Sender
from .spool import SpoolWriter

TICK_SECONDS = 0.05
# A busy script's data is sent four times a second, or less often if that takes more than a third of a
# percent of a core, which the training may need.
SEND_EVERY = 0.25
SEND_AT_LEAST_EVERY = 1.0
IDLE_SECONDS_PER_CPU_SECOND = 300
FSYNC_EVERY = 5.0
HEARTBEAT_EVERY = 5.0


class SendingThread:
    """Runs a Sender until it is stopped. `on_tick` is called at every tick."""

    def __init__(
        self,
        sender: Sender,
        writer: SpoolWriter,
        heartbeat: Callable[[], Optional[Dict[str, Any]]],
        on_tick: Callable[[], None],
        warn_once: Warn,
    ) -> None:
        self._sender = sender
        self._writer = writer
        self._heartbeat = heartbeat
        self._on_tick = on_tick
        self._warn_once = warn_once
        self._sent_total = -1
        self._urgent = False
        self._retry_now = False
        self._stop = False
        self.failing = False
        # The dashboard answers, and takes heartbeats.
        self._full = False
        self.idle = False
        self._thread = threading.Thread(target=self._run, name="signalbox-sender", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def send_soon(self) -> None:
        """Sends what was just written at the next tick. Takes no lock, so it is safe in signal handlers."""
        self._urgent = True

    def _run(self) -> None:
        next_send = next_heartbeat = next_fsync = 0.0
        while not self._stop:
            try:
                now = time.monotonic()
                self._on_tick()
                if self._retry_now:
                    self._retry_now, next_send = False, 0.0
                unsent = self._writer.total != self._sent_total
                if unsent and (now >= next_send or (self._urgent and not self.failing)):
                    cpu_before = time.thread_time()
                    wait = self._send_all()
                    cpu_seconds = time.thread_time() - cpu_before
                    idle = min(SEND_AT_LEAST_EVERY, IDLE_SECONDS_PER_CPU_SECOND * cpu_seconds)
                    next_send = time.monotonic() + max(wait, idle)
                    if not self.failing:
                        next_heartbeat = max(next_heartbeat, now + HEARTBEAT_EVERY)
                elif now >= next_heartbeat and (self._full or not self.failing):
                    body = self._heartbeat()
                    if body is not None:
                        self._sender.client.send_heartbeat(body)
                    next_heartbeat = now + HEARTBEAT_EVERY
                if self.failing and now >= next_fsync:
                    self._writer.sync()
                    next_fsync = now + FSYNC_EVERY
            except Exception as error:  # noqa: BLE001 - the thread must survive any error
                self.failing = True
                next_send = time.monotonic() + 1.0
                self._warn_once("sender", f"sending failed and will be retried: {error!r}")
            time.sleep(TICK_SECONDS)
        self._sender.client.close()

    def _send_all(self) -> float:
        """Sends until nothing is left or something fails; returns the seconds until the next try."""
        self._urgent, self.idle = False, False
        while not self._stop:
            total = self._writer.total
            outcome = self._sender.send_next()
            if outcome.state == IDLE:
                self._sent_total, self.idle, self.failing = total, True, False
                self._full = False
                return SEND_EVERY
            self.failing = outcome.state == WAIT
            self._full = outcome.result is not None and outcome.result.outcome == FULL
            if outcome.state != SENT:
                return outcome.wait
            if self._sender.caught_up:
                # Records written meanwhile wait for the next batch: fewer, larger batches cost less.
                return SEND_EVERY
        return 0.0

    def drained(self) -> bool:
        """Whether everything written is confirmed."""
        return self.idle and self._writer.total == self._sent_total

    def drain(self, timeout: float, offline_timeout: float) -> bool:
        """
        Waits until everything is confirmed: `timeout` seconds while the dashboard responds,
        `offline_timeout` while it does not. Takes no lock, so it is safe in signal handlers.
        """
        start = time.monotonic()
        self._retry_now = True
        while not self.drained():
            self._urgent = True
            elapsed = time.monotonic() - start
            if elapsed > timeout or (self.failing and elapsed > offline_timeout):
                return False
            if not self._thread.is_alive():
                return False
            time.sleep(0.01)
        return True

    def stop(self) -> None:
        """Stops the thread at its next tick."""
        self._stop = True

    def join(self, seconds: float) -> None:
        """Waits until the thread has ended."""
        self._thread.join(seconds)
