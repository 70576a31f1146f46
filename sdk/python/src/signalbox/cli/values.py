"""Parses the values of options and arguments."""

from __future__ import annotations

import math
import re
from typing import Any, List, Optional, Tuple, Union

from ..transport.json_text import number_text
from .command import Parse
from .exits import usage_error

MAX_WHOLE = 2**53 - 1
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_OTHER_BASE = re.compile(r"0([xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")


def number_of_text(text: str) -> Optional[float]:
    """A finite number, also in another base (`0x10`); None for anything else."""
    text = text.strip()
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= MAX_WHOLE else number


def parse_assignment(text: str) -> Tuple[str, Union[float, str, bool]]:
    """`learning_rate=1.5e-3` → `("learning_rate", 0.0015)`; `true` and `false` are booleans. Raises CliError."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise usage_error(f"“{text}” is not name=value.")
    value = value.strip()
    if value in ("true", "false"):
        return name.strip(), value == "true"
    number = number_of_text(value)
    return name.strip(), value if number is None else number


def number_option(least: float, most: float = MAX_WHOLE, *, whole: bool = True) -> Parse:
    """For options that take a number between two others."""

    def parse(text: str, _: Any) -> float:
        number = number_of_text(text)
        valid = number is not None and (not whole or isinstance(number, int))
        if number is not None and valid and least <= number <= most:
            return number
        kind = "a whole number" if whole else "a number"
        to = " or more" if most == MAX_WHOLE else f" to {number_text(most)}"
        raise usage_error(f"“{text}” must be {kind}, {number_text(least)}{to}.")

    return parse


def list_option(text: str, before: Optional[List[str]]) -> List[str]:
    """For repeatable options whose values may be comma-separated."""
    parts = (part.strip() for part in text.split(","))
    return [*(before or []), *filter(None, parts)]


def repeat_option(text: str, before: Optional[List[str]]) -> List[str]:
    """For repeatable options."""
    return [*(before or []), text]
