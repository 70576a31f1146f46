"""Reads a run's journal: verified records, in windows that become batches."""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path
from typing import List, NamedTuple, Optional

from .spool import BARRIERS, POINTS, ROW, Segment, segments_of

READ_BYTES = 512 * 1024
MAX_RECORD_BYTES = 32 * 1024 * 1024

# Half of the server's limits (10,000 points, 1,000 predictions, 5,000 lines).
WINDOW_COUNTS = {b"m": 5000, b"p": 5000, b"q": 500, b"l": 2500, b"e": 500}


class Record(NamedTuple):
    """One line of a segment; `offset` is where it starts."""

    offset: int
    kind: bytes
    items: int
    payload: bytes


class Window(NamedTuple):
    """The records from `start` to `end` of a segment, sent together."""

    segment: Segment
    start: int
    end: int
    records: List[Record]
    damaged: int


def parse_line(line: bytes, offset: int) -> Optional[Record]:
    """Parses a line with its line break; None if it is damaged or truncated."""
    if len(line) < 13 or line[8:9] != b" " or not line.endswith(b"\n"):
        return None
    body = line[9:]
    try:
        if int(line[:8], 16) != zlib.crc32(body):
            return None
        head, payload = body[:-1].split(b" ", 1)
        return Record(offset, head[:1], int(head[1:]), payload)
    except ValueError:
        return None


def read_window(segment: Segment, start: int, limit: int, fixed: bool = False) -> Optional[Window]:
    """
    The next records from `start`, at most up to `limit`: as many as fit into one batch of each kind, or one
    that is sent alone. With `fixed`, exactly those up to `limit`. None if there are none.
    """
    if start >= limit:
        return None
    data = _read(segment.path, start, min(limit - start, READ_BYTES) if not fixed else limit - start)
    while not fixed and b"\n" not in data and start + len(data) < limit and len(data) < MAX_RECORD_BYTES:
        data = _read(segment.path, start, min(limit - start, len(data) * 4))
    records: List[Record] = []
    counts = dict.fromkeys(WINDOW_COUNTS, 0)
    at = damaged = 0
    while at < len(data):
        end = data.find(b"\n", at) + 1
        if end == 0:
            if start + len(data) < limit and at > 0:
                break  # the rest of this record is in the next read
            end = len(data)  # truncated when the process was killed
        line = data[at:end]
        record = parse_line(line, start + at)
        if record is None:
            damaged += line != b"\n"
        else:
            if not fixed:
                if record.kind in BARRIERS and records:
                    break
                limit_of_kind = WINDOW_COUNTS.get(record.kind, 1)
                if counts.get(record.kind, 0) + record.items > limit_of_kind and records:
                    break
            records.append(record)
            counts[record.kind] = counts.get(record.kind, 0) + record.items
        at = end
        if not fixed and record is not None and record.kind in BARRIERS:
            break
    return Window(segment, start, start + at, records, damaged) if at else None


def _read(path: Path, start: int, size: int) -> bytes:
    fd = os.open(path, os.O_RDONLY)
    try:
        chunks: List[bytes] = []
        while size > 0:
            chunk = os.pread(fd, size, start)
            if not chunk:
                break
            chunks.append(chunk)
            start += len(chunk)
            size -= len(chunk)
        return b"".join(chunks)
    finally:
        os.close(fd)


def last_logged_step(folder: Path) -> int:
    """The step of the last row in a run's folder; -1 if there is none."""
    for segment in reversed(segments_of(folder)):
        size = segment.path.stat().st_size
        start = max(0, size - READ_BYTES)
        for line in reversed(_read(segment.path, start, size - start).splitlines(keepends=True)):
            record = parse_line(line, 0)
            if record is not None and record.kind in (ROW, POINTS):
                found = re.search(rb'"step":(\d+)', record.payload)
                if found:
                    return int(found.group(1))
    return -1
