"""One run, for async code that follows or controls it."""

from __future__ import annotations

from typing import Optional

from .async_methods import awaitable
from .job_handle import JobHandle
from .requests import Json
from .worker_threads import WorkerThreads


class AsyncJobHandle:
    """JobHandle, with async methods."""

    def __init__(self, handle: JobHandle, threads: WorkerThreads) -> None:
        self._handle = handle
        self.refresh = awaitable(threads, handle.refresh)
        self.pause = awaitable(threads, handle.pause)
        self.resume = awaitable(threads, handle.resume)
        self.stop = awaitable(threads, handle.stop)
        self.checkpoint = awaitable(threads, handle.checkpoint)
        self.update_params = awaitable(threads, handle.update_params)
        self.wait_for = awaitable(threads, handle.wait_for)
        self.poll_until_terminal = handle.wait_until_terminal

    @property
    def id(self) -> str:
        """The run's id."""
        return self._handle.id

    @property
    def job(self) -> Optional[Json]:
        """The run as last read; None before the first read."""
        return self._handle.job

    def __repr__(self) -> str:
        return f"<AsyncJobHandle {self.id}>"
