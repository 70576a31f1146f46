"""Interrupts the script from within."""

from __future__ import annotations

import os
import signal


def interrupt_main_thread() -> None:
    """Sends Ctrl-C to this process: how a script that handles no commands is stopped."""
    # Shells start background jobs with Ctrl-C ignored; those get SIGTERM.
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    os.kill(os.getpid(), signal.SIGTERM if ignored else signal.SIGINT)
