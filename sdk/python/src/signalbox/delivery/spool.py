"""
The journal of a run on disk: what the script reported and the dashboard has not confirmed yet.

A record is one line, `<crc32> <kind><count> <payload>`, written by one `write` before `log()`
returns, so that even `kill -9` loses none. A segment is a file of records.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
from pathlib import Path
from typing import List, NamedTuple, Optional
from zlib import crc32

from ..warn_once import Warn, ignore_warning

SEGMENT_BYTES = 4 * 1024 * 1024
SPOOL_BYTES = 1024 * 1024 * 1024

# Kinds of records. The first five are sent in batches, the others alone and in order.
ROW, POINTS, PREDICTION, LINE, EVENT = b"m", b"p", b"q", b"l", b"e"
ATTACH, STATUS, ACK = b"a", b"s", b"c"
BARRIERS = frozenset((ATTACH, STATUS, ACK))

_segment_name = re.compile(r"^(\d{6,})-([0-9a-f]{12})\.seg$")


class Segment(NamedTuple):
    """One file of records; `uid` is globally unique and part of the ids of its batches."""

    number: int
    uid: str
    path: Path


def segments_of(folder: Path) -> List[Segment]:
    """The segments of a run's folder, oldest first."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    matches = [match for match in map(_segment_name.match, names) if match]
    return sorted(Segment(int(m.group(1)), m.group(2), folder / m.group(0)) for m in matches)


class SpoolWriter:
    """
    Appends records; one writer per process and run. `append` is safe in threads and in signal handlers.
    When the spool holds `limit_bytes`, it drops further records; captured output at half of that.
    """

    def __init__(
        self,
        folder: Path,
        *,
        limit_bytes: int = SPOOL_BYTES,
        segment_bytes: int = SEGMENT_BYTES,
        warn_once: Warn = ignore_warning,
    ) -> None:
        self.folder = folder
        # Reentrant: a signal handler may append while the same thread is appending.
        self.lock = threading.RLock()
        self.total = 0
        self.segment: Optional[Segment] = None
        self.size = 0
        self._limit = limit_bytes
        self._segment_bytes = segment_bytes
        self._warn_once = warn_once
        self._fd = -1
        self._partial_line = False
        self._closed = False
        existing = segments_of(folder)
        self._next = existing[-1].number + 1 if existing else 1
        self._used = sum(_size_of(segment.path) for segment in existing)

    def append(self, kind: bytes, count: int, payload: bytes) -> bool:
        """Stores one record (`payload` is JSON without line breaks); False if it was dropped."""
        body = b"%b%d %b\n" % (kind, count, payload)
        line = b"%08x %b" % (crc32(body), body)
        with self.lock:
            if self._closed:
                return False
            if self._fd < 0 or self.size >= self._segment_bytes:
                if not self._open_next():
                    return False
            if self._used + self.size > self._limit and not self._has_room(kind):
                return False
            if kind == LINE and (self._used + self.size) * 2 > self._limit:
                self._warn_once("spool half full", "captured output is dropped until more is sent")
                return False
            if self._partial_line:
                line = b"\n" + line
            try:
                written = os.write(self._fd, line)
            except OSError as error:
                self._warn_once("spool", f"cannot write to {self.folder}: {error}")
                return False
            self._partial_line = written != len(line)
            self._update_size()
            if self._partial_line:
                self._warn_once("spool", f"the disk of {self.folder} is full")
            return not self._partial_line

    def _update_size(self) -> None:
        """
        Reads the length from the file: Ctrl-C may raise right after a write, and with a counter that missed
        that write, later records would never be sent.
        """
        if self._fd >= 0:
            size = os.lseek(self._fd, 0, os.SEEK_CUR)
            self.total += size - self.size
            self.size = size

    def _has_room(self, kind: bytes) -> bool:
        # Status changes and answers are small and always kept.
        if kind in BARRIERS:
            return True
        self._warn_once(
            "spool full",
            f"{self.folder} holds {self._limit >> 20} MiB of unsent data: new data is dropped",
        )
        return False

    def _open_next(self) -> bool:
        segment = self._new_segment()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fd = os.open(segment.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        except OSError as error:
            self._warn_once("spool", f"cannot write to {self.folder}: {error}")
            return False
        if self._fd >= 0:
            self._update_size()
            self._used += self.size
            os.close(self._fd)
        self._fd, self.segment, self.size, self._partial_line = fd, segment, 0, False
        self._next += 1
        return True

    def _new_segment(self) -> Segment:
        uid = secrets.token_hex(6)
        return Segment(self._next, uid, self.folder / f"{self._next:06d}-{uid}.seg")

    def end_of(self, segment: Segment) -> int:
        """The number of bytes of a segment that are complete records."""
        with self.lock:
            if segment == self.segment:
                self._update_size()
                return self.size
        return _size_of(segment.path)

    def is_open(self, segment: Segment) -> bool:
        """Whether records may still be added to a segment."""
        return segment == self.segment and not self._closed

    def freed(self, size: int) -> None:
        """Subtracts a sent segment that was deleted."""
        with self.lock:
            self._used = max(0, self._used - size)

    def sync(self) -> None:
        """Fsyncs what was written, so that it survives a power cut, too."""
        with self.lock:
            fd = os.dup(self._fd) if self._fd >= 0 else -1
        if fd >= 0:
            try:
                os.fsync(fd)
            except OSError:
                pass
            finally:
                os.close(fd)

    def close(self) -> None:
        """Closes the segment; may be called twice."""
        with self.lock:
            self._closed = True
            if self._fd >= 0:
                os.close(self._fd)
                self._fd = -1

    def abandon(self) -> None:
        """In a forked child: stops writing, and leaves the parent's file alone."""
        self.lock = threading.RLock()
        self._closed = True
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
