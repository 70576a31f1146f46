"""Passes a run's messages to handlers, for sync and for async programs."""

from __future__ import annotations

from typing import Any, AsyncGenerator, Dict, Iterator, List, Optional, overload

from .config import StreamConfig
from .final_job import FinalJob, called_from_coroutine
from .follower import RunFollower
from .handlers.line_handlers import StreamHandler
from .message_feed import MessageFeed
from .messages import StreamMessage


class AsyncJobStreamer:
    """
    A JobStreamer for async code, as `async with JobStreamer(…) as streamer` gives it. It never blocks the
    event loop: requests are made in a thread, handlers are called in the loop, and may be async.
    """

    def __init__(self, follower: RunFollower) -> None:
        self._follower = follower

    @property
    def job_id(self) -> str:
        """The run's id."""
        return self._follower.job_id

    @property
    def config(self) -> StreamConfig:
        """Which messages to deliver."""
        return self._follower.config

    @property
    def job(self) -> Optional[Dict[str, Any]]:
        """The run as last read; after its end, the final job."""
        return self._follower.job

    @property
    def handlers(self) -> List[StreamHandler]:
        """The handlers, in the order of their calls."""
        return self._follower.handlers

    @property
    def handler_errors(self) -> Dict[int, int]:
        """How often each handler (by its index) raised."""
        return self._follower.handler_errors

    async def stream_until_terminal(self) -> Optional[FinalJob]:
        """See JobStreamer.stream_until_terminal. Cancelling the task stops it; handlers are closed."""
        group, begun = self._follower.handler_group, False
        messages = self.stream()
        try:
            async for message in messages:
                if not begun:
                    begun = True
                    await group.call_async("begin", self.job)
                await group.call_async("handle", message)
        finally:
            await messages.aclose()
            await group.call_async("flush")
            await group.call_async("close")
        return _final(self._follower)

    def stream(self) -> AsyncGenerator[StreamMessage, None]:
        """The messages that pass the filters, as they arrive; handlers are not called."""
        return MessageFeed(self._follower).messages()

    def stop(self) -> None:
        """Stops after the current message. May be called from any thread."""
        self._follower.stop()

    async def __aenter__(self) -> "AsyncJobStreamer":
        return self

    async def __aexit__(self, *_: Any) -> None:
        self.stop()


class JobStreamer(RunFollower):
    """
    Passes a run's messages to handlers, from the first one on, until the run has ended and everything
    before the end was delivered. Uses SSE; polls every `interval_seconds` if streaming is unavailable.
    A quiet run is no error: only `timeout_seconds`, for the whole run, ends it early. Without handlers,
    messages are printed. In async code: `async with JobStreamer(…) as streamer`.
    """

    @overload
    @classmethod
    def from_job_id(cls, base_url: str, api_key: Optional[str], job_id: str, **options: Any) -> "JobStreamer": ...

    @overload
    @classmethod
    def from_job_id(
        cls, job_id: str, base_url: Optional[str] = None, api_key: Optional[str] = None, **options: Any
    ) -> "JobStreamer": ...

    @classmethod
    def from_job_id(cls, *values: Optional[str], **options: Any) -> "JobStreamer":
        """
        A streamer of one run: `from_job_id(job_id)`, or `from_job_id(base_url, api_key, job_id)` as for
        JobStreamer. `options` as there, too.
        """
        # A run's id holds no slash, so a URL in the first place is never one.
        if values and "/" not in str(values[0]):
            job_id, *rest = values
            values = (*rest, *[None] * (2 - len(rest)), job_id)
        names = dict(zip(("base_url", "api_key", "job_id"), values))
        doubled = [name for name, value in names.items() if value is not None and name in options]
        if doubled or len(values) > 3:
            raise TypeError(f"from_job_id() got several values for {', '.join(doubled) or 'one argument'}")
        return cls(**{**names, **options})

    def stream_until_terminal(self) -> Optional[FinalJob]:
        """
        Passes messages to the handlers until the run has ended. Returns the final job, or None after an
        early `stop()`. Raises StreamTimeout (a TimeoutError); UnauthorizedError, ForbiddenError,
        NotFoundError. Called from a coroutine, it returns a coroutine to `await`, and blocks nothing.
        """
        if called_from_coroutine():
            # FinalJob is what the caller gets from awaiting it.
            return AsyncJobStreamer(self).stream_until_terminal()  # type: ignore[return-value]
        begun = False
        try:
            for message in self.messages():
                if not begun:
                    begun = True
                    self.handler_group.call("begin", self.job)
                self.handler_group.call("handle", message)
        finally:
            self.handler_group.call("flush")
            self.handler_group.call("close")
        return _final(self)

    def stream(self) -> Iterator[StreamMessage]:
        """The messages that pass the filters, as they arrive; handlers are not called."""
        yield from self.messages()

    async def __aenter__(self) -> AsyncJobStreamer:
        return AsyncJobStreamer(self)

    async def __aexit__(self, *_: Any) -> None:
        self.stop()


def _final(follower: RunFollower) -> Optional[FinalJob]:
    return None if follower.job is None else FinalJob(follower.job)
