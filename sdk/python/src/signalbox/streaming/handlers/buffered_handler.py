"""Passes messages on in batches."""

from __future__ import annotations

import threading
from typing import Any, Callable, List, Optional

from ...errors import ConfigurationError
from .line_handlers import StreamHandler
from ..messages import StreamMessage

FLUSH_INTERVAL_SECONDS = 5.0
MAX_BUFFER_SIZE = 100


class BufferedHandler(StreamHandler):
    """
    Passes messages to `process_batch` in batches: after `max_buffer_size` messages (or `size`),
    `flush_interval` seconds after the first one (or `seconds`; in a thread of its own), and at a flush.
    Override `process_batch`, or give a function. A batch for which it raises is not retried.
    """

    def __init__(
        self,
        give: Optional[Callable[[List[StreamMessage]], Any]] = None,
        *,
        flush_interval: Optional[float] = None,
        max_buffer_size: Optional[int] = None,
        size: Optional[int] = None,
        seconds: Optional[float] = None,
    ) -> None:
        if give is None and type(self).process_batch is BufferedHandler.process_batch:
            raise ConfigurationError("Give a function, or override process_batch.")
        count = _one_of("max_buffer_size", max_buffer_size, "size", size, MAX_BUFFER_SIZE)
        self.max_buffer_size = count
        self.flush_interval = _one_of("flush_interval", flush_interval, "seconds", seconds, FLUSH_INTERVAL_SECONDS)
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise ConfigurationError("max_buffer_size must be an integer of at least 1.")
        if not self.flush_interval > 0:
            raise ConfigurationError("flush_interval must be greater than 0.")
        self._give = give
        self._batch: List[StreamMessage] = []
        self._timer: Optional[threading.Timer] = None
        self._failure: Optional[BaseException] = None
        self._lock = threading.Lock()
        self._processing = threading.RLock()

    def process_batch(self, messages: List[StreamMessage]) -> Any:
        """Called with each batch, by one thread at a time."""
        if self._give is not None:
            self._give(messages)

    def handle(self, message: StreamMessage) -> None:
        with self._lock:
            self._batch.append(message)
            full = len(self._batch) >= self.max_buffer_size
            if not full and self._timer is None:
                self._timer = threading.Timer(self.flush_interval, self._send_from_timer)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self._send()
        self._raise_failure()

    def flush(self) -> None:
        self._send()
        self._raise_failure()

    def _send_from_timer(self) -> None:
        try:
            self._send()
        except Exception as error:  # noqa: BLE001 - raised at the next message
            self._failure = error

    def _send(self) -> None:
        # Messages are buffered while the timer's batch is processed: only a full buffer waits for it.
        with self._processing:
            with self._lock:
                if self._timer is not None:
                    self._timer.cancel()
                self._timer = None
                batch, self._batch = self._batch, []
            if batch:
                self.process_batch(batch)

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure


def _one_of(name: str, value: Any, other_name: str, other: Any, default: Any) -> Any:
    if value is not None and other is not None:
        raise ConfigurationError(f"{name} and {other_name} are the same: give one of them.")
    return next((given for given in (value, other) if given is not None), default)
