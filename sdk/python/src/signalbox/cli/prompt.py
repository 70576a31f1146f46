"""Asks for input. Prompts are written on standard error: standard output is for results."""

from __future__ import annotations

import getpass
import sys


def prompt_text(message: str, default: str) -> str:
    """Asks for a line in the terminal; an empty answer means the default."""
    sys.stderr.write(f"{message} ({default}): ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or default


def prompt_secret(message: str) -> str:
    """Asks for a secret in the terminal; what is typed or pasted is not shown."""
    try:
        return getpass.getpass(f"{message}: ", sys.stderr).strip()
    except EOFError:
        return ""


def read_piped() -> str:
    """The first line of what is piped in."""
    return sys.stdin.readline().strip()
