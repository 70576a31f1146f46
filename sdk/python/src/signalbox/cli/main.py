"""`signalbox`, also as `python -m signalbox`."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import Any, Iterator, Optional, Sequence

from .context import CliContext
from .exits import SUCCESS, Interrupted
from .program import run_program
from .report_error import report_error


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs one command line; returns its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    cli = CliContext()
    with _utf8_output(), _signals():
        try:
            return _finish(run_program(cli, words))
        except BrokenPipeError:  # the reader closed the pipe: `signalbox logs … | head`
            return _discard_output()
        except (Exception, Interrupted) as error:  # noqa: BLE001 - every failure is one line and an exit code
            return report_error(error, cli)
        finally:
            cli.close()


def _finish(exit_code: int) -> int:
    sys.stdout.flush()
    return exit_code


def _discard_output() -> int:
    """Without this, Python would complain at its exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        pass
    return SUCCESS


@contextmanager
def _utf8_output() -> Iterator[None]:
    """Writes UTF-8 in every locale."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    yield


@contextmanager
def _signals() -> Iterator[None]:
    """The first Ctrl-C ends the command gracefully, the second at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupted = False

    def on_signal(number: int, _: Any) -> None:
        nonlocal interrupted
        exit_code = 128 + number
        if interrupted:
            os._exit(exit_code)
        interrupted = True
        raise Interrupted(exit_code)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
