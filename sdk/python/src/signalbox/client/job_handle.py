"""One run, for programs that follow or control it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict, Mapping, Optional, Protocol, Sequence

from .control import Control
from .requests import Json

if TYPE_CHECKING:
    from ..streaming import StreamHandler, StreamMessage


class JobReader(Protocol):
    """Reads runs."""

    def get(self, job_id: str) -> Json: ...


class HandleClient(Protocol):
    """The client, as far as a handle needs it."""

    @property
    def jobs(self) -> JobReader: ...

    @property
    def control(self) -> Control: ...

    def streamer(self, job_id: str, **options: Any) -> Any: ...


class JobHandle:
    """Controls a run and waits for its end. `job`: the run as last read; None before the first read."""

    def __init__(self, client: HandleClient, id: str, job: Optional[Json] = None) -> None:
        self.id = id
        self.job = job
        self._client = client

    def refresh(self) -> Json:
        """Reads the run again."""
        self.job = self._client.jobs.get(self.id)
        return self.job

    def pause(self, mode: Optional[str] = None, **options: Any) -> Json:
        """See Control.pause."""
        return self._client.control.pause(self.id, mode, **options)

    def resume(self, checkpoint_id: Optional[str] = None, **options: Any) -> Json:
        """See Control.resume."""
        return self._client.control.resume(self.id, checkpoint_id, **options)

    def stop(self, **options: Any) -> Json:
        """See Control.stop."""
        return self._client.control.stop(self.id, **options)

    def checkpoint(self, **options: Any) -> Json:
        """See Control.checkpoint."""
        return self._client.control.checkpoint(self.id, **options)

    def update_params(self, params: Mapping[str, Any], **options: Any) -> Json:
        """See Control.update_params."""
        return self._client.control.update_params(self.id, params, **options)

    def wait_for(self, command: Any, timeout: Optional[float] = None) -> Json:
        """Waits until the trainer has answered a command."""
        return self._client.control.wait_for(self.id, command, timeout)

    def poll_until_terminal(
        self,
        on_event: Optional[Callable[["StreamMessage"], Any]] = None,
        on_metric: Optional[Callable[["StreamMessage"], Any]] = None,
        *,
        handlers: Sequence["StreamHandler"] = (),
        **options: Any,
    ) -> Optional[Json]:
        """
        Waits until the run has ended, with a callback for each event and metric point from the first on.
        Returns the final job. `options` as for JobStreamer: config, interval_seconds, timeout_seconds.
        """
        from ..streaming import CallbackHandler

        functions: Dict[str, Any] = {"events": on_event, "metrics": on_metric}
        callbacks = CallbackHandler({name: function for name, function in functions.items() if function})
        streamer = self._client.streamer(self.id, handlers=[callbacks, *handlers], **options)
        job: Optional[Json] = streamer.stream_until_terminal()
        self.job = job or self.job
        return job

    def __repr__(self) -> str:
        return f"<JobHandle {self.id}>"
