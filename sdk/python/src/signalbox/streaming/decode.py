"""Decodes a row of a run's stream, from either transport, into messages."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, Optional

from ..transport.wire_numbers import number_of
from .kinds import StreamKind
from .messages import StreamMessage, StreamType, group_of, integer_of, iso_of_ms

Decoder = Callable[[str, int, Dict[str, Any]], Iterator[StreamMessage]]


def decode_row(job_id: str, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    """The messages of `{seq, event, data}`; none for a kind that this version does not know."""
    decode = DECODERS.get(row["event"])
    if decode is not None:
        yield from decode(job_id, int(row["seq"]), row["data"])


def _status(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    data = {
        "status": row["to"],
        "from": row.get("from"),
        "reason": row.get("reason"),
        "actor": row.get("actor"),
        "attempt": row.get("attempt"),
    }
    yield StreamMessage(
        StreamType.STATUS, str(row["created_at"]), job_id, data, seq, None, None, f"status:{seq}"
    )


def _event(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    details = row.get("data") or {}
    data = {
        "type": row["type"],
        "level": row.get("level"),
        "message": row.get("message"),
        "data": details,
    }
    step = integer_of(details.get("step"))
    yield StreamMessage(
        StreamType.EVENTS, str(row["created_at"]), job_id, data, seq, step, None, f"events:{seq}"
    )


def _metrics(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    for name, points in row.items():
        group = group_of(name)
        for index, point in enumerate(points):
            step, value, ms = point[0], point[1], point[2]
            epoch = point[3] if len(point) > 3 else None
            phase = point[4] if len(point) > 4 else None
            yield StreamMessage(
                StreamType.METRICS,
                iso_of_ms(ms),
                job_id,
                {"name": name, "value": number_of(value), "epoch": epoch},
                seq,
                step,
                phase if isinstance(phase, str) else group,
                f"metrics:{seq}:{name}:{index}",
            )


def _timeline(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    phase = str(row["phase"])
    data = {"phase": phase, "metadata": row.get("metadata") or {}}
    yield StreamMessage(
        StreamType.TIMELINE, str(row["created_at"]), job_id, data, seq, None, phase, f"timeline:{seq}"
    )


def _command(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    phase = f"command:{row['type']}:{row['status']}"
    timestamp = row.get("applied_at") or row.get("delivered_at") or row.get("requested_at")
    yield StreamMessage(
        StreamType.TIMELINE,
        str(timestamp),
        job_id,
        {"phase": phase, "metadata": row},
        seq,
        integer_of(row.get("applied_step")),
        phase,
        f"timeline:{seq}",
    )


def _logs(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    for line in row["lines"]:
        data = {"line": line["line"], "stream": line["stream"], "text": line["text"]}
        yield StreamMessage(
            StreamType.LOGS, str(line["ts"]), job_id, data, seq, None, None, f"logs:{line['line']}"
        )


def _prediction(job_id: str, seq: int, row: Dict[str, Any]) -> Iterator[StreamMessage]:
    data = row["prediction"]
    epoch, step, index = (_number_text(data[name]) for name in ("epoch", "step", "sample_index"))
    yield StreamMessage(
        StreamType.PREDICTIONS,
        str(data.get("created_at") or row["timestamp"]),
        job_id,
        data,
        seq,
        data["step"],
        None,
        f"predictions:{epoch}:{step}:{index}:{seq}",
    )


DECODERS: Dict[StreamKind, Decoder] = {
    "status": _status,
    "event": _event,
    "metrics": _metrics,
    "timeline": _timeline,
    "command": _command,
    "logs": _logs,
    "prediction": _prediction,
}


def _number_text(number: Any) -> str:
    """A number as JavaScript formats it: 2, not 2.0."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)
