"""Exit codes, and the ways in which a command ends early."""

from __future__ import annotations

SUCCESS = 0
FAILURE = 1
"""The run failed, or the command could not be carried out."""
USAGE = 2
"""Arguments, a configuration file or settings are wrong."""
CANCELLED = 3
"""The run was cancelled."""
INTERRUPTED = 130
"""Ctrl-C."""


class CliError(Exception):
    """A failure that is printed as one line, without a traceback."""

    def __init__(self, message: str, exit_code: int = FAILURE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def usage_error(message: str) -> CliError:
    """Invalid arguments, configuration or settings."""
    return CliError(message, USAGE)


class Interrupted(BaseException):
    """A person or the system asked the program to end. No `except Exception` may swallow it."""

    def __init__(self, exit_code: int = INTERRUPTED) -> None:
        super().__init__("interrupted")
        self.exit_code = exit_code
