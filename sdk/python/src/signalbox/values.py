"""Converts values of scripts to JSON. Nothing here imports NumPy or a training framework."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import types
from typing import Any, Dict, Optional

MAX_STEP = 2**53 - 1
TEXT_BYTES = 256 * 1024


class BadValue(ValueError):
    """A value that cannot be logged; the message says why."""


def number_text(value: Any) -> Optional[str]:
    """
    A number as JSON text; non-finite ones as `"NaN"`, `"Infinity"`, `"-Infinity"`. Accepts Python,
    NumPy and torch scalars and arrays with one element. None for None. Raises BadValue.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return _float_text(float(value))
    if isinstance(value, int):
        return str(int(value)) if -MAX_STEP <= value <= MAX_STEP else _float_text(_float(value))
    if isinstance(value, (str, bytes, complex)):
        raise BadValue(f"{type(value).__name__} is not a number")
    for method in ("item", "numpy"):
        convert = getattr(value, method, None)
        if callable(convert):
            return _converted(convert, value)
    if hasattr(value, "__float__"):
        return _float_text(_float(value))
    raise BadValue(f"{type(value).__name__} is not a number")


def _converted(convert: Any, value: Any) -> Optional[str]:
    try:
        plain = convert()
    except Exception as error:  # noqa: BLE001 - a scalar type of another library
        raise BadValue(f"{type(value).__name__} is not a single number: {error}") from None
    if type(plain) is type(value):
        raise BadValue(f"{type(value).__name__} is not a single number")
    return number_text(plain)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except Exception as error:  # noqa: BLE001
        raise BadValue(f"{type(value).__name__} is not a number: {error}") from None


def _float_text(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    if value != value:
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


def to_float(value: Any) -> float:
    """Any scalar as a float. Raises BadValue."""
    text = number_text(value)
    if text is None:
        raise BadValue("None is not a number")
    return float(text.strip('"'))


def to_step(value: Any) -> int:
    """A step as an integer of at least 0. Raises BadValue."""
    number = to_float(value) if not isinstance(value, int) or isinstance(value, bool) else value
    if number != number or number in (math.inf, -math.inf) or int(number) != number:
        raise BadValue(f"a step must be an integer, not {value!r}")
    if not 0 <= number <= MAX_STEP:
        raise BadValue(f"a step must be from 0 to {MAX_STEP}, not {value!r}")
    return int(number)


def to_epoch(value: Any) -> float:
    """An epoch as a finite number of at least 0. Raises BadValue."""
    number = to_float(value)
    if not (math.isfinite(number) and number >= 0):
        raise BadValue(f"an epoch must be a finite number of at least 0, not {value!r}")
    return number


def to_json(value: Any, depth: int = 0) -> Any:
    """Any value as JSON: values without a JSON form become text. Never raises."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, float):
        value = float(value)
        return value if math.isfinite(value) else json.loads(_float_text(value))
    if isinstance(value, int):
        return int(value) if abs(value) <= MAX_STEP else str(value)
    if depth > 20:
        return "…"
    if isinstance(value, dict):
        return {str(key): to_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_json(item, depth + 1) for item in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return _object_json(value, depth)


def _object_json(value: Any, depth: int) -> Any:
    try:
        listed = getattr(value, "tolist", None)
        if callable(listed):
            return to_json(listed(), depth + 1) if _size(value) <= 1000 else repr(value)[:500]
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return to_json(dataclasses.asdict(value), depth + 1)
        if isinstance(value, (argparse.Namespace, types.SimpleNamespace)):
            return to_json(vars(value), depth + 1)
        convert = getattr(value, "to_dict", None)
        if callable(convert):
            return to_json(dict(convert()), depth + 1)
        return repr(value)[:500]
    except Exception:  # noqa: BLE001 - a description must never crash the script
        return f"<{type(value).__name__}>"


def _size(value: Any) -> int:
    size = getattr(value, "size", None)
    size = size if isinstance(size, int) else getattr(value, "numel", lambda: 0)()
    return int(size)


def clip_text(text: str, limit: int = TEXT_BYTES) -> str:
    """Truncates a text to at most `limit` bytes of UTF-8."""
    if len(text) * 4 <= limit:
        return text
    encoded = text.encode("utf-8", "replace")
    return text if len(encoded) <= limit else encoded[: limit - 3].decode("utf-8", "ignore") + "…"


def compact(value: Dict[str, Any]) -> bytes:
    """An object as one line of JSON in ASCII."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")
