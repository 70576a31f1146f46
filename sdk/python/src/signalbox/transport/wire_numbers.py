"""Numbers in JSON, which has no NaN and no infinities: they travel as strings."""

from __future__ import annotations

import math
from typing import Any

_NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def to_wire(value: Any) -> Any:
    """A JSON value whose non-finite numbers are strings."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: to_wire(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_wire(item) for item in value]
    return value


def number_of(value: Any) -> Any:
    """A number from JSON."""
    return _NOT_FINITE[value] if isinstance(value, str) else value
