"""Failures as people read them."""

from __future__ import annotations

import traceback
from typing import Any, List

from ..errors import (
    ApiError,
    BadRequestError,
    ConfigurationError,
    ForbiddenError,
    SignalboxError,
    UnauthorizedError,
    UnsupportedError,
)
from ..streaming.handlers.plain_text import plain_text
from .context import CliContext
from .exits import FAILURE, USAGE, CliError, Interrupted
from .parser import ParseError


def report_error(error: BaseException, cli: CliContext) -> int:
    """Prints a failure on standard error and returns its exit code."""
    if isinstance(error, Interrupted):
        if cli.exit_message:
            cli.note(cli.exit_message)
        return error.exit_code
    if isinstance(error, ParseError):
        cli.note(str(error))
        return error.exit_code
    if isinstance(error, CliError):
        cli.note(f"signalbox: {error}")
        return error.exit_code
    if isinstance(error, SignalboxError):
        cli.note(f"signalbox: {error_text(error)}")
        # The arguments, or a file that they name, are at fault.
        usage = isinstance(error, (ConfigurationError, BadRequestError, UnsupportedError))
        return USAGE if usage else FAILURE
    cli.note("signalbox: " + "".join(traceback.format_exception(type(error), error, error.__traceback__)).rstrip())
    return FAILURE


def error_text(error: SignalboxError) -> str:
    """An error with what helps to fix it: invalid fields, how to sign in, the request id."""
    if not isinstance(error, ApiError):
        return plain_text(str(error))
    message = plain_text(error.message)
    # The first problem is often the message itself.
    lines = [message, *(problem for problem in _problems(error.details) if problem not in message)]
    if isinstance(error, UnauthorizedError):
        lines.append("The API key is missing or invalid. Run `signalbox login` to store one.")
    if isinstance(error, ForbiddenError):
        lines.append("Run `signalbox doctor` to see what this key may do.")
    if error.request_id and error.status >= 500:
        lines.append(f"Look for request {error.request_id} in the server's log.")
    return "\n  ".join(lines)


def _problems(details: Any) -> List[str]:
    """The invalid fields that an error names, one per line."""
    if not isinstance(details, dict):
        return []
    listed: List[Any] = next((details[name] for name in ("issues", "fields") if isinstance(details.get(name), list)), [])
    issues = [issue for issue in listed if isinstance(issue, dict)]
    return [
        plain_text(f"{issue.get('path', issue.get('field', ''))}: {issue.get('message') or ''}") for issue in issues
    ]
