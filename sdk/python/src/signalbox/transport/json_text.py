"""JSON as JavaScript writes it, so that both packages write the same text."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=False).encode


def json_text(value: Any) -> str:
    """A value in one line, without spaces; NaN and infinities as the strings that stand for them."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'"{number_text(value)}"'
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_text(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_encode(str(key))}:{json_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json_text, value)) + "]"
    return _encode(value)


def number_text(value: float) -> str:
    """A number with as few digits as identify it: `2` for 2.0, `0.00001` for 1e-05, `1e-7`, `NaN`, `Infinity`."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text, minus = "".join(map(str, digits)), "-" if sign else ""
    point = len(text) + int(exponent)  # the digits before the decimal point
    if len(text) <= point <= 21:
        return minus + text.ljust(point, "0")
    if 0 < point <= 21:
        return f"{minus}{text[:point]}.{text[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
    return f"{minus}{mantissa}e{point - 1:+d}"
