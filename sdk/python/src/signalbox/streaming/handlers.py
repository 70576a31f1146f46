"""Handlers: what to do with messages."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, Dict, List, Mapping, Optional, TextIO, Union, cast

from ..errors import ConfigurationError
from .messages import StreamMessage, StreamType
from .plain_text import format_message, time_of_day

Function = Callable[[StreamMessage], Any]


class StreamHandler:
    """Base class of handlers. Exceptions are logged, and stop neither this handler nor the others."""

    def begin(self, job: Optional[Dict[str, Any]]) -> None:
        """Called before the first message, with the current job."""

    def handle(self, message: StreamMessage) -> None:
        """Called for each message."""
        raise NotImplementedError

    def should_handle(self, message: StreamMessage) -> bool:
        """Whether to call `handle` for a message."""
        return True

    def flush(self) -> None:
        """Called at the end: writes what is buffered."""

    def close(self) -> None:
        """Called after the last flush."""


class CLIHandler(StreamHandler):
    """Plain lines such as `12:04:31 metrics train/loss 0.5692 step 40`."""

    def __init__(self, output: Optional[TextIO] = None) -> None:
        self._output = output if output is not None else sys.stdout

    def handle(self, message: StreamMessage) -> None:
        self._output.write(f"{time_of_day(message.timestamp)} {format_message(message)}\n")
        self._output.flush()


class JSONHandler(StreamHandler):
    """One JSON object per line, to standard output, a stream, or a file (overwritten unless `append`)."""

    def __init__(
        self, file: Optional[str] = None, *, append: bool = False, output: Optional[TextIO] = None
    ) -> None:
        self._path = file
        self._mode = "a" if append else "w"
        self._output = output if output is not None else sys.stdout
        self._file: Optional[TextIO] = None

    def handle(self, message: StreamMessage) -> None:
        target = self._target()
        target.write(message.to_json() + "\n")
        target.flush()

    def flush(self) -> None:
        self._target().flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file, self._mode = None, "a"

    def _target(self) -> TextIO:
        if self._path is None:
            return self._output
        if self._file is None:
            self._file = cast(TextIO, open(self._path, self._mode, encoding="utf-8", newline="\n"))
        return self._file


class CallbackHandler(StreamHandler):
    """One function for all messages, or one for each stream type, by name."""

    def __init__(self, functions: Union[Function, Mapping[Any, Function], None] = None, **named: Function):
        self._all = functions if callable(functions) else None
        given = {} if functions is None or callable(functions) else dict(functions)
        self._functions = {str(getattr(k, "value", k)): f for k, f in {**given, **named}.items() if f}
        unknown = set(self._functions) - {kind.value for kind in StreamType}
        if unknown:
            raise ConfigurationError(f"Unknown stream type: {', '.join(sorted(unknown))}.")

    def should_handle(self, message: StreamMessage) -> bool:
        return self._all is not None or message.stream_type.value in self._functions

    def handle(self, message: StreamMessage) -> None:
        function = self._functions.get(message.stream_type.value, self._all)
        if function is not None:
            function(message)


class BufferedHandler(StreamHandler):
    """
    Passes messages to a function in batches: after `size` messages, `seconds` after the first one, and at a
    flush. A batch for which the function raises is not retried.
    """

    def __init__(
        self, give: Callable[[List[StreamMessage]], Any], *, size: int = 100, seconds: float = 5.0
    ) -> None:
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ConfigurationError("size must be an integer of at least 1.")
        if not seconds > 0:
            raise ConfigurationError("seconds must be greater than 0.")
        self._give = give
        self._size = size
        self._seconds = seconds
        self._batch: List[StreamMessage] = []
        self._timer: Optional[threading.Timer] = None
        self._failure: Optional[BaseException] = None
        self._lock = threading.RLock()

    def handle(self, message: StreamMessage) -> None:
        with self._lock:
            self._batch.append(message)
            if len(self._batch) >= self._size:
                self._send()
            elif self._timer is None:
                self._timer = threading.Timer(self._seconds, self._send_from_timer)
                self._timer.daemon = True
                self._timer.start()
            self._raise_failure()

    def flush(self) -> None:
        with self._lock:
            self._send()
            self._raise_failure()

    def _send_from_timer(self) -> None:
        with self._lock:
            try:
                self._send()
            except Exception as error:  # noqa: BLE001 - raised at the next message
                self._failure = error

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        batch, self._batch = self._batch, []
        if batch:
            self._give(batch)

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
