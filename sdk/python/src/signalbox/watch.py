"""`python -m signalbox.watch LOGDIR`: follows TensorBoard's log folder, a run for each folder in it."""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import re
import signal
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from .errors import SignalboxError
from .event_files import DamagedFile, Scalar, read_scalars
from .run import Run
from .run_state import RunState
from .spool import POINTS, segments_of
from .spool_reader import read_window
from .start import init, runs_folder
from .values import compact, number_text

PASS_SCALARS = 2000
Start = Callable[..., Run]


class WatchedFolder:
    """One folder with event files; its run begins with the first scalar."""

    def __init__(self, folder: Path, root: Path, start: Start, options: Dict[str, Any]) -> None:
        self.folder = folder
        self.idle_since = time.monotonic()
        self._start = start
        relative = folder.resolve().relative_to(root.resolve()).as_posix()
        self.name = root.resolve().name if relative == "." else relative
        self.id = run_id(folder)
        self._options = options
        self._run: Optional[Run] = None
        self._damaged: Dict[str, int] = {}
        self._state = RunState(runs_folder(Path(options["dir"])) / self.id)
        self._offsets = offsets_of(self._state)

    def read(self) -> int:
        """Reports the scalars that are new; how many."""
        count = 0
        for path in sorted(self.folder.glob("*tfevents*"), key=_age):
            while path.is_file() and self._damaged.get(path.name) != path.stat().st_size:
                taken = self._read_some(path)
                count += taken
                if taken < PASS_SCALARS:
                    break
        if count:
            self.idle_since = time.monotonic()
        return count

    def _read_some(self, path: Path) -> int:
        count, end = 0, self._offsets.get(path.name, 0)
        try:
            for end_of_record, scalars in groupby(read_scalars(path, end), lambda scalar: scalar.end):
                count += self._log(list(scalars), path.name)
                end = end_of_record
                if count >= PASS_SCALARS:
                    break
        except DamagedFile as error:
            self._damaged[path.name] = path.stat().st_size
            logging.getLogger("signalbox").warning("signalbox: %s: the rest of it is left out", error)
        if count:
            self._offsets[path.name] = end
            self.run.remember(tensorboard=self._offsets)
        return count

    @property
    def run(self) -> Run:
        """The run, begun when it is first needed."""
        if self._run is None:
            self._run = self._start(id=self.id, name=self.name, **self._options)
        return self._run

    def _log(self, scalars: List[Scalar], file: str) -> int:
        """One record of the file is one of the journal, so that a restart goes on exactly behind it."""
        points = [
            {
                "name": scalar.tag[:256],
                "value": json.loads(number_text(scalar.value) or "null"),
                "step": max(0, scalar.step),
                "timestamp": max(0, scalar.ms),
                "source": {"file": file, "end": scalar.end},
            }
            for scalar in scalars
        ]
        self.run.log_points(len(points), b",".join(map(compact, points)), points[-1]["step"])
        return len(points)

    def finish(self) -> None:
        """Ends the run; goes on where more comes later."""
        run, self._run = self._run, None
        if run is not None:
            run.finish()


def run_id(folder: Path) -> str:
    """The same for the same folder, readable, and of the characters that an id may have."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.resolve().name).strip("-")[:80]
    return f"tb-{readable or 'run'}-{digest}"


def offsets_of(state: RunState) -> Dict[str, int]:
    """How far each file was reported: as remembered, and as the records that are still there say."""
    offsets = {str(name): int(end) for name, end in (state.read().get("tensorboard") or {}).items()}
    for segment in segments_of(state.folder):
        at, size = 0, segment.path.stat().st_size
        while True:
            window = read_window(segment, at, size)
            if window is None:
                break
            at = window.end
            for record in window.records:
                if record.kind == POINTS:
                    source = json.loads(b"[%b]" % record.payload)[-1].get("source") or {}
                    if "file" in source:
                        offsets[source["file"]] = max(offsets.get(source["file"], 0), int(source["end"]))
    return offsets


def _age(path: Path) -> Any:
    # Their names begin with the time of writing.
    return path.name


def find_folders(root: Path) -> List[Path]:
    """Folders at or below `root` that hold event files."""
    found = []
    for folder, _, names in os.walk(root):
        if any("tfevents" in name for name in names):
            found.append(Path(folder))
    return sorted(found)


def watch(
    root: Path,
    options: Dict[str, Any],
    *,
    once: bool = False,
    interval: float = 2.0,
    idle: float = 600.0,
    start: Start = init,
    stopped: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
    say: Callable[[str], None] = print,
) -> int:
    """Follows a log folder until `stopped`; with `once`, to what is there now. How many scalars."""
    watched: Dict[Path, WatchedFolder] = {}
    total = 0
    try:
        while True:
            for folder in find_folders(root):
                if folder not in watched:
                    watched[folder] = WatchedFolder(folder, root, start, options)
                one = watched[folder]
                count = one.read()
                total += count
                if count:
                    say(f"{one.name}: {count} values")
                elif one._run is not None and time.monotonic() - one.idle_since > idle:
                    one.finish()
            if once or stopped():
                return total
            sleep(interval)
    finally:
        for one in watched.values():
            one.finish()


def main(arguments: Optional[List[str]] = None) -> int:
    """Exit codes: 0, and 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m signalbox.watch",
        description="Follows a TensorBoard log folder: each folder with event files is a run.",
    )
    parser.add_argument("logdir")
    parser.add_argument("--once", action="store_true", help="report what is there, then end")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between looks (default: 2)")
    parser.add_argument(
        "--idle", type=float, default=600.0, help="seconds of silence after which a run counts as done (600)"
    )
    parser.add_argument("--project", help="tag the runs with project:<name>")
    parser.add_argument("--url", help="the dashboard's address")
    parser.add_argument("--dir", default=".", help="where journals are kept (default: here)")
    options = parser.parse_args(arguments)
    root = Path(options.logdir)
    if not root.is_dir():
        print(f"signalbox: there is no folder {root}", file=sys.stderr)
        return 2
    logging.basicConfig(format="%(message)s")
    ended: List[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: ended.append(number))
    given = {"dir": options.dir, "project": options.project, "url": options.url}
    try:
        watch(
            root,
            given,
            once=options.once,
            interval=options.interval,
            idle=options.idle,
            stopped=lambda: bool(ended),
            sleep=lambda seconds: _sleep(seconds, ended),
        )
    except SignalboxError as error:
        print(f"signalbox: {error}", file=sys.stderr)
        return 2
    return 0


def _sleep(seconds: float, ended: List[int]) -> None:
    until = time.monotonic() + seconds
    while not ended and time.monotonic() < until:
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
