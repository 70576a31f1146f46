"""Parameters that users change while the script trains."""

from __future__ import annotations

import math
import threading
from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple, Union

from ..errors import ConfigurationError
from ..values import BadValue, to_float

Range = Union[Tuple[Optional[float], Optional[float]], Mapping[str, Any], None]


class Change(NamedTuple):
    """Old and new values, for the answer to a command."""

    old: Dict[str, Any]
    new: Dict[str, Any]


def range_of(name: str, spec: Range) -> Dict[str, float]:
    """`(min, max)` or `{"min": …, "max": …}` in the dashboard's format. Raises ConfigurationError."""
    if spec is None:
        return {}
    try:
        pair = (spec.get("min"), spec.get("max")) if isinstance(spec, Mapping) else tuple(spec)
        low, high = (None if edge is None else to_float(edge) for edge in pair)
    except (TypeError, ValueError, BadValue):
        raise ConfigurationError(f"live_params[{name!r}] must be (min, max), not {spec!r}.") from None
    found = {
        key: edge for key, edge in (("min", low), ("max", high)) if edge is not None and math.isfinite(edge)
    }
    if len(found) == 2 and found["min"] > found["max"]:
        raise ConfigurationError(f"live_params[{name!r}]: min {low} is greater than max {high}.")
    return found


class LiveParams:
    """Declared names with their ranges, and the current values. Thread-safe."""

    def __init__(self, declared: Optional[Mapping[str, Range]], values: Mapping[str, Any]) -> None:
        self.ranges = {name: range_of(name, spec) for name, spec in (declared or {}).items()}
        # Starts with values that were set in an earlier process of this run.
        self.set_live: Dict[str, Any] = dict(values)
        self._initial: Dict[str, Any] = {}
        self._lock = threading.Lock()

    def declare(self, name: str, spec: Range) -> bool:
        """Declares a parameter; True if this is new and has to be reported."""
        with self._lock:
            if name in self.ranges and (spec is None or self.ranges[name] == range_of(name, spec)):
                return False
            self.ranges[name] = range_of(name, spec)
            return True

    def value(self, name: str, initial: Any) -> Any:
        """The value set by a user, else `initial`."""
        with self._lock:
            self._initial.setdefault(name, initial)
            return self.set_live.get(name, initial)

    def check(self, args: Mapping[str, Any]) -> Optional[str]:
        """Why these values are invalid; None if they are valid."""
        for name, value in args.items():
            bounds = self.ranges.get(name)
            if bounds is None:
                return f"“{name}” is not a live parameter of this script."
            if not bounds:
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                return f"“{name}” must be a number."
            if not bounds.get("min", -math.inf) <= value <= bounds.get("max", math.inf):
                return f"“{name}” must be from {bounds.get('min', '−∞')} to {bounds.get('max', '∞')}."
        return None

    def apply(self, args: Mapping[str, Any]) -> Change:
        """Applies values that were checked."""
        with self._lock:
            old = {name: self.set_live.get(name, self._initial.get(name)) for name in args}
            self.set_live.update(args)
            return Change(old, dict(args))
