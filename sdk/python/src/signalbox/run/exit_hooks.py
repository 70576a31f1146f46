"""Ends runs with their process: on exceptions, exit codes, signals, and the end of the script."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, List, Optional, Protocol, Tuple

SIGTERM_TIMEOUT_SECONDS = 3.0
SIGTERM_OFFLINE_TIMEOUT_SECONDS = 1.0


class EndsWithProcess(Protocol):
    """A run, as far as the hooks need it."""

    def conclude(self, status: str, error: Optional[BaseException], exit_code: Optional[int]) -> None: ...

    def note_exception(self, error: BaseException) -> None: ...

    def finish(self) -> bool: ...

    def end(
        self, status: str, *, exit_code: Optional[int], timeout: float = ..., offline_timeout: float = ...
    ) -> bool: ...

    def abandon(self) -> None: ...


_runs: List[EndsWithProcess] = []
_installed_pid: Optional[int] = None
# The code of the last `sys.exit` that nobody has caught yet, and the id of its marker.
_pending_exit: Optional[Tuple[int, int]] = None


def register(run: EndsWithProcess) -> None:
    """Ends a run with its process."""
    global _installed_pid
    _runs.append(run)
    if _installed_pid is None:
        _installed_pid = os.getpid()
        _install()


def unregister(run: EndsWithProcess) -> None:
    """Removes a run that has ended."""
    if run in _runs:
        _runs.remove(run)


def active_runs() -> List[EndsWithProcess]:
    """Runs of this process that have not ended."""
    return list(_runs)


def status_of_exception(error: BaseException) -> Tuple[str, int]:
    """The status and exit code of a run whose script ends with this exception."""
    if isinstance(error, KeyboardInterrupt):
        return "cancelled", 130
    if isinstance(error, SystemExit):
        code = exit_code_of(error.code)
        return ("succeeded" if code == 0 else "cancelled" if code in (130, 143) else "failed"), code
    if isinstance(error, GeneratorExit):
        return "cancelled", 0
    return "failed", 1


def exit_code_of(value: Any) -> int:
    """The exit code of `sys.exit(value)`."""
    if value is None:
        return 0
    return value if isinstance(value, int) else 1


def _install() -> None:
    atexit.register(_at_exit)
    _hook_exceptions()
    _hook_sys_exit()
    _hook_sigterm()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_in_child)


def _hook_exceptions() -> None:
    previous, previous_in_thread = sys.excepthook, threading.excepthook

    def on_exception(kind: Any, error: BaseException, trace: Any) -> None:
        status, code = status_of_exception(error)
        for run in active_runs():
            try:
                # Does not wait for delivery: the exit of the process does.
                run.conclude(status, error if status == "failed" else None, code)
            except Exception:  # noqa: BLE001
                pass
        previous(kind, error, trace)

    def on_thread_exception(args: Any) -> None:
        # The script continues without that thread, and so does the run.
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            for run in active_runs():
                run.note_exception(args.exc_value)
        previous_in_thread(args)

    sys.excepthook = on_exception
    threading.excepthook = on_thread_exception


class _ExitMarker:
    """Attached to the exception of `sys.exit`: if it is collected while the script runs, somebody caught it."""

    def __init__(self) -> None:
        self._script = _outermost_code()

    def __del__(self) -> None:
        global _pending_exit
        # At the exit of the process, there is no outermost frame, or one of `atexit`.
        if _pending_exit is not None and _pending_exit[1] == id(self) and _outermost_code() is self._script:
            _pending_exit = None


def _outermost_code() -> Any:
    frame: Optional[FrameType] = sys._getframe(1)
    code = None
    while frame is not None:
        # `__del__` may be called without a frame of the script below it.
        code = None if frame.f_code is _ExitMarker.__del__.__code__ else frame.f_code
        frame = frame.f_back
    return code


def _hook_sys_exit() -> None:
    previous = sys.exit

    def exit_and_record(code: Any = None, /) -> Any:
        # `sys.excepthook` is not called for SystemExit, so the code is recorded here.
        global _pending_exit
        try:
            previous(code)
        except SystemExit as error:
            if threading.current_thread() is threading.main_thread():
                error.__dict__["signalbox"] = _ExitMarker()
                _pending_exit = exit_code_of(error.code), id(error.__dict__["signalbox"])
            raise

    sys.exit = exit_and_record


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
        for run in active_runs():
            try:
                run.end(
                    "cancelled",
                    exit_code=143,
                    timeout=SIGTERM_TIMEOUT_SECONDS,
                    offline_timeout=SIGTERM_OFFLINE_TIMEOUT_SECONDS,
                )
            except Exception:  # noqa: BLE001
                pass
    # The parent process sees the same exit as without this handler: death by the signal.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _at_exit() -> None:
    if os.getpid() != _installed_pid:
        return
    code = _pending_exit[0] if _pending_exit is not None else 0
    for run in active_runs():
        try:
            if code == 0:
                run.finish()
            else:
                run.end("cancelled" if code in (130, 143) else "failed", exit_code=code)
        except Exception:  # noqa: BLE001
            pass


def _in_child() -> None:
    global _installed_pid
    for run in active_runs():
        run.abandon()
    _runs.clear()
    # Runs that the child starts itself end with the child.
    _installed_pid = os.getpid()
