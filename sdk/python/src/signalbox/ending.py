"""How a process ends is how its runs end: exceptions, exit codes, signals, the end of the script."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

if TYPE_CHECKING:
    from .run import Run

SIGTERM_SECONDS = 3.0

_runs: List["Run"] = []
_installed_pid: Optional[int] = None
# The code of the last `sys.exit` that nobody has caught yet, and its mark.
_exit: Optional[Tuple[int, int]] = None


def watch(run: "Run") -> None:
    """Has a run ended with its process."""
    global _installed_pid
    _runs.append(run)
    if _installed_pid is None:
        _installed_pid = os.getpid()
        _install()


def forget(run: "Run") -> None:
    """For a run that has ended by itself."""
    if run in _runs:
        _runs.remove(run)


def live_runs() -> List["Run"]:
    """Runs of this process that have not ended."""
    return list(_runs)


def status_of(error: BaseException) -> Tuple[str, int]:
    """What an exception that ends a script means for its run: a status and an exit code."""
    if isinstance(error, KeyboardInterrupt):
        return "cancelled", 130
    if isinstance(error, SystemExit):
        code = exit_code_of(error.code)
        return ("succeeded" if code == 0 else "cancelled" if code in (130, 143) else "failed"), code
    if isinstance(error, GeneratorExit):
        return "cancelled", 0
    return "failed", 1


def exit_code_of(value: Any) -> int:
    """The exit code that `sys.exit(value)` leads to."""
    if value is None:
        return 0
    return value if isinstance(value, int) else 1


def _install() -> None:
    atexit.register(_at_exit)
    _hook_exceptions()
    _hook_exit()
    _hook_sigterm()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_in_child)


def _hook_exceptions() -> None:
    earlier, earlier_in_thread = sys.excepthook, threading.excepthook

    def on_exception(kind: Any, error: BaseException, trace: Any) -> None:
        status, code = status_of(error)
        for run in live_runs():
            try:
                # Nothing is waited for here: the end of the process does.
                run.conclude(status, error if status == "failed" else None, code)
            except Exception:  # noqa: BLE001
                pass
        earlier(kind, error, trace)

    def on_thread_exception(args: Any) -> None:
        # The script goes on without that thread, so the run does, too.
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            for run in live_runs():
                run.note_exception(args.exc_value)
        earlier_in_thread(args)

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception


class _ExitMark:
    """Hangs on what `sys.exit` raises, and goes with it: while the script still runs, somebody caught it."""

    def __init__(self) -> None:
        self._script = _outermost_code()

    def __del__(self) -> None:
        global _exit
        # At the end of the process nothing runs any more, or functions of `atexit` do.
        if _exit is not None and _exit[1] == id(self) and _outermost_code() is self._script:
            _exit = None


def _outermost_code() -> Any:
    frame: Optional[FrameType] = sys._getframe(1)
    code = None
    while frame is not None:
        # The end of a mark is a frame by itself.
        code = None if frame.f_code is _ExitMark.__del__.__code__ else frame.f_code
        frame = frame.f_back
    return code


def _hook_exit() -> None:
    earlier = sys.exit

    def leave(code: Any = None, /) -> Any:
        # An exit that is not caught has no hook; its code is only seen here.
        global _exit
        try:
            earlier(code)
        except SystemExit as error:
            if threading.current_thread() is threading.main_thread():
                error.__dict__["signalbox"] = _ExitMark()
                _exit = exit_code_of(error.code), id(error.__dict__["signalbox"])
            raise

    sys.exit = leave


def _hook_sigterm() -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    try:
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _on_sigterm)
    except (ValueError, OSError, AttributeError):
        pass


def _on_sigterm(number: int, frame: Any) -> None:
    if os.getpid() == _installed_pid:
        for run in live_runs():
            try:
                run._end("cancelled", exit_code=143, timeout=SIGTERM_SECONDS, away=1.0)
            except Exception:  # noqa: BLE001
                pass
    # Whoever started the process sees it die of the signal, as without this handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _at_exit() -> None:
    if os.getpid() != _installed_pid:
        return
    code = _exit[0] if _exit is not None else 0
    for run in live_runs():
        try:
            if code == 0:
                run.finish()
            else:
                run._end("cancelled" if code in (130, 143) else "failed", exit_code=code)
        except Exception:  # noqa: BLE001
            pass


def _in_child() -> None:
    global _installed_pid
    for run in live_runs():
        run.abandon()
    _runs.clear()
    # Runs that the child makes by itself end with the child.
    _installed_pid = os.getpid()
