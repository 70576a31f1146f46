"""Runs blocking calls beside an event loop."""

from __future__ import annotations

import asyncio
import threading
from queue import SimpleQueue
from typing import Any, Callable, List, Optional, TypeVar

R = TypeVar("R")
MAX_THREADS = 8


class CallCancelled(BaseException):
    """Ends a call, in its thread, that nobody awaits any more."""


class _Call:
    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.loop = asyncio.get_running_loop()
        self.future: "asyncio.Future[Any]" = self.loop.create_future()
        self.cancelled = threading.Event()

    def settle(self, result: Any, error: Optional[BaseException]) -> None:
        try:
            self.loop.call_soon_threadsafe(self._settle, result, error)
        except RuntimeError:
            pass  # the loop is closed: nobody is waiting any more

    def _settle(self, result: Any, error: Optional[BaseException]) -> None:
        if self.future.done():
            return
        if error is None:
            self.future.set_result(result)
        else:
            self.future.set_exception(error)


class WorkerThreads:
    """
    At most MAX_THREADS daemon threads, started as needed. Cancelling a call returns at once: its request
    may still be carried out, but is not sent again.
    """

    def __init__(self, at_exit: Callable[[], None]) -> None:
        self._at_exit = at_exit
        self._calls: "SimpleQueue[Optional[_Call]]" = SimpleQueue()
        self._current = threading.local()
        self._threads: List[threading.Thread] = []
        self._unfinished = 0
        self._lock = threading.Lock()

    async def run(self, work: Callable[[], R]) -> R:
        """The result of a blocking function, which is called in a thread."""
        call = _Call(work)
        with self._lock:
            self._unfinished += 1
            if len(self._threads) < min(self._unfinished, MAX_THREADS):
                thread = threading.Thread(target=self._work, name="signalbox-client", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._calls.put(call)
        try:
            result: R = await call.future
            return result
        except asyncio.CancelledError:
            call.cancelled.set()
            raise

    def sleep(self, seconds: float) -> None:
        """Sleeps in a thread; raises CallCancelled when the call is cancelled."""
        call: _Call = self._current.call
        if call.cancelled.wait(seconds):
            raise CallCancelled()

    def close(self) -> None:
        """Ends the threads after the calls at hand; later calls start new ones."""
        with self._lock:
            threads, self._threads = self._threads, []
        for _ in threads:
            self._calls.put(None)

    def _work(self) -> None:
        try:
            for call in iter(self._calls.get, None):
                if not call.cancelled.is_set():
                    self._carry_out(call)
                with self._lock:
                    self._unfinished -= 1
        finally:
            self._at_exit()

    def _carry_out(self, call: _Call) -> None:
        self._current.call = call
        try:
            result = call.work()
        except CallCancelled:
            pass
        except BaseException as error:  # noqa: BLE001 - raised where the call is awaited
            call.settle(None, error)
        else:
            call.settle(result, None)
