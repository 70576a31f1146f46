"""Formats messages as lines of text."""

from __future__ import annotations

import math
import re
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from ...transport.json_text import number_text
from ..messages import StreamMessage, StreamType

# Control sequences and characters that a terminal would interpret.
_sequences = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
_breaks = re.compile(r"[\t\n\r]+")
_unsafe = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def plain_text(text: str) -> str:
    """A text as one line without control characters."""
    return _unsafe.sub("", _breaks.sub(" ", _sequences.sub("", text)))


def format_number(value: Any) -> str:
    """Four significant digits; `3e-4` for very small or very large numbers."""
    number = float(value)
    if not math.isfinite(number):
        return "NaN" if number != number else "∞" if number > 0 else "-∞"
    if number.is_integer() and abs(number) < 1e7:
        return str(int(number))
    with localcontext() as context:
        # Halves are rounded up, as in JavaScript.
        context.rounding = ROUND_HALF_UP
        rounded = f"{Decimal(number):.3e}"
    if 1e-3 <= abs(number) < 1e7:
        return number_text(float(rounded))
    digits, _, exponent = rounded.partition("e")
    return f"{_trimmed(digits)}e{int(exponent)}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def time_of_day(timestamp: str) -> str:
    """The local time of day."""
    try:
        return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).astimezone().strftime("%H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return "--:--:--"


def format_message(message: StreamMessage) -> str:
    """A message as text, without its time."""
    data, kind = message.data, message.stream_type
    at = "" if message.step is None else f" step {message.step}"
    if kind is StreamType.STATUS:
        change = data["status"] if data["from"] is None else f"{data['from']} → {data['status']}"
        text = f"status {change}" + (f": {data['reason']}" if data["reason"] else "")
    elif kind is StreamType.EVENTS:
        detail = f": {data['message']}" if data["message"] else ""
        text = f"events {data['level']} {data['type']}{detail}{at}"
    elif kind is StreamType.METRICS:
        text = f"metrics {data['name']} {format_number(data['value'])}{at}"
    elif kind is StreamType.TIMELINE:
        text = f"timeline {data['phase']}{at}"
    elif kind is StreamType.LOGS:
        text = f"logs {data['stream']} {data['text']}"
    else:
        truth = data.get("ground_truth")
        text = (
            f"predictions epoch {number_text(data['epoch'])} sample {data['sample_index']} "
            f"{_short(data['prompt'])} → {_short(data['prediction'])}"
            + ("" if truth is None else f" (truth {_short(truth)})")
        )
    return plain_text(text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
