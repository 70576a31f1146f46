"""Which messages of a stream to deliver."""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from dataclasses import asdict, dataclass
from typing import Any, Dict, FrozenSet, Mapping, Optional, Sequence

from ..errors import ConfigurationError
from .messages import StreamMessage, StreamType

MAX_KEYS = 10_000
LEVELS = ("debug", "info", "warning", "error")
DEFAULT_STREAMS = ("status", "events", "metrics", "timeline")


@dataclass(frozen=True)
class StreamConfig:
    """
    streams: which types. event_types, event_levels, metric_phases, timeline_phases: only these; None =
    all. metric_names: exact, or with `*`. sample_rate: the fraction of messages kept, by a hash of their
    keys; status messages are always kept. max_events_per_poll: rows per page, 1–1000. deduplicate: by key.
    """

    streams: Sequence[str] = DEFAULT_STREAMS
    event_types: Optional[Sequence[str]] = None
    event_levels: Optional[Sequence[str]] = None
    metric_names: Optional[Sequence[str]] = None
    metric_phases: Optional[Sequence[str]] = None
    timeline_phases: Optional[Sequence[str]] = None
    sample_rate: float = 1.0
    max_events_per_poll: int = 200
    deduplicate: bool = True

    def __post_init__(self) -> None:
        for name in ("streams", "event_types", "event_levels", "metric_names", "metric_phases", "timeline_phases"):
            value = getattr(self, name)
            if isinstance(value, str) or not (value is None or isinstance(value, (list, tuple, set, frozenset))):
                raise ConfigurationError(f"{name} must be a list, not {value!r}.")
        if self.streams is None:
            raise ConfigurationError("streams must be a list.")
        known = {kind.value for kind in StreamType}
        _check_values("streams", [getattr(kind, "value", kind) for kind in self.streams], known)
        _check_values("event_levels", self.event_levels or (), LEVELS)
        if not _is_number(self.sample_rate) or not 0 < self.sample_rate <= 1:
            raise ConfigurationError(f"sample_rate must be greater than 0 and at most 1, not {self.sample_rate!r}.")
        limit = self.max_events_per_poll
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 1000:
            raise ConfigurationError(f"max_events_per_poll must be from 1 to 1000, not {limit!r}.")

    @classmethod
    def default(cls) -> "StreamConfig":
        """Status, events, metrics, timeline."""
        return cls()

    @classmethod
    def minimal(cls) -> "StreamConfig":
        """Status only."""
        return cls(streams=("status",))

    @classmethod
    def progress_only(cls) -> "StreamConfig":
        """Status and metrics."""
        return cls(streams=("status", "metrics"))

    @classmethod
    def errors_only(cls) -> "StreamConfig":
        """Status, and events of level error."""
        return cls(streams=("status", "events"), event_levels=("error",))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "StreamConfig":
        """From a dict. Raises ConfigurationError for an unknown field."""
        unknown = set(fields) - set(cls.__dataclass_fields__)
        if unknown:
            raise ConfigurationError(f"StreamConfig has no field {', '.join(sorted(unknown))}.")
        return cls(**fields)

    def to_dict(self) -> Dict[str, Any]:
        """As a dict."""
        return asdict(self)


def _check_values(name: str, values: Sequence[str], known: Any) -> None:
    for value in values:
        if value not in known:
            raise ConfigurationError(f"{name}: {value!r} is not one of {', '.join(sorted(known))}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class MessageFilter:
    """Filters message by message. It does not affect the cursor."""

    def __init__(self, config: StreamConfig) -> None:
        self._streams = {getattr(kind, "value", kind) for kind in config.streams}
        self._event_types = _set(config.event_types)
        self._event_levels = _set(config.event_levels)
        self._metric_phases = _set(config.metric_phases)
        self._timeline_phases = _set(config.timeline_phases)
        self._names = None if config.metric_names is None else tuple(map(_pattern, config.metric_names))
        self._sample_rate = config.sample_rate
        self._deduplicate = config.deduplicate
        self._seen: "OrderedDict[str, str]" = OrderedDict()

    def keeps(self, message: StreamMessage) -> bool:
        """Whether a message is to be delivered."""
        return self._wanted(message) and self._sampled(message) and not self._repeated(message)

    def _wanted(self, message: StreamMessage) -> bool:
        kind, data = message.stream_type, message.data
        if kind.value not in self._streams:
            return False
        if kind is StreamType.EVENTS:
            return _allows(self._event_types, data["type"]) and _allows(self._event_levels, data["level"])
        if kind is StreamType.METRICS:
            if self._names is not None and not any(name.fullmatch(data["name"]) for name in self._names):
                return False
            return _allows(self._metric_phases, message.phase)
        if kind is StreamType.TIMELINE:
            return _allows(self._timeline_phases, message.phase)
        return True

    def _sampled(self, message: StreamMessage) -> bool:
        if self._sample_rate >= 1 or message.stream_type is StreamType.STATUS:
            return True
        return zlib.crc32(message.key.encode("utf-8", "replace")) / 2**32 < self._sample_rate

    def _repeated(self, message: StreamMessage) -> bool:
        if not self._deduplicate:
            return False
        # A run recreated under its old id numbers its rows from 1 again: only the timestamp differs.
        known = self._seen.pop(message.key, None) == message.timestamp
        self._seen[message.key] = message.timestamp
        if len(self._seen) > MAX_KEYS:
            self._seen.popitem(last=False)
        return known


def _set(values: Optional[Sequence[str]]) -> Optional[FrozenSet[str]]:
    return None if values is None else frozenset(values)


def _allows(allowed: Optional[FrozenSet[str]], value: Any) -> bool:
    return allowed is None or value in allowed


def _pattern(glob: str) -> "re.Pattern[str]":
    return re.compile(".*".join(re.escape(part) for part in glob.split("*")), re.DOTALL)


