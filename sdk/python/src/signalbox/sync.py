"""Sends what processes left behind that are gone: `signalbox sync`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Iterator, List, NamedTuple, Optional

from .link import GONE, LOCKED_OUT, DashboardLink
from .run_state import RunState
from .sender import IDLE, WAIT, Sender
from .settings import Credentials
from .spool import segments_of

TRIES = 6


class Synced(NamedTuple):
    """What came of one run. `state` is sent, nothing, in use, or left; `reason` says why it is left."""

    run_id: str
    state: str
    records: int
    refused: int
    reason: str = ""


def run_folders(root: Path) -> List[Path]:
    """Folders of runs at or below a folder: itself, `.signalbox/runs/*`, `runs/*`, or its children."""
    if segments_of(root) or (root / "state.json").is_file():
        return [root]
    for base in (root / ".signalbox" / "runs", root / "runs", root):
        if base.is_dir():
            found = [path for path in sorted(base.iterdir()) if path.is_dir() and segments_of(path)]
            if found or base.name == "runs":
                return found
    return []


def sync(
    root: Path,
    credentials: Callable[[], Optional[Credentials]],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Synced]:
    """Sends what is left of every run below a folder whose process is gone."""
    for folder in run_folders(root):
        state = RunState(folder)
        if not state.lock():
            yield Synced(folder.name, "in use", 0, 0, "a living process writes this run")
            continue
        try:
            yield _sync_one(folder, state, credentials, sleep)
        finally:
            state.release()


def _sync_one(
    folder: Path,
    state: RunState,
    credentials: Callable[[], Optional[Credentials]],
    sleep: Callable[[float], None],
) -> Synced:
    run_id = str(state.read().get("id") or folder.name)
    link = DashboardLink(run_id, state, credentials)
    sender = Sender(run_id, state, link)
    failures = 0
    try:
        while True:
            outcome = sender.send_next()
            if outcome.what == IDLE:
                what = "sent" if sender.records_sent or sender.records_refused else "nothing"
                return Synced(run_id, what, sender.records_sent, sender.records_refused)
            if outcome.what != WAIT:
                failures = 0
                continue
            failures += 1
            delivery = outcome.delivery
            hopeless = delivery is not None and delivery.outcome in (LOCKED_OUT, GONE)
            if hopeless or failures >= TRIES:
                reason = delivery.reason if delivery else ""
                return Synced(run_id, "left", sender.records_sent, sender.records_refused, reason)
            sleep(outcome.wait)
    finally:
        link.close()
