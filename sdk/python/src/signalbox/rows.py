"""One call of `log()` as the text of one journal record; quick, because the training waits for it."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from .values import LARGEST_STEP, BadValue, number_text, to_epoch, to_step

NAMES_KEPT = 10_000
POINTS_A_RECORD = 1000
RESERVED = ("step", "epoch", "timestamp")


class RowFormatter:
    """Turns values into rows. Whatever cannot be one is left out, with a word to `on_trouble`."""

    def __init__(self, on_trouble: Callable[[str, str], None]) -> None:
        self._on_trouble = on_trouble
        self._heads: Dict[str, str] = {}

    def wide(
        self, values: Mapping[str, Any], step: int, epoch: Optional[float], ms: int
    ) -> List[Tuple[int, bytes]]:
        """`{"step": …, "timestamp": …, "<name>": value, …}`; none where no value is left."""
        parts = self.parts(values)
        if not parts:
            return []
        head = f'{{"step":{step},"timestamp":{ms},'
        if epoch is not None:
            head += f'"epoch":{epoch!r},'
        if len(parts) <= POINTS_A_RECORD:
            return [(len(parts), (head + ",".join(parts) + "}").encode())]
        pieces = [parts[at : at + POINTS_A_RECORD] for at in range(0, len(parts), POINTS_A_RECORD)]
        return [(len(piece), (head + ",".join(piece) + "}").encode()) for piece in pieces]

    def points(
        self, values: Mapping[str, Any], step: int, epoch: Optional[float], ms: int, phase: str
    ) -> List[Tuple[int, bytes]]:
        """The same as single points, which may carry a phase."""
        rest: Dict[str, Any] = {"step": step, "timestamp": ms, "phase": phase}
        if epoch is not None:
            rest["epoch"] = epoch
        tail = "," + json.dumps(rest, separators=(",", ":"))[1:]
        texts = []
        for part in self.parts(values):
            name, value = part.rsplit(":", 1)
            texts.append(f'{{"name":{name},"value":{value}{tail}')
        pieces = [texts[at : at + POINTS_A_RECORD] for at in range(0, len(texts), POINTS_A_RECORD)]
        return [(len(piece), ",".join(piece).encode()) for piece in pieces]

    def parts(self, values: Mapping[str, Any]) -> List[str]:
        """`"<name>":<number>` for each value that is one."""
        heads = self._heads
        parts: List[str] = []
        for name, value in values.items():
            if type(value) is float and isfinite(value):
                text: Optional[str] = repr(value)
            elif type(value) is int and -LARGEST_STEP <= value <= LARGEST_STEP:
                text = str(value)
            elif isinstance(value, Mapping):
                parts.extend(self.parts({f"{name}/{key}": item for key, item in value.items()}))
                continue
            else:
                text = self._slow(name, value)
            if text is None:
                continue
            head = heads.get(name) if type(name) is str else None
            if head is None:
                head = self._head(name)
                if head is None:
                    continue
            parts.append(head + text)
        return parts

    def _slow(self, name: Any, value: Any) -> Optional[str]:
        try:
            return number_text(value)
        except BadValue as error:
            self._on_trouble("bad value", f"log: {name!r} is left out: {error}")
            return None

    def _head(self, name: Any) -> Optional[str]:
        text = str(name)
        if not 0 < len(text) <= 256 or text == "__proto__" or text in RESERVED:
            self._on_trouble("bad name", f"log: no series can be called {text[:80]!r}")
            return None
        head = json.dumps(text) + ":"
        if len(self._heads) < NAMES_KEPT:
            self._heads[text] = head
        return head

    def place(
        self, values: Mapping[str, Any], step: Any, epoch: Any, last_step: int
    ) -> Tuple[Mapping[str, Any], Optional[int], Optional[float]]:
        """
        Where a row belongs: `step` and `epoch` as given, else as found among the values, else one
        step after the last. The step is None where it is none at all.
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
                self._on_trouble("bad step", f"log: a row is left out: {error}")
                return values, None, None
        if epoch is not None:
            try:
                epoch = to_epoch(epoch)
            except BadValue as error:
                self._on_trouble("bad epoch", f"log: an epoch is left out: {error}")
                epoch = None
        return values, place, epoch
