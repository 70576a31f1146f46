"""What a live view shows of a run, without a terminal."""

from __future__ import annotations

import math
import re
from collections import OrderedDict, deque
from typing import Any, Deque, Dict, Iterable, List, Optional, Tuple

from ..messages import StreamMessage, StreamType
from .plain_text import format_message, plain_text, time_of_day

BARS = "▁▂▃▄▅▆▇█"
KEPT_SERIES = 200
KEPT_LOSSES = 600
KEPT_LINES = 8
_REPEATED = re.compile(r"(^|\.)(progress|loss|step)$")
_LOSS = re.compile(r"(^|[/._])(loss|reward_mean)$")

Point = Tuple[float, Optional[int]]
"""A value and its step."""


class RichState:
    """The job's own fields at first; its messages bring the rest."""

    def __init__(self, job: Optional[Dict[str, Any]] = None) -> None:
        job = job or {}
        self.name = plain_text(str(job.get("name") or job.get("id") or ""))
        self.status = str(job.get("status") or "unknown")
        self.total_steps: Optional[int] = job.get("total_steps")
        self.total_epochs: Optional[float] = job.get("total_epochs")
        self.step: Optional[int] = None
        self.epoch: Optional[float] = None
        self.latest: "OrderedDict[str, Point]" = OrderedDict()
        self.loss_name: Optional[str] = None
        self.losses: Deque[float] = deque(maxlen=KEPT_LOSSES)
        self._lines: Deque[Tuple[Optional[str], str]] = deque(maxlen=KEPT_LINES)

    @property
    def lines(self) -> List[str]:
        """The last lines of everything but metrics."""
        return [text for _, text in self._lines]

    def add(self, message: StreamMessage) -> None:
        """Takes a message in."""
        if message.stream_type is StreamType.METRICS:
            self._add_point(message)
            return
        self._add_line(message)
        if message.stream_type is StreamType.STATUS:
            self.status = str(message.data["status"])
        elif message.stream_type is StreamType.TIMELINE:
            # Trainers often report their total steps only after the start.
            known = message.data.get("metadata") or {}
            self.total_steps = _number(known.get("total_steps"), self.total_steps)
            self.total_epochs = _number(known.get("total_epochs"), self.total_epochs)

    def _add_line(self, message: StreamMessage) -> None:
        kind = str(message.data["type"]) if message.stream_type is StreamType.EVENTS else None
        if kind is not None and _REPEATED.search(kind):
            # Of events that come every few steps, only the latest of each type is shown.
            others = [line for line in self._lines if line[0] != kind]
            self._lines = deque(others, maxlen=KEPT_LINES)
        self._lines.append((kind, f"{time_of_day(message.timestamp)} {format_message(message)}"))

    def _add_point(self, message: StreamMessage) -> None:
        name, value, epoch = str(message.data["name"]), float(message.data["value"]), message.data.get("epoch")
        self.latest[name] = (value, message.step)
        self.latest.move_to_end(name)
        if len(self.latest) > KEPT_SERIES:
            self.latest.popitem(last=False)
        if _loss_rank(name) > _loss_rank(self.loss_name):
            self.loss_name = name
            self.losses.clear()
        if name == self.loss_name:
            self.losses.append(value)
        if is_machine(name):
            return
        if message.step is not None:
            self.step = max(self.step or 0, message.step)
        if epoch is not None:
            self.epoch = max(self.epoch or 0, epoch)

    def shown_series(self, room: int) -> List[Tuple[str, Point]]:
        """The series to show if there is room for so many: system metrics last, else by name."""
        return sorted(self.latest.items(), key=lambda item: (is_machine(item[0]), item[0]))[:room]


def is_machine(name: str) -> bool:
    """Whether a series is about the machine, not about the training."""
    return name.startswith("system/")


def _number(value: Any, default: Any) -> Any:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else default


def _loss_rank(name: Optional[str]) -> int:
    """Which of two series to draw as the loss: `train/loss` before any other that ends in loss."""
    if name is None or not _LOSS.search(name):
        return 0
    return 3 if name == "train/loss" else 2 if name.endswith("loss") else 1


def sparkline(values: Iterable[float], width: int) -> str:
    """Values as a line of at most `width` bars, each the mean of its share; blank if none is finite."""
    items = list(values)
    cells = max(0, min(width, len(items)))
    means: List[Optional[float]] = []
    for cell in range(cells):
        share = items[cell * len(items) // cells : (cell + 1) * len(items) // cells]
        finite = [value for value in share if math.isfinite(value)]
        means.append(sum(value / len(finite) for value in finite) if finite else None)
    known = [mean for mean in means if mean is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    return "".join(_bar(mean, low, span) for mean in means)


def _bar(mean: Optional[float], low: float, span: float) -> str:
    if mean is None:
        return " "
    return BARS[math.floor((mean - low) / span * (len(BARS) - 1) + 0.5) if span > 0 else 3]


def progress_bar(share: float, width: int) -> str:
    """A progress bar for a share from 0 to 1."""
    full = math.floor(min(1.0, max(0.0, share)) * width + 0.5)
    return "█" * full + "░" * (width - full)
