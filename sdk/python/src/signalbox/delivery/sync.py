"""Sends the journals of processes that have ended: `signalbox sync`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Iterator, List, NamedTuple, Optional

from ..settings import Credentials
from .ingest_client import FULL, NOT_FOUND, UNAUTHORIZED, IngestClient
from .run_state import RunState
from .sender import IDLE, WAIT, Sender
from .spool import segments_of

MAX_ATTEMPTS = 6


class SyncResult(NamedTuple):
    """The result for one run. `state`: sent, nothing to send, in use, or unsent; `reason` says why unsent."""

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
) -> Iterator[SyncResult]:
    """Sends what is left of every run below a folder whose process has ended."""
    for folder in run_folders(root):
        state = RunState(folder)
        if not state.lock():
            yield SyncResult(folder.name, "in use", 0, 0, "a running process writes this run")
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
) -> SyncResult:
    run_id = str(state.read().get("id") or folder.name)
    client = IngestClient(run_id, state, credentials)
    sender = Sender(run_id, state, client)
    failures = 0
    try:
        while True:
            outcome = sender.send_next()
            if outcome.state == IDLE:
                sent = sender.records_sent or sender.records_refused
                summary = "sent" if sent else "nothing to send"
                return SyncResult(run_id, summary, sender.records_sent, sender.records_refused)
            if outcome.state != WAIT:
                failures = 0
                continue
            failures += 1
            result = outcome.result
            permanent = result is not None and result.outcome in (UNAUTHORIZED, NOT_FOUND, FULL)
            if permanent or failures >= MAX_ATTEMPTS:
                reason = result.reason if result else ""
                return SyncResult(run_id, "unsent", sender.records_sent, sender.records_refused, reason)
            sleep(outcome.wait)
    finally:
        client.close()
