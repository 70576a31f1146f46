"""Formats a call of `log()` as a journal record; fast, because the training waits for it."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ..values import MAX_STEP, BadValue, number_text, to_epoch, to_step
from ..warn_once import Warn

MAX_CACHED_NAMES = 10_000
POINTS_PER_RECORD = 1000
RESERVED = ("step", "epoch", "timestamp")


class RowFormatter:
    """Turns values into rows. Invalid values are dropped with a warning."""

    def __init__(self, warn_once: Warn) -> None:
        self._warn_once = warn_once
        self._keys: Dict[str, str] = {}

    def wide(
        self, values: Mapping[str, Any], step: int, epoch: Optional[float], ms: int
    ) -> List[Tuple[int, bytes]]:
        """`{"step": …, "timestamp": …, "<name>": value, …}`; no row if no value is left."""
        parts = self.parts(values)
        if not parts:
            return []
        head = f'{{"step":{step},"timestamp":{ms},'
        if epoch is not None:
            head += f'"epoch":{epoch!r},'
        if len(parts) <= POINTS_PER_RECORD:
            return [(len(parts), (head + ",".join(parts) + "}").encode())]
        pieces = [parts[at : at + POINTS_PER_RECORD] for at in range(0, len(parts), POINTS_PER_RECORD)]
        return [(len(piece), (head + ",".join(piece) + "}").encode()) for piece in pieces]

    def points(
        self, values: Mapping[str, Any], step: int, epoch: Optional[float], ms: int, phase: str
    ) -> List[Tuple[int, bytes]]:
        """The same as single points, which may have a phase."""
        rest: Dict[str, Any] = {"step": step, "timestamp": ms, "phase": phase}
        if epoch is not None:
            rest["epoch"] = epoch
        tail = "," + json.dumps(rest, separators=(",", ":"))[1:]
        texts = []
        for part in self.parts(values):
            name, value = part.rsplit(":", 1)
            texts.append(f'{{"name":{name},"value":{value}{tail}')
        pieces = [texts[at : at + POINTS_PER_RECORD] for at in range(0, len(texts), POINTS_PER_RECORD)]
        return [(len(piece), ",".join(piece).encode()) for piece in pieces]

    def parts(self, values: Mapping[str, Any]) -> List[str]:
        """`"<name>":<number>` for each valid value."""
        keys = self._keys
        parts: List[str] = []
        for name, value in values.items():
            if type(value) is float and isfinite(value):
                text: Optional[str] = repr(value)
            elif type(value) is int and -MAX_STEP <= value <= MAX_STEP:
                text = str(value)
            elif isinstance(value, Mapping):
                parts.extend(self.parts({f"{name}/{key}": item for key, item in value.items()}))
                continue
            else:
                text = self._convert(name, value)
            if text is None:
                continue
            key = keys.get(name) if type(name) is str else None
            if key is None:
                key = self._key(name)
                if key is None:
                    continue
            parts.append(key + text)
        return parts

    def _convert(self, name: Any, value: Any) -> Optional[str]:
        try:
            return number_text(value)
        except BadValue as error:
            self._warn_once("bad value", f"log: {name!r} is dropped: {error}")
            return None

    def _key(self, name: Any) -> Optional[str]:
        text = str(name)
        if not 0 < len(text) <= 256 or text == "__proto__" or text in RESERVED:
            self._warn_once("bad name", f"log: {text[:80]!r} is not a valid series name")
            return None
        key = json.dumps(text) + ":"
        if len(self._keys) < MAX_CACHED_NAMES:
            self._keys[text] = key
        return key

    def place(
        self, values: Mapping[str, Any], step: Any, epoch: Any, last_step: int
    ) -> Tuple[Mapping[str, Any], Optional[int], Optional[float]]:
        """
        The values, step and epoch of a row: `step` and `epoch` as given, else from the values, else one
        step after the last. The step is None if it is invalid.
        """
        for field in RESERVED:
            if field in values:
                values = dict(values)
                found = values.pop(field)
                if field == "step" and step is None:
                    step = found
                elif field == "epoch" and epoch is None:
                    epoch = found
        if step is None:
            place: Optional[int] = last_step + 1
        else:
            try:
                place = to_step(step)
            except BadValue as error:
                self._warn_once("bad step", f"log: a row is dropped: {error}")
                return values, None, None
        if epoch is not None:
            try:
                epoch = to_epoch(epoch)
            except BadValue as error:
                self._warn_once("bad epoch", f"log: an epoch is dropped: {error}")
                epoch = None
        return values, place, epoch
