"""What every command works with: output, client, and what to say when it is interrupted."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any, Optional, Sequence, TextIO

from ..client import Client
from ..settings import Credentials, find_settings
from ..transport.dashboard_http import DashboardHttp, path_segment
from ..transport.json_text import json_text
from .table import Cell, Column, aligned, tab_separated


class CliContext:
    """One call of the program. `url`: `--url`, where given. `exit_message` is printed if it is interrupted."""

    def __init__(self) -> None:
        self.url: Optional[str] = None
        self.exit_message: Optional[str] = None
        self._client: Optional[Client] = None

    @property
    def client(self) -> Client:
        """The dashboard, by `--url`, the environment or the credentials file."""
        if self._client is None:
            settings = find_settings(self.url)
            # Without a key the dashboard says what is missing.
            credentials = Credentials(settings.url, settings.api_key or "")
            self._client = Client(http=DashboardHttp(credentials=credentials))
        return self._client

    def close(self) -> None:
        """Closes the connection to the dashboard."""
        if self._client is not None:
            self._client.http.close()

    @property
    def terminal(self) -> bool:
        """Whether people read along: a terminal, not a pipe or a file."""
        return sys.stdout.isatty()

    @property
    def colour(self) -> bool:
        """Whether colours may be written."""
        return has_colour(sys.stdout)

    def print(self, line: str) -> None:
        """Writes a line on standard output, at once."""
        self.write(f"{line}\n")
        sys.stdout.flush()

    def write(self, text: str) -> None:
        """Writes on standard output."""
        sys.stdout.write(text)

    def note(self, line: str) -> None:
        """Writes a line on standard error, apart from the output itself."""
        try:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        except OSError:  # notes are lost then; the command itself goes on
            pass

    def json(self, value: Any) -> None:
        """Writes a value as one line of JSON."""
        self.print(json_text(value))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        """A table in a terminal, tab-separated lines anywhere else."""
        if self.terminal:
            lines = aligned(columns, rows, terminal_width(), self.colour)
        else:
            lines = tab_separated(columns, rows)
        self.print("\n".join(lines))

    def page_of(self, job_id: str) -> str:
        """The page of a run on the dashboard."""
        return f"{self.client.url}/runs/{path_segment(job_id)}"


def has_colour(output: TextIO) -> bool:
    """Whether colours may be written: a terminal, and no `NO_COLOR`."""
    return output.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """The width of the terminal; 80 if it does not say."""
    return shutil.get_terminal_size((80, 24)).columns or 80
