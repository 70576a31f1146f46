"""`logs`: a run's log."""

from __future__ import annotations

import sys
from typing import Any, Dict

from ...errors import SignalboxError
from ...streaming import CallbackHandler, StreamHandler, StreamMessage
from ...streaming.handlers.plain_text import plain_text
from ...streaming.items import TERMINAL_STATUSES
from ..command import RUN_ARGUMENT, Command, Option, Values
from ..context import CliContext
from ..exits import FAILURE, SUCCESS
from ..find_job import Job, find_job
from ..text import paint
from ..values import number_option

MORE = """
In a terminal, lines of standard error are red and control codes are removed. In a pipe, lines are
printed as they were written.

Examples:
  signalbox logs my-run
  signalbox logs my-run -n 50 -f
  signalbox logs my-run -q warning --timestamps"""

OPTIONS = (
    Option("-f, --follow", "follow the log until the run ends"),
    Option("-n, --tail <lines>", "only the last lines", parse=number_option(1, 5000)),
    Option("-q, --search <text>", "only lines containing this text"),
    Option("--timestamps", "prefix each line with its time"),
)


def run(cli: CliContext, values: Values) -> int:
    """Prints the stored lines, then the new ones if asked for."""
    job = find_job(cli, values.run)
    last = _print_stored(cli, job, values)
    if values.follow and job["status"] not in TERMINAL_STATUSES:
        return _follow(cli, job, values, last)
    return SUCCESS


def _print_stored(cli: CliContext, job: Job, values: Values) -> int:
    """Prints the stored lines; returns the number of the last one."""
    logs = cli.client.logs
    last = 0
    for line in logs.lines(job["id"], q=values.search, tail=values.tail):
        last = max(last, line["line"])
        _print_line(cli, line, values)
    sys.stdout.flush()
    return last


def _follow(cli: CliContext, job: Job, values: Values, printed: int) -> int:
    """Follows from where the run was before its stored lines were read; no line is printed twice."""
    cli.exit_message = f"\nDetached. “{plain_text(job['name'])}” keeps running."
    wanted = (values.search or "").lower()

    def on_line(message: StreamMessage) -> None:
        line = {**message.data, "ts": message.timestamp}
        if line["line"] > printed and wanted in line["text"].lower():
            _print_line(cli, line, values)
            sys.stdout.flush()

    def on_error(error: Exception, _: StreamHandler) -> None:
        if isinstance(error, (BrokenPipeError, SignalboxError)):
            raise error
        cli.note(f"signalbox: output failed: {error}")

    streamer = cli.client.streamer(
        job["id"],
        config={"streams": ["logs"]},
        handlers=[CallbackHandler(logs=on_line)],
        cursor=(str(job["generation"]), job["last_seq"]),
        on_handler_error=on_error,
    )
    streamer.stream_until_terminal()
    return FAILURE if streamer.handler_errors else SUCCESS


def _print_line(cli: CliContext, line: Dict[str, Any], values: Values) -> None:
    time = f"{paint(line['ts'], 'dim', cli.colour)} " if values.timestamps else ""
    text = line["text"]
    if cli.terminal:
        shown = plain_text(text.replace("\t", "    "))
        text = paint(shown, "red" if line["stream"] == "stderr" else None, cli.colour)
    cli.write(f"{time}{text}\n")


LOGS = Command("logs", "print a run's log (standard output and error)", run, (RUN_ARGUMENT,), OPTIONS, MORE)
