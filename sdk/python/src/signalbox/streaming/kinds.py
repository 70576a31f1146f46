"""The kinds of rows in a run's stream."""

from __future__ import annotations

from typing import Dict, Literal, Tuple, get_args

from .messages import StreamType

StreamKind = Literal["status", "event", "metrics", "timeline", "logs", "prediction", "command"]
STREAM_KINDS: Tuple[StreamKind, ...] = get_args(StreamKind)

KINDS_OF_TYPE: Dict[StreamType, Tuple[StreamKind, ...]] = {
    StreamType.STATUS: ("status",),
    StreamType.EVENTS: ("event",),
    StreamType.METRICS: ("metrics",),
    StreamType.TIMELINE: ("timeline", "command"),
    StreamType.LOGS: ("logs",),
    StreamType.PREDICTIONS: ("prediction",),
}
