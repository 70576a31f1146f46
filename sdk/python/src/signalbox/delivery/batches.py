"""The requests for a window of records. The same window always gives the same bytes."""

from __future__ import annotations

import json
from typing import Dict, List, NamedTuple, Sequence
from urllib.parse import quote

from .spool import ACK, ATTACH, BARRIERS, EVENT, LINE, POINTS, PREDICTION, ROW, STATUS
from .spool_reader import Record, Window

# Kind → the field of the request body that holds its records.
FIELDS = {ROW: "metrics", POINTS: "points", PREDICTION: "predictions", LINE: "lines", EVENT: "events"}


class Batch(NamedTuple):
    """A request to an ingest route. The same id always goes with the same body."""

    kind: bytes
    id: str
    path: str
    body: bytes
    records: Sequence[Record]

    @property
    def splittable(self) -> bool:
        """Whether a refusal may be caused by only some of its records."""
        return len(self.records) > 1


def batches_of(job_id: str, window: Window) -> List[Batch]:
    """A batch for each kind in the window, in the order in which the kinds first occur."""
    groups: Dict[bytes, List[Record]] = {}
    for record in window.records:
        if record.kind in FIELDS or record.kind in BARRIERS:
            groups.setdefault(record.kind, []).append(record)
    return [make_batch(job_id, window.segment.uid, kind, group) for kind, group in groups.items()]


def make_batch(job_id: str, uid: str, kind: bytes, records: Sequence[Record]) -> Batch:
    """One request with these records."""
    batch_id = f"{uid}-{records[0].offset}-{kind.decode()}{len(records)}"
    path = _path(job_id, kind, records[0])
    if kind in FIELDS:
        head = json.dumps({"job_id": job_id, "batch_id": batch_id})[:-1]
        rows = b",".join([record.payload for record in records])
        body = b'%b,"%b":[%b]}' % (head.encode(), FIELDS[kind].encode(), rows)
    else:
        body = records[0].payload
    return Batch(kind, batch_id, path, body, records)


def _path(job_id: str, kind: bytes, first: Record) -> str:
    local = "/api/training/local"
    job = f"{local}/{quote(job_id, safe='')}"
    if kind in (ROW, POINTS):
        return f"{local}/metrics"
    if kind == PREDICTION:
        return f"{local}/predictions"
    if kind == LINE:
        return f"{job}/logs"
    if kind == EVENT:
        return f"{job}/events"
    if kind == STATUS:
        return f"{job}/status"
    if kind == ATTACH:
        return f"{local}/jobs"
    assert kind == ACK
    command = quote(str(json.loads(first.payload)["command_id"]), safe="")
    return f"{job}/commands/{command}/ack"


def halves(job_id: str, uid: str, batch: Batch) -> List[Batch]:
    """Splits a refused batch in two, to find the records at fault."""
    middle = len(batch.records) // 2
    parts = (batch.records[:middle], batch.records[middle:])
    return [make_batch(job_id, uid, batch.kind, part) for part in parts]
