"""Standard output and error, reported line by line and still printed."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, List, Optional, TextIO

Report = Callable[[str, str], None]
LONGEST_OPEN_LINE = 64 * 1024


class Tee:
    """A text stream that passes on what is written to it, and reports whole lines."""

    def __init__(self, name: str, original: TextIO, report: Report) -> None:
        self._name = name
        self._original = original
        self._report: Optional[Report] = report
        self._open = ""
        self._busy = threading.local()

    def write(self, text: str) -> int:
        """As the original's."""
        written = self._original.write(text)
        self._take(text)
        return written if isinstance(written, int) else len(text)

    def writelines(self, lines: Any) -> None:
        """As the original's."""
        for line in lines:
            self.write(line)

    def _take(self, text: Any) -> None:
        report = self._report
        if report is None or getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            parts = (self._open + str(text)).split("\n")
            self._open = parts.pop()[-LONGEST_OPEN_LINE:]
            for part in parts:
                report(self._name, last_shown(part))
        except Exception:  # noqa: BLE001 - printing must go on
            pass
        finally:
            self._busy.now = False

    def end(self) -> None:
        """Reports what stands without a line break, then only passes on."""
        report, self._report = self._report, None
        if report is not None and self._open:
            report(self._name, last_shown(self._open))
        self._open = ""

    def drop(self) -> None:
        """Only passes on from now on."""
        self._report = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def last_shown(line: str) -> str:
    """What a terminal shows of a line in which a progress bar wrote over itself."""
    shown = [part for part in line.split("\r") if part]
    return shown[-1] if shown else ""


class OutputCapture:
    """Stands in for `sys.stdout` and `sys.stderr` while open. What C code prints is not seen."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._tees: List[Tee] = []

    def open(self) -> None:
        """Begins."""
        for name in ("stdout", "stderr"):
            original = getattr(sys, name)
            if original is None:
                continue
            tee = Tee(name, original, self._report)
            setattr(sys, name, tee)
            self._tees.append(tee)

    def close(self) -> None:
        """Ends. Who kept one of the streams can go on printing to it."""
        for name, tee in zip(("stdout", "stderr"), self._tees):
            tee.end()
            if getattr(sys, name) is tee:
                setattr(sys, name, tee._original)
        self._tees = []

    def abandon(self) -> None:
        """In a forked child: no reports from here."""
        for tee in self._tees:
            tee.drop()
