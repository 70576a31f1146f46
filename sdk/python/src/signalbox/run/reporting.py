"""The part of a Run that reports data."""

from __future__ import annotations

import time
from typing import Any, Mapping, Optional

from ..values import MAX_STEP
from .output_capture import OutputCapture
from .run_parts import RunParts


class Reporting(RunParts):
    """Writes to the journal. Nothing here raises or waits."""

    def log(
        self,
        values: Mapping[str, Any],
        step: Optional[int] = None,
        epoch: Optional[float] = None,
        phase: Optional[str] = None,
    ) -> None:
        """
        Reports numbers at a step: Python, NumPy or torch scalars; NaN and infinities are kept, nested
        names are joined with `/`. Without a step: one after the last. Never raises, never waits.
        """
        journal = self._journal
        if journal is None or self.finished_as is not None:
            return
        try:
            if type(step) is not int or not 0 <= step <= MAX_STEP or epoch is not None or "epoch" in values:
                values, step, epoch = self._rows.place(values, step, epoch, self.step)
                if step is None:
                    return
            self.step = step
            if epoch is not None:
                self.epoch = epoch
            ms = time.time_ns() // 1_000_000
            if not phase:
                for count, payload in self._rows.wide(values, step, epoch, ms):
                    journal.row(count, payload)
            else:
                journal.points(self._rows.points(values, step, epoch, ms, str(phase)[:64]))
        except Exception as error:  # noqa: BLE001 - never into the training
            self._warn_once("log", f"log: a row is dropped: {error!r}")

    def log_predictions(
        self,
        predictions: Any,
        step: Optional[int] = None,
        epoch: Optional[float] = None,
    ) -> None:
        """
        Reports predictions of the model: dicts with `prompt`, `prediction` and optionally `ground_truth`,
        `sample_index` (default: the position in the list), `prompt_id`, `metadata`, quality figures. Every
        further number or short text is a score (`reward=0.5`, `judge="good"`), everything else metadata.
        `step` and `epoch` default to the run's. Never raises.
        """
        if self._journal is None or self.finished_as is not None:
            return
        step = max(0, self.step) if step is None else step
        epoch = (self.epoch or 0) if epoch is None else epoch
        self._journal.predictions(predictions, step, epoch)

    def event(
        self,
        type: str,
        message: str = "",
        level: str = "info",
        data: Optional[Mapping[str, Any]] = None,
    ) -> None:
        """Reports an event. Levels: debug, info, warning, error. Never raises."""
        if self._journal is not None and self.finished_as is None:
            self._journal.event(type, message, level, data)

    def note_exception(self, error: BaseException) -> None:
        """Reports an exception that does not end the run."""
        if self._journal is not None and self.finished_as is None:
            self._journal.exception(error)

    def capture_output(self) -> None:
        """From now on, also reports what is printed to standard output and standard error."""
        if self._journal is not None and self._capture is None:
            self._capture = OutputCapture(self._journal.line)
            self._capture.open()

    # For integrations ------------------------------------------------------------------------

    def describe(self, **fields: Any) -> None:
        """Adds to the description of the run (total_steps, total_epochs, config …) after its start."""
        known = {name: value for name, value in fields.items() if value is not None}
        if self._journal is None or not known:
            return
        self.config = known.get("config", self.config)
        self.total_steps = known.get("total_steps", self.total_steps)
        self._journal.describe(known)

    def log_at(self, values: Mapping[str, Any], step: int, ms: Optional[int]) -> None:
        """Reports a row with a timestamp of its own, in milliseconds since 1970."""
        if self._journal is None or self.finished_as is not None:
            return
        try:
            if ms is None:
                self.log(values, step=step)
                return
            _, place, _ = self._rows.place({}, step, None, self.step)
            if place is None:
                return
            self.step = max(self.step, place)
            for count, payload in self._rows.wide(values, place, None, ms):
                self._journal.row(count, payload)
        except Exception as error:  # noqa: BLE001 - never into the training
            self.warn_once("log", f"log: a row is dropped: {error!r}")

    def log_points(self, count: int, payload: bytes, step: int) -> None:
        """Reports points, already in the JSON of the dashboard's `points`, as one record."""
        if self._journal is not None and self.finished_as is None:
            self.step = max(self.step, step)
            self._journal.points([(count, payload)])

    def warn_once(self, kind: str, text: str) -> None:
        """Warns, once for each kind."""
        self._warn_once(kind, text)
