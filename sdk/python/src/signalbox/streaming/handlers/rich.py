"""Shows a live run in a terminal, with plain ANSI sequences."""

from __future__ import annotations

import math
import os
import re
import shutil
import sys
import time
from collections import OrderedDict, deque
from typing import Any, Callable, Deque, Dict, List, Optional, TextIO

from .line_handlers import CLIHandler, StreamHandler
from ..messages import StreamMessage, StreamType
from .plain_text import format_message, format_number, plain_text, time_of_day

BARS = "▁▂▃▄▅▆▇█"
COLORS = {
    "running": "36", "succeeded": "32", "failed": "31", "lost": "31", "cancelled": "33", "paused": "33",
    "pausing": "33", "stopping": "33", "queued": "90", "starting": "90", "error": "31", "warning": "33",
    "dim": "90", "bold": "1",
}  # fmt: skip
DRAW_EVERY = 0.1
MAX_SERIES = 200
VISIBLE_SERIES = 8
VISIBLE_EVENTS = 5
MAX_LOSSES = 4000
_repeated = re.compile(r"(^|\.)(progress|loss|step)$")


class RichHandler(StreamHandler):
    """
    Progress bar, latest metrics, last events and a sparkline of the loss, redrawn in place at most ten
    times a second. If the output is not a terminal: the lines of CLIHandler. Respects NO_COLOR.
    """

    def __init__(
        self,
        output: Optional[TextIO] = None,
        *,
        width: Optional[int] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._output = output if output is not None else sys.stdout
        self._lines = CLIHandler(self._output) if not _is_live(self._output) else None
        self._color = not os.environ.get("NO_COLOR")
        self._width = width
        self._clock = clock
        self._job: Dict[str, Any] = {}
        self._status: Optional[str] = None
        self._step: Optional[int] = None
        self._epoch: Optional[float] = None
        self._latest: "OrderedDict[str, Any]" = OrderedDict()
        self._events: Deque[StreamMessage] = deque(maxlen=VISIBLE_EVENTS)
        self._loss_name: Optional[str] = None
        self._losses: Deque[float] = deque(maxlen=MAX_LOSSES)
        self._drawn = 0
        self._next_draw = 0.0

    def begin(self, job: Optional[Dict[str, Any]]) -> None:
        self._job = job or {}

    def handle(self, message: StreamMessage) -> None:
        if self._lines is not None:
            self._lines.handle(message)
            return
        self._update(message)
        if self._clock() >= self._next_draw:
            self._draw()
            self._next_draw = self._clock() + DRAW_EVERY

    def flush(self) -> None:
        if self._lines is None and (self._drawn or self._status):
            self._draw()
            self._drawn = 0

    def _update(self, message: StreamMessage) -> None:
        kind, data = message.stream_type, message.data
        if kind is StreamType.STATUS:
            self._status = str(data["status"])
            self._events.append(message)
        elif kind is StreamType.METRICS:
            name = str(data["name"])
            self._latest[name] = data["value"]
            self._latest.move_to_end(name)
            if len(self._latest) > MAX_SERIES:
                self._latest.popitem(last=False)
            if not name.startswith("system/"):
                self._step = max(self._step or 0, message.step or 0)
                self._epoch = self._epoch if data["epoch"] is None else data["epoch"]
            self._update_loss(name, data["value"])
        elif kind is not StreamType.LOGS and kind is not StreamType.PREDICTIONS:
            if kind is StreamType.EVENTS and _repeated.search(str(data["type"])):
                # Of events that come every few steps, only the latest of each type is shown.
                for older in [each for each in self._events if each.data.get("type") == data["type"]]:
                    self._events.remove(older)
            self._events.append(message)

    def _update_loss(self, name: str, value: Any) -> None:
        first_loss = self._loss_name is None and "loss" in name.lower()
        if first_loss or (name == "train/loss" and self._loss_name != name):
            self._loss_name = name
            self._losses.clear()
        if name == self._loss_name:
            self._losses.append(float(value))

    # Drawing ---------------------------------------------------------------------------------

    def _draw(self) -> None:
        # A pseudo-terminal may report zero columns.
        columns = shutil.get_terminal_size((80, 24)).columns or 80
        lines = self._view(self._width or max(20, columns - 1))
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        body = "".join(f"\x1b[2K{line}\n" for line in lines)
        self._output.write(f"{up}\r\x1b[J{body}")
        self._output.flush()
        self._drawn = len(lines)

    def _view(self, width: int) -> List[str]:
        lines = [self._header(width), self._progress(width)]
        shown = list(self._latest.items())[-VISIBLE_SERIES:]
        name_width = min(max([len(name) for name, _ in shown] or [0]), width // 2)
        for name, value in sorted(shown):
            lines.append(_truncate(f"  {plain_text(name)[:name_width]:<{name_width}}  {format_number(value)}", width))
        if self._losses:
            label = f"  {plain_text(self._loss_name or '')} "
            lines.append(_truncate(label, width // 2) + sparkline(self._losses, max(8, width - len(label) - 1)))
        for event in self._events:
            text = _truncate(f"  {time_of_day(event.timestamp)} {format_message(event)}", width)
            lines.append(self._paint(text, str(event.data.get("level") or "dim")))
        return lines

    def _header(self, width: int) -> str:
        name = plain_text(str(self._job.get("name") or self._job.get("id") or "run"))
        status = self._status or str(self._job.get("status") or "…")
        name = _truncate(name, max(8, width - len(status) - 2))
        return f"{self._paint(name, 'bold')}  {self._paint(status, status)}"

    def _progress(self, width: int) -> str:
        total = self._job.get("total_steps")
        if self._step is None:
            return self._paint("  no steps yet", "dim")
        epoch = "" if self._epoch is None else f"  epoch {format_number(self._epoch)}"
        if not total:
            return f"  step {self._step:,}{epoch}"
        share = min(1.0, self._step / total)
        text = f" {share:4.0%}  step {self._step:,} / {int(total):,}{epoch}"
        bar_width = max(5, min(40, width - len(text) - 2))
        filled = round(share * bar_width)
        return _truncate(f"  {'█' * filled}{'░' * (bar_width - filled)}{text}", width)

    def _paint(self, text: str, color: str) -> str:
        code = COLORS.get(color)
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and code else text


def _is_live(output: TextIO) -> bool:
    try:
        return bool(output.isatty()) and os.environ.get("TERM") != "dumb"
    except (AttributeError, ValueError):
        return False


def _truncate(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def sparkline(values: Any, width: int) -> str:
    """A series in `width` characters: the means of equal parts; non-finite values are gaps."""
    items = list(values)
    size = max(1, math.ceil(len(items) / width))
    parts = [items[at : at + size] for at in range(0, len(items), size)]
    finite = [[value for value in part if math.isfinite(value)] for part in parts]
    means = [sum(part) / len(part) if part else None for part in finite]
    known = [mean for mean in means if mean is not None]
    if not known:
        return " " * len(means)
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    top = len(BARS) - 1
    return "".join(" " if m is None else BARS[round((m - low) / span * top)] for m in means)
