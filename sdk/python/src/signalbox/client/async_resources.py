"""The client's resources for async code."""

from __future__ import annotations

from typing import Any, Collection, Mapping, Optional

from .async_job_handle import AsyncJobHandle
from .async_methods import awaitable, iterated
from .control import Control
from .jobs import Jobs
from .logs import Errors, Logs
from .metrics import Metrics
from .predictions import Predictions
from .worker_threads import WorkerThreads


class AsyncJobs:
    """Jobs, with async methods."""

    def __init__(self, jobs: Jobs, threads: WorkerThreads) -> None:
        self._jobs = jobs
        self._threads = threads
        self._create = awaitable(threads, jobs.create)
        self.list = awaitable(threads, jobs.list)
        self.all = iterated(threads, jobs.all)
        self.get = awaitable(threads, jobs.get)
        self.attach = awaitable(threads, jobs.attach)
        self.update = awaitable(threads, jobs.update)
        self.delete = awaitable(threads, jobs.delete)

    def handle(self, job_id: str) -> AsyncJobHandle:
        """A handle for a run id; does not check that the run exists."""
        return AsyncJobHandle(self._jobs.handle(job_id), self._threads)

    async def create(
        self,
        kind: str,
        config: Optional[Mapping[str, Any]] = None,
        *,
        name: Optional[str] = None,
        dataset_id: Optional[str] = None,
        tags: Collection[str] = (),
        idempotency_key: Optional[str] = None,
    ) -> AsyncJobHandle:
        """See Jobs.create."""
        handle = await self._create(
            kind, config, name=name, dataset_id=dataset_id, tags=tags, idempotency_key=idempotency_key
        )
        return AsyncJobHandle(handle, self._threads)


class AsyncMetrics:
    """Metrics, with async methods."""

    def __init__(self, metrics: Metrics, threads: WorkerThreads) -> None:
        self.get = awaitable(threads, metrics.get)
        self.series = awaitable(threads, metrics.series)
        self.points = iterated(threads, metrics.points)
        self.create = awaitable(threads, metrics.create)


class AsyncLogs:
    """Logs, with async methods."""

    def __init__(self, logs: Logs, threads: WorkerThreads) -> None:
        self.get = awaitable(threads, logs.get)
        self.lines = iterated(threads, logs.lines)


class AsyncErrors:
    """Errors, with async methods."""

    def __init__(self, errors: Errors, threads: WorkerThreads) -> None:
        self.get = awaitable(threads, errors.get)


class AsyncControl:
    """Control, with async methods."""

    def __init__(self, control: Control, threads: WorkerThreads) -> None:
        self.pause = awaitable(threads, control.pause)
        self.resume = awaitable(threads, control.resume)
        self.stop = awaitable(threads, control.stop)
        self.checkpoint = awaitable(threads, control.checkpoint)
        self.update_params = awaitable(threads, control.update_params)
        self.commands = awaitable(threads, control.commands)
        self.wait_for = awaitable(threads, control.wait_for)


class AsyncPredictions:
    """Predictions, with async methods."""

    def __init__(self, predictions: Predictions, threads: WorkerThreads) -> None:
        self.get = awaitable(threads, predictions.get)
        self.all = iterated(threads, predictions.all)
        self.epochs = awaitable(threads, predictions.epochs)
        self.trends = awaitable(threads, predictions.trends)
        self.create = awaitable(threads, predictions.create)
