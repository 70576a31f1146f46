"""Handlers: what to do with messages."""

from __future__ import annotations

import os
import sys
from typing import Any, Dict, Optional, TextIO, Union, cast

from ...errors import ConfigurationError
from ...transport.json_text import json_text
from ..messages import StreamMessage
from .plain_text import format_message, time_of_day


class StreamHandler:
    """
    Base class of handlers. Exceptions are logged, and stop neither this handler nor the others. Where the
    streamer is awaited, methods may be `async`; they run in the event loop, each message after the other.
    """

    def begin(self, job: Optional[Dict[str, Any]]) -> None:
        """Called before the first message, with the current job."""

    def handle(self, message: StreamMessage) -> Any:
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
    """
    One JSON object per line, to standard output, a stream, or `output_file` (or `file`), which is
    overwritten unless `append`: `stream_type` by its name (`METRICS`), `timestamp`, `job_id`, `data`, `key`,
    and `seq`, `step` and `phase` where the message has them.
    """

    def __init__(
        self,
        file: Optional[Union[str, "os.PathLike[str]"]] = None,
        *,
        output_file: Optional[Union[str, "os.PathLike[str]"]] = None,
        append: bool = False,
        output: Optional[TextIO] = None,
    ) -> None:
        if file is not None and output_file is not None:
            raise ConfigurationError("file and output_file are the same: give one of them.")
        path = output_file if file is None else file
        self._path = None if path is None else os.path.expanduser(path)
        self._mode = "a" if append else "w"
        self._output = output if output is not None else sys.stdout
        self._file: Optional[TextIO] = None

    def handle(self, message: StreamMessage) -> None:
        target = self._target()
        fields = {name: value for name, value in message.to_dict().items() if value is not None}
        target.write(json_text({**fields, "stream_type": message.stream_type.name}) + "\n")
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
