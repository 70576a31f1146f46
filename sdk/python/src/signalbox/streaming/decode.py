"""A row of a run's journal, from whichever transport, as messages."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, Optional

from .messages import StreamMessage, StreamType, iso_of_ms

_NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_group_end = re.compile(r"[/.]")


def decode_row(job_id: str, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    """The messages of `{seq, event, data}`; none for an event that this version does not know."""
    decode = _decoders.get(row["event"])
    if decode is not None:
        yield from decode(job_id, int(row["seq"]), row["data"])


def _status(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    told = {
        "status": data["to"],
        "from": data.get("from"),
        "reason": data.get("reason"),
        "actor": data.get("actor"),
        "attempt": data.get("attempt"),
    }
    yield StreamMessage(
        StreamType.STATUS, str(data["created_at"]), job_id, told, seq, None, None, f"status:{seq}"
    )


def _event(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    details = data.get("data") or {}
    told = {
        "type": data["type"],
        "level": data.get("level"),
        "message": data.get("message"),
        "data": details,
    }
    step = _integer(details.get("step"))
    yield StreamMessage(
        StreamType.EVENTS, str(data["created_at"]), job_id, told, seq, step, None, f"events:{seq}"
    )


def _metrics(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    for name, points in data.items():
        group = _group_of(name)
        for index, point in enumerate(points):
            step, value, ms = point[0], point[1], point[2]
            epoch = point[3] if len(point) > 3 else None
            phase = point[4] if len(point) > 4 else None
            value = _NOT_FINITE[value] if isinstance(value, str) else value
            yield StreamMessage(
                StreamType.METRICS,
                iso_of_ms(ms),
                job_id,
                {"name": name, "value": value, "epoch": epoch},
                seq,
                step,
                phase if isinstance(phase, str) else group,
                f"metrics:{seq}:{name}:{index}",
            )


def _timeline(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    phase = str(data["phase"])
    told = {"phase": phase, "metadata": data.get("metadata") or {}}
    yield StreamMessage(
        StreamType.TIMELINE, str(data["created_at"]), job_id, told, seq, None, phase, f"timeline:{seq}"
    )


def _command(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    phase = f"command:{data['type']}:{data['status']}"
    moment = data.get("applied_at") or data.get("delivered_at") or data.get("requested_at")
    yield StreamMessage(
        StreamType.TIMELINE,
        str(moment),
        job_id,
        {"phase": phase, "metadata": data},
        seq,
        _integer(data.get("applied_step")),
        phase,
        f"timeline:{seq}",
    )


def _logs(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    for line in data["lines"]:
        told = {"line": line["line"], "stream": line["stream"], "text": line["text"]}
        yield StreamMessage(
            StreamType.LOGS, str(line["ts"]), job_id, told, seq, None, None, f"logs:{line['line']}"
        )


def _prediction(job_id: str, seq: int, data: Dict[str, Any]) -> Iterator[StreamMessage]:
    told = data["prediction"]
    epoch, step, index = (_text(told[name]) for name in ("epoch", "step", "sample_index"))
    yield StreamMessage(
        StreamType.PREDICTIONS,
        str(told.get("created_at") or data["timestamp"]),
        job_id,
        told,
        seq,
        told["step"],
        None,
        f"predictions:{epoch}:{step}:{index}:{seq}",
    )


_decoders = {
    "status": _status,
    "event": _event,
    "metrics": _metrics,
    "timeline": _timeline,
    "command": _command,
    "logs": _logs,
    "prediction": _prediction,
}


def _group_of(name: str) -> Optional[str]:
    match = _group_end.search(name)
    return (name[: match.start()] or None) if match else None


def _integer(value: Any) -> Optional[int]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value == value and abs(value) < 2**63 and int(value) == value else None


def _text(number: Any) -> str:
    """A number as JavaScript writes it: 2, not 2.0."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)
