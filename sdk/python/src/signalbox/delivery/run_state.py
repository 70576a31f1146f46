"""What a run's folder holds besides records: the send cursor, persisted values, the lock."""

from __future__ import annotations

import itertools
import json
import os
import threading
import zlib
from pathlib import Path
from typing import Any, Dict, NamedTuple, Optional

try:
    import fcntl
except ImportError:  # Windows: no protection against a second writer
    fcntl = None  # type: ignore[assignment]


_temporary_files = itertools.count()


def _make_folder(folder: Path) -> None:
    """Creates a folder and, above it, `.signalbox`, which only this user can open."""
    for parent in folder.parents:
        if parent.name == ".signalbox" and not parent.exists():
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def runs_folder(root: Path) -> Path:
    """The folder with the runs of a script that runs in `root`."""
    return root / ".signalbox" / "runs"


class Cursor(NamedTuple):
    """The window being sent: everything before `start` of the segment `uid` is stored."""

    uid: str
    start: int
    end: int


class RunState:
    """Files beside the segments. A partial write is never read back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cursor_fd = -1
        self._lock_fd = -1
        # Reentrant: a signal handler may update while the same thread is updating.
        self._updating = threading.RLock()

    # The lock ------------------------------------------------------------------------------

    def lock(self) -> bool:
        """Locks the folder for this process; False if another running process holds it."""
        _make_folder(self.folder)
        fd = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if fcntl is not None:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(fd)
                return False
        self._lock_fd = fd
        return True

    def release(self) -> None:
        """Releases the lock and closes the files; may be called twice."""
        for name in ("_cursor_fd", "_lock_fd"):
            fd = getattr(self, name)
            if fd >= 0:
                setattr(self, name, -1)
                os.close(fd)

    # The send cursor -----------------------------------------------------------------------

    def read_cursor(self) -> Optional[Cursor]:
        """The last window that was started; None before the first, or if the file is damaged."""
        try:
            text = (self.folder / "cursor").read_text("ascii")
            checksum, rest = text[:8], text[9:].rstrip("\n")
            if int(checksum, 16) != zlib.crc32(rest.encode()):
                return None
            uid, start, end = rest.split()
            return Cursor(uid, int(start), int(end))
        except (OSError, ValueError):
            return None

    def write_cursor(self, cursor: Cursor) -> None:
        """Stores a window before it is sent, so that after a crash the same window is sent again."""
        if self._cursor_fd < 0:
            self._cursor_fd = os.open(self.folder / "cursor", os.O_RDWR | os.O_CREAT, 0o600)
        rest = "%12s %015d %015d" % cursor
        line = "%08x %s\n" % (zlib.crc32(rest.encode()), rest)
        os.pwrite(self._cursor_fd, line.encode(), 0)
        os.fsync(self._cursor_fd)

    # Persisted values ----------------------------------------------------------------------

    def read(self) -> Dict[str, Any]:
        """The persisted values; empty if there are none."""
        try:
            value = json.loads((self.folder / "state.json").read_text("utf-8"))
            return value if isinstance(value, dict) else {}
        except (OSError, ValueError):
            return {}

    def update(self, **values: Any) -> None:
        """Changes some of the persisted values; the file is readable to its owner only."""
        with self._updating:
            content = {**self.read(), **values}
            temporary = self.folder / f"state.{os.getpid()}.{next(_temporary_files)}.tmp"
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "w", encoding="utf-8") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.folder / "state.json")

    def store_refused(self, batch_id: str, body: bytes, reason: str) -> None:
        """Keeps data that the dashboard refused permanently, with the reason."""
        folder = self.folder / "refused"
        folder.mkdir(exist_ok=True)
        if sum(1 for _ in folder.iterdir()) < 1000:
            (folder / f"{batch_id}.json").write_bytes(body)
            with open(folder / "reasons.txt", "a", encoding="utf-8") as file:
                file.write(f"{batch_id}: {reason}\n")
