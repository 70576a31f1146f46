"""What the transports yield, and how they can fail."""

from __future__ import annotations

from typing import NamedTuple, Union

from .sse import Rows

TERMINAL_STATUSES = frozenset(("succeeded", "failed", "cancelled"))


class StreamEnd(NamedTuple):
    """No more rows from this transport. `kind`: end, reset, or unavailable."""

    kind: str
    reason: str = ""


StreamItem = Union[Rows, StreamEnd]


class StreamEnded(Exception):
    """The run has ended, and there is nothing after the cursor: 204."""


class StreamUnavailable(Exception):
    """The live stream cannot be used here."""


class StreamStalled(Exception):
    """A connection that opened and sent nothing."""
