"""Follows one run to its end, over reconnections, resets, and the change to polling."""

from __future__ import annotations

import logging
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ..errors import ConfigurationError
from ..transport.backoff import backoff
from ..transport.dashboard_http import DashboardHttp
from .config import StreamConfig
from .context import Stopped, StreamContext
from .decode import decode_row
from .handlers.handler_group import HandlerGroup, OnError
from .handlers.line_handlers import CLIHandler, StreamHandler
from .items import TERMINAL_STATUSES, StreamEnd, StreamItem
from .message_filter import MessageFilter
from .messages import StreamMessage, StreamType
from .sse import Rows
from .transports import follow_rows

logger = logging.getLogger("signalbox")
TRANSPORTS = ("auto", "sse", "poll", "events")


class RunFollower:
    """
    Reads a run's messages, from the first one on, until the run has ended and everything before the end
    was delivered. Uses SSE; polls every `interval_seconds` if streaming is unavailable. A quiet run is no
    error: only `timeout_seconds`, for the whole run, ends it early. Without handlers, messages are printed.
    `transport="events"` polls, and gets events at once from `/api/learning/jobs/{id}/events/stream`.
    `cursor`: a generation and a seq of the run, to read only what came after. `on_fallback` is called with
    the reason for polling, `on_handler_error` with a handler's first error; both are logged otherwise.
    """

    def __init__(
        self,
        base_url: Optional[str] = None,
        api_key: Optional[str] = None,
        job_id: str = "",
        config: Optional[Union[StreamConfig, Mapping[str, Any]]] = None,
        handlers: Optional[Sequence[StreamHandler]] = None,
        interval_seconds: float = 2,
        timeout_seconds: Optional[float] = None,
        *,
        transport: str = "auto",
        http: Optional[DashboardHttp] = None,
        cursor: Optional[Tuple[str, int]] = None,
        on_fallback: Optional[Callable[[str], None]] = None,
        on_handler_error: Optional[OnError] = None,
    ) -> None:
        if not job_id:
            raise ConfigurationError("job_id is required.")
        if not interval_seconds > 0:
            raise ConfigurationError(f"interval_seconds must be greater than 0, not {interval_seconds!r}.")
        if timeout_seconds is not None and not timeout_seconds > 0:
            raise ConfigurationError(f"timeout_seconds must be greater than 0, not {timeout_seconds!r}.")
        if transport not in TRANSPORTS:
            raise ConfigurationError(f"transport must be one of {', '.join(TRANSPORTS)}.")
        self.job_id = job_id
        self.config = config if isinstance(config, StreamConfig) else StreamConfig.from_dict(config or {})
        self.job: Optional[Dict[str, Any]] = None
        """The run as last read; after its end, the final job."""
        self.handler_group = HandlerGroup([CLIHandler()] if handlers is None else handlers, on_handler_error)
        self._http = http or DashboardHttp(base_url, api_key)
        self._own_http = http is None
        self._interval_seconds = interval_seconds
        self._timeout_seconds = timeout_seconds
        self._transport = transport
        self._filter = MessageFilter(self.config)
        self._generation: Optional[str] = cursor[0] if cursor else None
        self._seq = cursor[1] if cursor else 0
        self._on_fallback = on_fallback or _log_fallback
        self._context: Optional[StreamContext] = None

    @property
    def handlers(self) -> List[StreamHandler]:
        """The handlers, in the order of their calls."""
        return self.handler_group.handlers

    @property
    def handler_errors(self) -> Dict[int, int]:
        """How often each handler (by its index) raised."""
        return self.handler_group.errors

    def messages(self) -> Iterator[StreamMessage]:
        """The messages that pass the filters, as they arrive. The timeout counts from this call."""
        context = self._context = StreamContext(
            self._http,
            self.job_id,
            page_size=self.config.max_events_per_poll,
            interval_seconds=self._interval_seconds,
            timeout_seconds=self._timeout_seconds,
            # Status rows are needed even if they are filtered out.
            streams=list(dict.fromkeys([*self.config.streams, "status"])),
        )
        return self._read(context)

    def stop(self) -> None:
        """Stops after the current message. May be called from any thread."""
        if self._context is not None:
            self._context.stop.set()

    @property
    def stopping(self) -> bool:
        """Whether `stop()` was called."""
        return self._context is not None and self._context.stop.is_set()

    def close_connection(self) -> None:
        """Closes the connection of this thread."""
        self._http.close()

    def _read(self, context: StreamContext) -> Iterator[StreamMessage]:
        try:
            yield from self._follow(context)
        except Stopped:
            return
        finally:
            if self._own_http:
                self._http.close()

    def _follow(self, context: StreamContext) -> Iterator[StreamMessage]:
        self.job = context.job()
        if self._generation is None:
            self._generation = str(self.job["generation"])
        transport, resets = self._transport, 0
        while True:
            end = yield from self._decode(
                follow_rows(context, self._generation, self._seq, transport), context
            )
            self.job = context.job()
            if end == "reset" or self.job["generation"] != self._generation:
                if resets > 0:
                    context.sleep(backoff(resets, context.rand))
                resets += 1
                self._generation, self._seq, transport = str(self.job["generation"]), 0, self._transport
            elif self.job["status"] not in TERMINAL_STATUSES:
                transport = self._transport  # the run was retried
            elif self._seq < self.job["last_seq"]:
                transport = "poll"  # rows after the end
            else:
                return

    def _decode(self, items: Iterator[StreamItem], context: StreamContext) -> Any:
        """Yields messages; returns the kind of the end."""
        for item in items:
            if isinstance(item, StreamEnd):
                if item.kind == "unavailable":
                    self._on_fallback(item.reason)
                    self._transport = "poll"
                    continue
                return item.kind
            assert isinstance(item, Rows)
            for row in item.rows:
                for message in decode_row(self.job_id, row):
                    context.check()
                    if message.stream_type is StreamType.STATUS:
                        context.last_status = message.data["status"]
                    if self._filter.keeps(message):
                        yield message
            self._seq = max(self._seq, item.seq)
        return "reset"


def _log_fallback(reason: str) -> None:
    logger.info("signalbox: %s Polling instead.", reason)
