"""The events with which the callbacks for frameworks describe the course of a training."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Mapping, Optional

from ..run.run import Run
from ..values import to_float

LONGEST_GAP = 1 / 50
"""Fraction of the steps after which progress is reported, however fast they are."""
SHORTEST_GAP = 1 / 200
"""The same after MIN_INTERVAL_SECONDS, for trainings with slow steps."""
MIN_INTERVAL_SECONDS = 1.0


class TrainingEvents:
    """Reports `sft.training.started`, `sft.progress`, `sft.loss` and `sft.validation.summary`."""

    def __init__(self, run: Run, step: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`step`: where the training begins; above 0, it is resumed."""
        self._run = run
        self._clock = clock
        self._last: Optional[int] = step or None
        self._reported_at = clock()
        if step <= 0:
            total = run.total_steps
            message = "Training started" + (f": {total:,} steps" if total else "")
            run.event("sft.training.started", message, data=self._place(0, None))

    def progress(self, step: int, epoch: Optional[float], values: Mapping[str, Any]) -> None:
        """The series `train/…` at a step, when it is logged; most steps are not reported."""
        if not self._is_due(step):
            return
        self._last, self._reported_at = step, self._clock()
        figures, place = _figures(values, "train/"), self._place(step, epoch)
        loss, total = figures.get("loss"), self._run.total_steps
        at = f"Step {step:,}" + (f" of {total:,} ({100 * step // total} %)" if total else "")
        shown = "" if loss is None else f", loss {loss:.4f}"
        self._run.event("sft.progress", at + shown, data={**figures, **place})
        if loss is not None:
            self._run.event("sft.loss", f"Step {step:,}: loss {loss:.4f}", data={"loss": loss, **place})

    def evaluated(self, step: int, epoch: Optional[float], values: Mapping[str, Any]) -> None:
        """The series `eval/…` of an evaluation."""
        figures = _figures(values, "eval/")
        if figures:
            shown = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in figures.items())
            data = {**figures, **self._place(step, epoch)}
            self._run.event("sft.validation.summary", f"Step {step:,}: {shown}", data=data)

    def _is_due(self, step: int) -> bool:
        total = self._run.total_steps or 0
        if self._last is None or 0 < total <= step:
            return self._last != step
        gap = step - self._last
        waited = self._clock() - self._reported_at >= MIN_INTERVAL_SECONDS
        if not total:
            return gap > 0 and waited
        return gap >= total * LONGEST_GAP or (gap >= total * SHORTEST_GAP and waited)

    def _place(self, step: int, epoch: Optional[float]) -> Dict[str, Any]:
        total = self._run.total_steps
        progress = min(1.0, step / total) if total else None
        return {"step": step, "total_steps": total, "epoch": epoch, "progress": progress}


def _figures(values: Mapping[str, Any], group: str) -> Dict[str, float]:
    figures = {}
    for name, value in values.items():
        if name.startswith(group):
            try:
                figures[name[len(group) :]] = to_float(value)
            except (TypeError, ValueError):
                pass  # logged as a metric, it is dropped with a warning
    return figures
