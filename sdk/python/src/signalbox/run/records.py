"""What a run reports, as journal records. Nothing here raises."""

from __future__ import annotations

import time
import traceback
from typing import Any, Callable, Dict, List, Mapping, Optional, Protocol, Tuple

from ..delivery.spool import ATTACH, EVENT, LINE, POINTS, PREDICTION, ROW, STATUS
from ..values import clip_text, compact, to_json
from .prediction_rows import prediction_rows

LEVELS = ("debug", "info", "warning", "error")
LEVEL_ALIASES = {"warn": "warning", "critical": "error"}


class RunProgress(Protocol):
    """How far a run has got."""

    step: int
    epoch: Optional[float]
    total_steps: Optional[int]
    finished_as: Optional[str]


class RecordWriter:
    """Formats records and appends them to the journal of one run."""

    append: Callable[[bytes, int, bytes], bool]
    _run: Optional[RunProgress]
    _attachment: Dict[str, Any]

    def warn_once(self, kind: str, text: str) -> None:
        raise NotImplementedError

    def append_urgent(self, kind: bytes, payload: bytes) -> None:
        """Appends a record that is sent at once."""
        raise NotImplementedError

    def attach(self, body: Dict[str, Any]) -> None:
        """The record that creates or resumes the run on the dashboard."""
        self._attachment = body
        self.append_urgent(ATTACH, compact(to_json(body)))

    def describe(self, fields: Dict[str, Any]) -> None:
        """Adds fields that were not known when the run was attached."""
        try:
            self.attach({**self._attachment, **fields})
        except Exception as error:  # noqa: BLE001
            self.warn_once("describe", f"the run could not be described: {error!r}")

    def row(self, count: int, payload: bytes) -> None:
        """A wide row of metrics."""
        self.append(ROW, count, payload)

    def points(self, pieces: List[Tuple[int, bytes]]) -> None:
        """Single points."""
        for count, payload in pieces:
            self.append(POINTS, count, payload)

    def line(self, stream: str, text: str) -> None:
        """A line of output."""
        payload = {"stream": stream, "text": clip_text(text), "ts": time.time_ns() // 1_000_000}
        self.append(LINE, 1, compact(payload))

    def predictions(self, predictions: Any, step: Any, epoch: Any) -> None:
        """Predictions, one per record."""
        try:
            for row in prediction_rows(predictions, step, epoch, self.warn_once):
                self.append(PREDICTION, 1, compact(row))
        except Exception as error:  # noqa: BLE001
            self.warn_once("predictions", f"log_predictions: {error!r}")

    def event(self, type_: str, message: str, level: str, data: Optional[Mapping[str, Any]]) -> None:
        """An event, sent at once."""
        try:
            level = LEVEL_ALIASES.get(str(level), str(level))
            if level not in LEVELS:
                self.warn_once("bad level", f"event: unknown level {level!r}; using info")
                level = "info"
            body = {
                "type": str(type_)[:128] or "event",
                "level": level,
                "message": clip_text(str(message)),
                "data": to_json(dict(data or {})),
            }
            self.append_urgent(EVENT, compact(body))
        except Exception as error:  # noqa: BLE001
            self.warn_once("event", f"event: {error!r}")

    def exception(self, error: BaseException) -> None:
        """An exception with its traceback, as an event."""
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        text = clip_text("".join(lines), 60_000)
        self.event("exception", _summary(error), "error", {"traceback": text})

    def report_end(self, status: str, error: Optional[BaseException], exit_code: Optional[int]) -> None:
        """The last record of this process: how the run ended."""
        if exit_code is None:
            exit_code = {"failed": 1, "cancelled": 130}.get(status, 0)
        body: Dict[str, Any] = {"status": status, "exited": True, "exit_code": exit_code}
        if error is not None:
            body["error"] = _summary(error)
        elif status == "failed":
            body["error"] = f"The script ended with exit code {exit_code}."
        self.report(body)

    def report(self, body: Dict[str, Any]) -> None:
        """A status report, with the current step and epoch."""
        run = self._run
        if run is not None and run.step >= 0:
            body = {"step": run.step, **body}
        if run is not None and run.epoch is not None:
            body = {"epoch": run.epoch, **body}
        self.append_urgent(STATUS, compact(to_json(body)))


def _summary(error: BaseException) -> str:
    last = traceback.format_exception_only(type(error), error)[-1].strip()
    return clip_text(last, 4000)
