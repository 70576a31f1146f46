"""One message model for both transports, the same as in the TypeScript SDK."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Any, Dict, Mapping, NamedTuple, Optional

from ..transport.json_text import json_text
from ..transport.wire_numbers import number_of, to_wire


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

    @property
    def endpoint_path(self) -> str:
        """Where `/api/learning/jobs/{id}` serves this type; logs and predictions are among all rows."""
        paths = {"status": "", "events": "/events", "metrics": "/metrics", "timeline": "/timeline"}
        return paths.get(self.value, "/rows")


class StreamMessage(NamedTuple):
    """`key` is unique in a run's stream, and the same for both transports."""

    stream_type: StreamType
    timestamp: str
    job_id: str
    data: Dict[str, Any]
    seq: int = 0
    step: Optional[int] = None
    phase: Optional[str] = None
    key: str = ""

    @classmethod
    def from_status(cls, job_id: str, status_data: Mapping[str, Any]) -> "StreamMessage":
        """From a run, or a change of its status, as the API returns it."""
        data = {"from": None, "reason": None, "actor": None, "attempt": None, **status_data}
        seq, timestamp = _seq_of(data), _timestamp_of(data, "updated_at", "created_at")
        return cls(StreamType.STATUS, timestamp, job_id, data, seq, None, None, f"status:{seq or timestamp}")

    @classmethod
    def from_event(cls, job_id: str, event_data: Mapping[str, Any]) -> "StreamMessage":
        """From an event of `/api/learning/jobs/{id}/events`."""
        data = {"level": None, "message": None, "data": {}, **event_data}
        seq, timestamp = _seq_of(data), _timestamp_of(data, "created_at")
        step = integer_of((data["data"] or {}).get("step"))
        return cls(StreamType.EVENTS, timestamp, job_id, data, seq, step, None, f"events:{seq or timestamp}")

    @classmethod
    def from_metric(cls, job_id: str, metric_data: Mapping[str, Any]) -> "StreamMessage":
        """From a point of `/api/learning/jobs/{id}/metrics`."""
        data = {"epoch": None, **metric_data, "value": number_of(metric_data["value"])}
        seq, timestamp = _seq_of(data), _timestamp_of(data, "created_at")
        name, step = str(data["name"]), integer_of(data.get("step"))
        phase = data.get("phase") if isinstance(data.get("phase"), str) else group_of(name)
        key = f"metrics:{seq or timestamp}:{name}:{step}"
        return cls(StreamType.METRICS, timestamp, job_id, data, seq, step, phase, key)

    @classmethod
    def from_timeline(cls, job_id: str, timeline_data: Mapping[str, Any]) -> "StreamMessage":
        """From an entry of `/api/learning/jobs/{id}/timeline`."""
        data = {"metadata": {}, **timeline_data}
        seq, timestamp, phase = _seq_of(data), _timestamp_of(data, "created_at"), str(data["phase"])
        key = f"timeline:{seq}" if seq else f"timeline:{phase}:{timestamp}"
        return cls(StreamType.TIMELINE, timestamp, job_id, data, seq, None, phase, key)

    def to_dict(self) -> Dict[str, Any]:
        """As JSON values; non-finite numbers as strings."""
        return {
            "stream_type": self.stream_type.value,
            "timestamp": self.timestamp,
            "job_id": self.job_id,
            "seq": self.seq,
            "data": to_wire(self.data),
            "step": self.step,
            "phase": self.phase,
            "key": self.key,
        }

    def to_json(self) -> str:
        """One line of JSON."""
        return json_text(self.to_dict())


_group_end = re.compile(r"[/.]")


def group_of(name: str) -> Optional[str]:
    """The group of a series: the part of its name before the first `/` or `.`."""
    match = _group_end.search(name)
    return (name[: match.start()] or None) if match else None


def integer_of(value: Any) -> Optional[int]:
    """A whole number of 64 bits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value == value and abs(value) < 2**63 and int(value) == value else None


def _seq_of(data: Mapping[str, Any]) -> int:
    return integer_of(data.get("seq")) or 0


def _timestamp_of(data: Mapping[str, Any], *names: str) -> str:
    return next((str(data[name]) for name in names if data.get(name)), "")


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def iso_of_ms(ms: float) -> str:
    """Milliseconds since 1970 as ISO 8601 in UTC with milliseconds."""
    try:
        moment = _EPOCH + timedelta(milliseconds=int(ms))
    except OverflowError:
        moment = datetime.max.replace(tzinfo=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
