"""Brings the messages of a follower, which reads in a thread of its own, into an event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from typing import AsyncGenerator, Deque, List, Optional

from .follower import RunFollower
from .messages import StreamMessage

MAX_WAITING_MESSAGES = 1000
YIELD_TO_LOOP_SECONDS = 0.005


class MessageFeed:
    """
    The thread waits while MAX_WAITING_MESSAGES are not taken yet. It is a daemon and nobody joins it: a
    request in progress delays neither a cancellation nor the end of the program.
    """

    def __init__(self, follower: RunFollower) -> None:
        self._follower = follower
        self._source = follower.messages()
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self._lock = threading.Condition()
        self._waiting: Deque[StreamMessage] = deque()
        self._ended = False
        self._error: Optional[BaseException] = None

    async def messages(self) -> AsyncGenerator[StreamMessage, None]:
        """The messages, until the run ends, the follower is stopped, or the consumer closes the iterator."""
        threading.Thread(target=self._read, name="signalbox-stream", daemon=True).start()
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                resumed = time.monotonic()
                for message in self._take():
                    if self._follower.stopping:
                        return
                    yield message
                    if time.monotonic() - resumed > YIELD_TO_LOOP_SECONDS:
                        await asyncio.sleep(0)
                        resumed = time.monotonic()
                if self._ended and not self._waiting:
                    if self._error is not None:
                        raise self._error
                    return
        finally:
            self._close()

    def _take(self) -> List[StreamMessage]:
        with self._lock:
            taken = list(self._waiting)
            self._waiting.clear()
            self._lock.notify_all()
            return taken

    def _close(self) -> None:
        self._follower.stop()
        with self._lock:
            self._lock.notify_all()

    def _read(self) -> None:
        try:
            for message in self._source:
                self._add(message)
        except BaseException as error:  # noqa: BLE001 - raised in the event loop
            self._error = error
        finally:
            self._follower.close_connection()
            self._ended = True
            self._wake()

    def _add(self, message: StreamMessage) -> None:
        with self._lock:
            while len(self._waiting) >= MAX_WAITING_MESSAGES and not self._follower.stopping:
                self._lock.wait(0.25)  # stop() does not notify
            self._waiting.append(message)
            if len(self._waiting) > 1:
                return
        self._wake()

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._changed.set)
        except RuntimeError:  # the loop is closed: nobody is waiting any more
            self._follower.stop()
