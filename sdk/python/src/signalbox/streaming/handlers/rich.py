"""Shows a live run in a terminal, with plain ANSI sequences."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from typing import Any, Callable, Dict, List, Optional, TextIO

from ...transport.json_text import number_text
from ..messages import StreamMessage
from .line_handlers import CLIHandler, StreamHandler
from .plain_text import format_number, plain_text
from .rich_state import RichState, progress_bar, sparkline
from .text_width import truncate

COLORS = {
    "running": "36", "succeeded": "32", "failed": "31", "cancelled": "33", "paused": "33",
    "bold": "1", "dim": "2",
}  # fmt: skip
DRAW_EVERY = 0.1
MAX_SERIES = 10
MAX_LINES = 8
FIXED_ROWS = 5
"""Rows besides series and lines."""


class RichHandler(StreamHandler):
    """
    Progress, latest values, last events and a sparkline of the loss, redrawn in place at most ten times a
    second. If the output is not a terminal: the lines of CLIHandler. Respects NO_COLOR.
    """

    def __init__(
        self,
        output: Optional[TextIO] = None,
        *,
        width: Optional[int] = None,
        color: Optional[bool] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._output = output if output is not None else sys.stdout
        self._lines = CLIHandler(self._output) if not _is_live(self._output) else None
        self._color = not os.environ.get("NO_COLOR") if color is None else color
        self._width = width
        self._clock = clock
        self._state = RichState()
        self._drawn = 0
        self._next_draw = 0.0
        self._lock = threading.Lock()
        self._timer: Optional[threading.Timer] = None

    def begin(self, job: Optional[Dict[str, Any]]) -> None:
        if self._lines is None:
            with self._lock:
                self._state = RichState(job)
                self._draw()

    def handle(self, message: StreamMessage) -> None:
        if self._lines is not None:
            self._lines.handle(message)
            return
        with self._lock:
            self._state.add(message)
            left = self._next_draw - self._clock()
            if left <= 0:
                self._draw()
            elif self._timer is None:
                # The last message before a pause is drawn, too.
                self._timer = threading.Timer(left, self._draw_later)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        with self._lock:
            self._cancel_timer()
            if self._drawn:
                self._draw()
                self._drawn = 0

    def _draw_later(self) -> None:
        with self._lock:
            if self._timer is None:
                return
            try:
                self._draw()
            except (OSError, ValueError):  # the output was closed; the next message reports it
                pass

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _draw(self) -> None:
        self._cancel_timer()
        self._next_draw = self._clock() + DRAW_EVERY
        # A pseudo-terminal may report zero columns.
        columns, rows = shutil.get_terminal_size((80, 24))
        lines = self._view(self._width or max(40, min((columns or 80) - 1, 120)), rows or 24)
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        body = "".join(f"\x1b[2K{line}\n" for line in lines)
        self._output.write(f"{up}\r\x1b[J{body}")
        self._output.flush()
        self._drawn = len(lines)

    def _view(self, width: int, rows: int) -> List[str]:
        state = self._state
        # A display taller than the terminal could not be redrawn in place.
        room = max(2, rows - FIXED_ROWS)
        events = min(MAX_LINES, room // 2)
        lines = [self._header(width)]
        if state.total_steps:
            lines.append(self._progress(state.total_steps, width))
        for name, (value, step) in state.shown_series(min(MAX_SERIES, room - events)):
            at = "" if step is None else f"  step {step}"
            lines.append(truncate(f"{plain_text(name):<28} {format_number(value):>12}{at}", width))
        if state.loss_name:
            label = plain_text(state.loss_name)
            lines.append(truncate(f"{label} {sparkline(state.losses, width - len(label) - 2)}", width))
        lines += [self._paint(truncate(line, width), "dim") for line in state.lines[-events:]]
        return lines

    def _header(self, width: int) -> str:
        state = self._state
        places = []
        if state.step is not None:
            places.append(f"step {state.step}{_of(state.total_steps)}")
        if state.epoch is not None:
            places.append(f"epoch {format_number(state.epoch)}{_of(state.total_epochs)}")
        place = " · ".join(places)
        name = truncate(state.name, max(8, width - len(state.status) - len(place) - 4))
        parts = [self._paint(name, "bold"), self._paint(state.status, state.status), self._paint(place, "dim")]
        return "  ".join(parts if place else parts[:2])

    def _progress(self, total: int, width: int) -> str:
        share = 1.0 if self._state.status == "succeeded" else (self._state.step or 0) / total
        percent = f"{int(min(1.0, share) * 100)}%"
        return f"{progress_bar(share, min(60, width - 8))} {percent:>4}"

    def _paint(self, text: str, color: str) -> str:
        code = COLORS.get(color)
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and code else text


def _of(total: Optional[float]) -> str:
    return "" if total is None else f" / {number_text(total)}"


def _is_live(output: TextIO) -> bool:
    try:
        return bool(output.isatty()) and os.environ.get("TERM") != "dumb"
    except (AttributeError, ValueError):
        return False
