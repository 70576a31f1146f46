"""One message model for both transports, the same as in the TypeScript SDK."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, Dict, NamedTuple, Optional


class StreamType(str, Enum):
    """The type of a message."""

    STATUS = "status"
    EVENTS = "events"
    METRICS = "metrics"
    TIMELINE = "timeline"
    LOGS = "logs"
    PREDICTIONS = "predictions"

    def __str__(self) -> str:
        return self.value


class StreamMessage(NamedTuple):
    """`key` is unique in a run's stream, and the same for both transports."""

    stream_type: StreamType
    timestamp: str
    job_id: str
    data: Dict[str, Any]
    seq: int
    step: Optional[int]
    phase: Optional[str]
    key: str

    def to_dict(self) -> Dict[str, Any]:
        """As JSON values; non-finite numbers as strings."""
        return {
            "stream_type": self.stream_type.value,
            "timestamp": self.timestamp,
            "job_id": self.job_id,
            "data": _json_value(self.data),
            "seq": self.seq,
            "step": self.step,
            "phase": self.phase,
            "key": self.key,
        }

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))


def _json_value(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json_value(item) for item in value]
    return value


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def iso_of_ms(ms: float) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC with milliseconds."""
    try:
        moment = _EPOCH + timedelta(milliseconds=int(ms))
    except OverflowError:
        moment = datetime.max.replace(tzinfo=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
