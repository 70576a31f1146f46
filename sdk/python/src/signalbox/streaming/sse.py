"""Parses server-sent events from chunks of bytes, and assembles the rows they carry."""

from __future__ import annotations

import codecs
import json
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Union

from .kinds import STREAM_KINDS

MAX_LINE = 64 * 1024 * 1024


class Frame(NamedTuple):
    """One event; `id` is the id field of this frame, or None."""

    event: str
    id: Optional[str]
    data: str


class SseParser:
    """Takes bytes, returns complete frames."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._skip_lf = False
        self._begun = False
        self._event = ""
        self._id: Optional[str] = None
        self._data: List[str] = []

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that end within this chunk."""
        text = self._decoder.decode(chunk)
        if not self._begun and text:
            self._begun = True
            text = text[1:] if text[0] == "\ufeff" else text
        if self._skip_lf and text:
            text = text[1:] if text[0] == "\n" else text
            self._skip_lf = False
        text = self._rest + text
        # A CR at the end may be half of a CRLF: its line ends here, and a following LF is skipped.
        self._skip_lf = text.endswith("\r")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop()
        if len(self._rest) > MAX_LINE:
            raise ValueError("a line of the stream is too long")
        for line in lines:
            frame = self._take(line)
            if frame is not None:
                yield frame

    def _take(self, line: str) -> Optional[Frame]:
        if line == "":
            event, id_, data = self._event or "message", self._id, self._data
            self._event, self._id, self._data = "", None, []
            return Frame(event, id_, "\n".join(data)) if data else None
        field, _, value = line.partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "data":
            self._data.append(value)
        elif field == "event":
            self._event = value
        elif field == "id" and "\0" not in value:
            self._id = value
        return None


class Rows(NamedTuple):
    """All rows of one seq; without rows it only moves the cursor."""

    seq: int
    rows: List[Dict[str, Any]]


class Signal(NamedTuple):
    """A frame without a row: connected, snapshot, heartbeat, reset, error, end …"""

    event: str
    data: Any


class RowAssembler:
    """
    Turns frames into rows. Each prediction of a batch has a frame of its own, and only the last frame has
    the seq: they are returned together.
    """

    def __init__(self) -> None:
        self._held: List[Dict[str, Any]] = []

    def take(self, frame: Frame) -> Optional[Union[Rows, Signal]]:
        """The rows or signal that this frame completes, if any."""
        try:
            data = json.loads(frame.data)
        except ValueError:
            return None
        seq = seq_of_cursor(frame.id) if frame.id else None
        if frame.event not in STREAM_KINDS:
            if seq is not None and frame.event == "heartbeat":
                return Rows(seq, [])
            return Signal(frame.event, data)
        self._held.append({"event": frame.event, "data": data})
        if seq is None:
            return None
        rows, self._held = [{"seq": seq, **row} for row in self._held], []
        return Rows(seq, rows)


def seq_of_cursor(cursor: str) -> Optional[int]:
    """The seq of `<generation>-<seq>`."""
    text = cursor.rpartition("-")[2]
    return int(text) if text.isdigit() else None
