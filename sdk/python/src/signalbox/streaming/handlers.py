"""What can be done with messages."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, Dict, List, Mapping, Optional, TextIO, Union, cast

from ..errors import ConfigurationError
from .messages import StreamMessage, StreamType
from .plain_text import message_text, time_of_day

Function = Callable[[StreamMessage], Any]


class StreamHandler:
    """Base of handlers. What one raises is reported, and stops neither it nor the others."""

    def begin(self, job: Optional[Dict[str, Any]]) -> None:
        """Before the first message, with the run as it was found."""

    def handle(self, message: StreamMessage) -> None:
        """Takes one message."""
        raise NotImplementedError

    def should_handle(self, message: StreamMessage) -> bool:
        """Whether `handle` is to be called."""
        return True

    def flush(self) -> None:
        """At the end: what was held back goes out."""

    def close(self) -> None:
        """After the last flush."""


class CLIHandler(StreamHandler):
    """Plain lines such as `12:04:31 metrics train/loss 0.5692 step 40`."""

    def __init__(self, output: Optional[TextIO] = None) -> None:
        self._output = output if output is not None else sys.stdout

    def handle(self, message: StreamMessage) -> None:
        self._output.write(f"{time_of_day(message.timestamp)} {message_text(message)}\n")
        self._output.flush()


class JSONHandler(StreamHandler):
    """One JSON object a line, to standard output, a stream, or a file (anew, unless `append`)."""

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
    """A function for all messages, or one for each stream type, by name."""

    def __init__(self, functions: Union[Function, Mapping[Any, Function], None] = None, **named: Function):
        self._all = functions if callable(functions) else None
        given = {} if functions is None or callable(functions) else dict(functions)
        self._functions = {str(getattr(k, "value", k)): f for k, f in {**given, **named}.items() if f}
        unknown = set(self._functions) - {kind.value for kind in StreamType}
        if unknown:
            raise ConfigurationError(f"There is no stream type {', '.join(sorted(unknown))}.")

    def should_handle(self, message: StreamMessage) -> bool:
        return self._all is not None or message.stream_type.value in self._functions

    def handle(self, message: StreamMessage) -> None:
        function = self._functions.get(message.stream_type.value, self._all)
        if function is not None:
            function(message)


class BufferedHandler(StreamHandler):
    """
    Gives messages to a function in batches: when `size` are there, when the first has waited for
    `seconds`, and all at a flush. A batch that the function raises at is gone.
    """

    def __init__(
        self, give: Callable[[List[StreamMessage]], Any], *, size: int = 100, seconds: float = 5.0
    ) -> None:
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ConfigurationError("size must be a whole number from 1.")
        if not seconds > 0:
            raise ConfigurationError("seconds must be above 0.")
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
                self._timer = threading.Timer(self._seconds, self._send_late)
                self._timer.daemon = True
                self._timer.start()
            self._complain()

    def flush(self) -> None:
        with self._lock:
            self._send()
            self._complain()

    def _send_late(self) -> None:
        with self._lock:
            try:
                self._send()
            except Exception as error:  # noqa: BLE001 - comes out of the next message
                self._failure = error

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        batch, self._batch = self._batch, []
        if batch:
            self._give(batch)

    def _complain(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
