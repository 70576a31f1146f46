"""One run, for programs that follow or control it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Sequence

from ..errors import ConfigurationError
from ..transport.dashboard_http import DashboardHttp, path_segment
from .control import Control
from .requests import Json

if TYPE_CHECKING:
    from ..streaming import FinalJob, JobStreamer, MessageData, StreamHandler


class JobHandle:
    """Controls a run and waits for its end. `job`: the run as last read; None before the first read."""

    def __init__(
        self,
        base_url: Optional[str] = None,
        api_key: Optional[str] = None,
        job_id: str = "",
        *,
        http: Optional[DashboardHttp] = None,
        job: Optional[Json] = None,
    ) -> None:
        if not job_id:
            raise ConfigurationError("job_id is required.")
        self.id = job_id
        self.job = job
        self._http = http or DashboardHttp(base_url, api_key)
        self._control = Control(self._http)

    @property
    def job_id(self) -> str:
        """The same as `id`."""
        return self.id

    def refresh(self) -> Json:
        """Reads the run again."""
        job: Json = self._http.call("GET", f"/api/training/{path_segment(self.id)}")
        self.job = job
        return job

    def pause(self, mode: Optional[str] = None, **options: Any) -> Json:
        """See Control.pause."""
        return self._control.pause(self.id, mode, **options)

    def resume(self, checkpoint_id: Optional[str] = None, **options: Any) -> Json:
        """See Control.resume."""
        return self._control.resume(self.id, checkpoint_id, **options)

    def stop(self, **options: Any) -> Json:
        """See Control.stop."""
        return self._control.stop(self.id, **options)

    def checkpoint(self, **options: Any) -> Json:
        """See Control.checkpoint."""
        return self._control.checkpoint(self.id, **options)

    def update_params(self, params: Mapping[str, Any], **options: Any) -> Json:
        """See Control.update_params."""
        return self._control.update_params(self.id, params, **options)

    def wait_for(self, command: Any, timeout: Optional[float] = None) -> Json:
        """Waits until the trainer has answered a command."""
        return self._control.wait_for(self.id, command, timeout)

    def poll_until_terminal(
        self,
        on_event: Optional[Callable[[MessageData], Any]] = None,
        on_metric: Optional[Callable[[MessageData], Any]] = None,
        *,
        handlers: Sequence[StreamHandler] = (),
        **options: Any,
    ) -> Optional[FinalJob]:
        """
        Waits until the run has ended, with a callback for each event and metric point from the first on:
        it gets the data. Returns the final job. `options` as for JobStreamer: config, interval_seconds,
        timeout_seconds. Called from a coroutine, it returns a coroutine to `await`, and blocks nothing.
        """
        from ..streaming.final_job import called_from_coroutine

        if called_from_coroutine():
            # FinalJob is what the caller gets from awaiting it.
            waiting = self.wait_until_terminal(on_event, on_metric, handlers=handlers, **options)
            return waiting  # type: ignore[return-value]
        job = self._streamer(on_event, on_metric, handlers, options).stream_until_terminal()
        self.job = job or self.job
        return job

    async def wait_until_terminal(
        self,
        on_event: Optional[Callable[[MessageData], Any]] = None,
        on_metric: Optional[Callable[[MessageData], Any]] = None,
        *,
        handlers: Sequence[StreamHandler] = (),
        **options: Any,
    ) -> Optional[FinalJob]:
        """`poll_until_terminal` for async code."""
        async with self._streamer(on_event, on_metric, handlers, options) as streamer:
            job = await streamer.stream_until_terminal()
        self.job = job or self.job
        return job

    def _streamer(
        self,
        on_event: Optional[Callable[[MessageData], Any]],
        on_metric: Optional[Callable[[MessageData], Any]],
        handlers: Sequence[StreamHandler],
        options: Mapping[str, Any],
    ) -> JobStreamer:
        from ..streaming import CallbackHandler, JobStreamer

        callbacks = CallbackHandler(on_event=on_event, on_metric=on_metric)
        return JobStreamer(job_id=self.id, http=self._http, handlers=[callbacks, *handlers], **options)

    def __repr__(self) -> str:
        return f"<JobHandle {self.id}>"
