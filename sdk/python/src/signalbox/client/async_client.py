"""The API client for async code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional

from .async_methods import awaitable
from .async_resources import AsyncControl, AsyncErrors, AsyncJobs, AsyncLogs, AsyncMetrics, AsyncPredictions
from .client import Client
from .worker_threads import WorkerThreads

if TYPE_CHECKING:
    from ..streaming import AsyncJobStreamer


class AsyncClient:
    """
    Client for async code: the same methods, to be awaited, and the same errors. Requests are made in
    threads, so that the event loop is never blocked. Use it with `async with`.
    """

    def __init__(self, url: Optional[str] = None, api_key: Optional[str] = None, timeout: float = 30.0) -> None:
        self._client = client = Client(url, api_key, timeout)
        self._threads = threads = WorkerThreads(client.http.close)
        client.http.sleep = threads.sleep
        self.jobs = AsyncJobs(client.jobs, threads)
        self.metrics = AsyncMetrics(client.metrics, threads)
        self.logs = AsyncLogs(client.logs, threads)
        self.errors = AsyncErrors(client.errors, threads)
        self.control = AsyncControl(client.control, threads)
        self.predictions = AsyncPredictions(client.predictions, threads)
        self.health = awaitable(threads, client.health)
        self.capabilities = awaitable(threads, client.capabilities)

    @property
    def url(self) -> str:
        """The dashboard's URL."""
        return self._client.url

    def streamer(self, job_id: str, **options: Any) -> AsyncJobStreamer:
        """An AsyncJobStreamer for one run, with this client's credentials."""
        from ..streaming import AsyncJobStreamer

        return AsyncJobStreamer(self._client.streamer(job_id, **options))

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: Any) -> None:
        self._threads.close()
