"""Reports standard output and standard error line by line, and still prints them."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, List, Optional, TextIO

Report = Callable[[str, str], None]
MAX_PARTIAL_LINE = 64 * 1024


class Tee:
    """A text stream that forwards what is written to it, and reports complete lines."""

    def __init__(self, name: str, original: TextIO, report: Report) -> None:
        self._name = name
        self._original = original
        self._report: Optional[Report] = report
        self._partial_line = ""
        self._reporting = threading.local()

    def write(self, text: str) -> int:
        """Like the original's."""
        written = self._original.write(text)
        self._report_lines(text)
        return written if isinstance(written, int) else len(text)

    def writelines(self, lines: Any) -> None:
        """Like the original's."""
        for line in lines:
            self.write(line)

    def _report_lines(self, text: Any) -> None:
        report = self._report
        if report is None or getattr(self._reporting, "active", False):
            return
        self._reporting.active = True
        try:
            lines = (self._partial_line + str(text)).split("\n")
            self._partial_line = lines.pop()[-MAX_PARTIAL_LINE:]
            for line in lines:
                report(self._name, visible_text(line))
        except Exception:  # noqa: BLE001 - printing must continue
            pass
        finally:
            self._reporting.active = False

    def finish(self) -> None:
        """Reports a last line without a line break, then only forwards."""
        report, self._report = self._report, None
        if report is not None and self._partial_line:
            report(self._name, visible_text(self._partial_line))
        self._partial_line = ""

    def disable(self) -> None:
        """Only forwards from now on."""
        self._report = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


def visible_text(line: str) -> str:
    """What a terminal shows of a line that a progress bar has overwritten."""
    versions = [part for part in line.split("\r") if part]
    return versions[-1] if versions else ""


class OutputCapture:
    """Replaces `sys.stdout` and `sys.stderr` while open. Output of C code is not captured."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._tees: List[Tee] = []

    def open(self) -> None:
        """Starts capturing."""
        for name in ("stdout", "stderr"):
            original = getattr(sys, name)
            if original is None:
                continue
            tee = Tee(name, original, self._report)
            setattr(sys, name, tee)
            self._tees.append(tee)

    def close(self) -> None:
        """Stops capturing. Scripts that kept a reference to a stream can still print to it."""
        for name, tee in zip(("stdout", "stderr"), self._tees):
            tee.finish()
            if getattr(sys, name) is tee:
                setattr(sys, name, tee._original)
        self._tees = []

    def abandon(self) -> None:
        """In a forked child: stops reporting."""
        for tee in self._tees:
            tee.disable()
