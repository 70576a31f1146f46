"""`python -m signalbox.watch LOGDIR`: follows a TensorBoard log folder, with a run for each folder in it."""

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

from .delivery.run_state import RunState, runs_folder
from .delivery.spool import POINTS, segments_of
from .delivery.spool_reader import read_window
from .errors import SignalboxError
from .integrations.event_files import DamagedFile, Scalar, read_scalars
from .run.run import Run
from .run.start import init
from .values import compact, number_text

MAX_SCALARS_PER_PASS = 2000
Start = Callable[..., Run]


class WatchedFolder:
    """One folder with event files; its run starts with the first scalar."""

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
        """Reports new scalars; returns how many."""
        count = 0
        for path in sorted(self.folder.glob("*tfevents*"), key=_created):
            while path.is_file() and self._damaged.get(path.name) != path.stat().st_size:
                reported = self._read_some(path)
                count += reported
                if reported < MAX_SCALARS_PER_PASS:
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
                if count >= MAX_SCALARS_PER_PASS:
                    break
        except DamagedFile as error:
            self._damaged[path.name] = path.stat().st_size
            logging.getLogger("signalbox").warning("signalbox: %s: the rest of the file is ignored", error)
        if count:
            self._offsets[path.name] = end
            self.run.remember(tensorboard=self._offsets)
        return count

    @property
    def run(self) -> Run:
        """The run, started when it is first needed."""
        if self._run is None:
            self._run = self._start(id=self.id, name=self.name, **self._options)
        return self._run

    def _log(self, scalars: List[Scalar], file: str) -> int:
        """Writes one journal record per record of the file, so that a restart continues exactly after it."""
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
        """Ends the run; new scalars later resume it."""
        run, self._run = self._run, None
        if run is not None:
            run.finish()


def run_id(folder: Path) -> str:
    """A readable and valid run id, always the same for the same folder."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", folder.resolve().name).strip("-")[:80]
    return f"tb-{readable or 'run'}-{digest}"


def offsets_of(state: RunState) -> Dict[str, int]:
    """How far each file was reported, from the persisted values and the records that are not sent yet."""
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


def _created(path: Path) -> str:
    # The names of event files contain the time of their creation.
    return path.name


def find_folders(root: Path) -> List[Path]:
    """Folders with event files at or below `root`."""
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
    report: Callable[[str], None] = print,
) -> int:
    """Follows a log folder until `stopped`; with `once`, reads it once. Returns the number of scalars."""
    watched: Dict[Path, WatchedFolder] = {}
    total = 0
    try:
        while True:
            for folder in find_folders(root):
                if folder not in watched:
                    watched[folder] = WatchedFolder(folder, root, start, options)
                current = watched[folder]
                count = current.read()
                total += count
                if count:
                    report(f"{current.name}: {count} values")
                elif current._run is not None and time.monotonic() - current.idle_since > idle:
                    current.finish()
            if once or stopped():
                return total
            sleep(interval)
    finally:
        for current in watched.values():
            current.finish()


def main(arguments: Optional[List[str]] = None) -> int:
    """Exit codes: 0, or 2 for invalid usage."""
    parser = argparse.ArgumentParser(
        prog="python -m signalbox.watch",
        description="Follows a TensorBoard log folder: each folder with event files is a run.",
    )
    parser.add_argument("logdir")
    parser.add_argument("--once", action="store_true", help="report existing scalars, then exit")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between checks (default: 2)")
    parser.add_argument(
        "--idle",
        type=float,
        default=600.0,
        help="seconds without new scalars after which a run is finished (default: 600)",
    )
    parser.add_argument("--project", help="tag the runs with project:<name>")
    parser.add_argument("--url", help="the dashboard's URL")
    parser.add_argument("--dir", default=".", help="the folder for journals (default: the current one)")
    options = parser.parse_args(arguments)
    root = Path(options.logdir)
    if not root.is_dir():
        print(f"signalbox: folder not found: {root}", file=sys.stderr)
        return 2
    init_options = {"dir": options.dir, "project": options.project, "url": options.url}
    try:
        follow_folder(
            root, init_options, once=options.once, interval=options.interval, idle=options.idle
        )
    except SignalboxError as error:
        print(f"signalbox: {error}", file=sys.stderr)
        return 2
    return 0


def follow_folder(
    root: Path, options: Dict[str, Any], *, once: bool, interval: float, idle: float
) -> None:
    """Follows a log folder until Ctrl-C or SIGTERM, which finish the runs. Raises SignalboxError."""
    logging.basicConfig(format="%(message)s")
    signals: List[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda number, _: signals.append(number)) for number in numbers}
    try:
        watch(
            root,
            options,
            once=once,
            interval=interval,
            idle=idle,
            stopped=lambda: bool(signals),
            sleep=lambda seconds: _sleep(seconds, signals),
            report=lambda line: print(line, flush=True),
        )
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _sleep(seconds: float, signals: List[int]) -> None:
    until = time.monotonic() + seconds
    while not signals and time.monotonic() < until:
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
