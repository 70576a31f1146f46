"""The two threads beside a training: one sends the journal and beats, one waits for commands."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from typing import Any, Callable, Dict, Optional

from .control import Control
from .errors import SignalboxError
from .link import DashboardLink
from .sender import IDLE, SENT, WAIT, Sender, backoff
from .spool import SpoolWriter
from .transport import HttpConnection

TICK = 0.05
# A busy script is sent for four times a second, or less where that took more than a third of a per cent
# of a core: the training may need it.
SEND_EVERY = 0.25
SEND_AT_LEAST_EVERY = 1.0
REST_FOR_WORK = 300
SYNC_EVERY = 5.0
BEAT_EVERY = 5.0
POLL_SECONDS = 25


class SendingThread:
    """Drives a Sender until it is closed and everything is confirmed, or it is told to give up."""

    def __init__(
        self,
        sender: Sender,
        writer: SpoolWriter,
        control: Control,
        beat: Callable[[], Optional[Dict[str, Any]]],
        on_trouble: Callable[[str, str], None],
    ) -> None:
        self._sender = sender
        self._writer = writer
        self._control = control
        self._beat = beat
        self._on_trouble = on_trouble
        self._sent_total = -1
        self._hurry = False
        self._try_now = False
        self._stop = False
        self.failing = False
        self.idle = False
        self._thread = threading.Thread(target=self._run, name="signalbox-sender", daemon=True)

    def start(self) -> None:
        """Begins to send."""
        self._thread.start()

    def hurry(self) -> None:
        """Has what was just written sent at the next tick. Safe in signal handlers: takes no lock."""
        self._hurry = True

    def _run(self) -> None:
        next_send = next_beat = next_sync = 0.0
        while not self._stop:
            try:
                now = time.monotonic()
                self._control.refuse_unattended()
                if self._try_now:
                    self._try_now, next_send = False, 0.0
                waiting = self._writer.total != self._sent_total
                if waiting and (now >= next_send or (self._hurry and not self.failing)):
                    spent = time.thread_time()
                    wait = self._send_all()
                    rest = min(SEND_AT_LEAST_EVERY, REST_FOR_WORK * (time.thread_time() - spent))
                    next_send = time.monotonic() + max(wait, rest)
                    next_beat = max(next_beat, now + BEAT_EVERY) if not self.failing else next_beat
                elif now >= next_beat and not self.failing:
                    body = self._beat()
                    if body is not None:
                        self._sender.link.beat(body)
                    next_beat = now + BEAT_EVERY
                if self.failing and now >= next_sync:
                    self._writer.sync()
                    next_sync = now + SYNC_EVERY
            except Exception as error:  # noqa: BLE001 - the thread must not die of anything
                self.failing = True
                next_send = time.monotonic() + 1.0
                self._on_trouble("sender", f"sending failed, and goes on: {error!r}")
            time.sleep(TICK)
        self._sender.link.close()

    def _send_all(self) -> float:
        """Sends until nothing is left or something fails; seconds until the next try."""
        self._hurry, self.idle = False, False
        while not self._stop:
            total = self._writer.total
            outcome = self._sender.send_next()
            if outcome.what == IDLE:
                self._sent_total, self.idle, self.failing = total, True, False
                return SEND_EVERY
            self.failing = outcome.what == WAIT
            if outcome.what != SENT:
                return outcome.wait
            if self._sender.caught_up:
                # What came meanwhile makes the next batch: fewer, larger ones cost less.
                return SEND_EVERY
        return 0.0

    def drained(self) -> bool:
        """Whether all that was written is confirmed."""
        return self.idle and self._writer.total == self._sent_total

    def drain(self, seconds: float, away_seconds: float) -> bool:
        """
        Waits until everything is confirmed: `seconds` while the dashboard answers, `away_seconds`
        while it does not. Uses no lock, so that a signal handler may call it.
        """
        start = time.monotonic()
        self._try_now = True
        while not self.drained():
            self._hurry = True
            passed = time.monotonic() - start
            if passed > seconds or (self.failing and passed > away_seconds):
                return False
            if not self._thread.is_alive():
                return False
            time.sleep(0.01)
        return True

    def stop(self) -> None:
        """Ends the thread soon."""
        self._stop = True

    def join(self, seconds: float) -> None:
        """Waits until the thread has ended."""
        self._thread.join(seconds)


class CommandThread:
    """The long poll for commands, once the run is attached."""

    def __init__(
        self,
        link: DashboardLink,
        control: Control,
        on_trouble: Callable[[str, str], None],
        connect: Callable[[str, float], HttpConnection] = HttpConnection,
    ) -> None:
        self._link = link
        self._control = control
        self._on_trouble = on_trouble
        self._connect = connect
        self._connection: Optional[HttpConnection] = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="signalbox-commands", daemon=True)

    def start(self) -> None:
        """Begins to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Asks no more; a poll under way is left to time out with the process."""
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
            url, token = self._link.attached_url, self._link.token
            if self._link.taken_over:
                self._on_trouble("taken over", "the run was attached elsewhere: commands go there now")
                self._stop.wait(1.0)
                continue
            if url is None or token is None:
                self._stop.wait(0.1)
                continue
            connection = self._connection
            if connection is None or connection.base_url != url:
                connection = self._connection = self._connect(url, 15.0)
            asked = time.monotonic()
            try:
                found = self._ask(connection, token)
            except (SignalboxError, ValueError, KeyError) as error:
                failures += 1
                if failures == 8:
                    self._on_trouble("commands", f"commands do not arrive: {error}")
                self._stop.wait(backoff(failures, random.random) + 0.05)
                continue
            failures = 0
            # A dashboard that answers at once instead of waiting is not asked without a pause.
            if not found and time.monotonic() - asked < 0.2:
                self._stop.wait(0.5)

    def _ask(self, connection: HttpConnection, token: str) -> bool:
        path = f"/api/training/local/{self._link.job_id}/commands/next?wait={POLL_SECONDS}"
        headers = {"Authorization": f"Bearer {token}"}
        reply = connection.request("GET", path, headers=headers, timeout=POLL_SECONDS + 15)
        if self._stop.is_set():
            return False
        if reply.status != 200:
            if token != self._link.token:
                return False
            raise reply.error()
        command = json.loads(reply.body).get("command")
        if not command:
            return False
        self._control.receive(command)
        return True


def interrupt_main_thread() -> None:
    """Ctrl-C from within: the way a script that asks for nothing is stopped."""
    import signal

    # Shells start background jobs with Ctrl-C ignored; to end, they are asked otherwise.
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    os.kill(os.getpid(), signal.SIGTERM if deaf else signal.SIGINT)
