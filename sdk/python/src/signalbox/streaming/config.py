"""Which messages of a stream to deliver."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, ClassVar, Collection, Dict, List, Mapping, Optional, Tuple

from ..errors import ConfigurationError
from .messages import StreamType, group_of

MAX_EVENTS_PER_POLL = 200
LEVELS = ("debug", "info", "warning", "error")
DEFAULT_STREAMS = ("status", "events", "metrics", "timeline")
PROGRESS_EVENTS = ("sft.progress", "sft.loss", "sft.validation.summary", "rl.train.step")
PROGRESS_METRICS = ("loss", "train.loss", "eval.loss", "train.reward_mean", "eval.reward_mean")


@dataclasses.dataclass(frozen=True, init=False)
class StreamConfig:
    """
    streams (or enabled_streams): which types. event_types, event_levels, metric_names, metric_phases,
    timeline_phases: only these; None = all. Each is a list, a tuple or a set. In metric_names, `*` is any
    text, and `.` and `/` are the same: `train.loss` is `train/loss`, too. sample_rate: the fraction of messages
    kept, by a hash of their keys; status messages are always kept. max_events_per_poll: rows per page,
    1–1000. deduplicate: by key.
    """

    streams: Tuple[str, ...]
    event_types: Optional[Tuple[str, ...]]
    event_levels: Optional[Tuple[str, ...]]
    metric_names: Optional[Tuple[str, ...]]
    metric_phases: Optional[Tuple[str, ...]]
    timeline_phases: Optional[Tuple[str, ...]]
    sample_rate: float
    max_events_per_poll: int
    deduplicate: bool

    _name_patterns: ClassVar[Optional[Tuple["re.Pattern[str]", ...]]]  # of the instance, but no field

    def __init__(
        self,
        streams: Optional[Collection[str]] = None,
        event_types: Optional[Collection[str]] = None,
        event_levels: Optional[Collection[str]] = None,
        metric_names: Optional[Collection[str]] = None,
        metric_phases: Optional[Collection[str]] = None,
        timeline_phases: Optional[Collection[str]] = None,
        sample_rate: float = 1.0,
        max_events_per_poll: Optional[int] = None,
        deduplicate: bool = True,
        *,
        enabled_streams: Optional[Collection[str]] = None,
    ) -> None:
        if streams is not None and enabled_streams is not None:
            raise ConfigurationError("streams and enabled_streams are the same: give one of them.")
        chosen = enabled_streams if streams is None else streams
        values = {
            "streams": _texts("streams", DEFAULT_STREAMS if chosen is None else chosen),
            "event_types": _texts("event_types", event_types),
            "event_levels": _texts("event_levels", event_levels),
            "metric_names": _texts("metric_names", metric_names),
            "metric_phases": _texts("metric_phases", metric_phases),
            "timeline_phases": _texts("timeline_phases", timeline_phases),
            "sample_rate": sample_rate,
            "max_events_per_poll": MAX_EVENTS_PER_POLL if max_events_per_poll is None else max_events_per_poll,
            "deduplicate": deduplicate,
            "_name_patterns": None if metric_names is None else tuple(map(_pattern, metric_names)),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)  # the instance is frozen
        self._check()

    def _check(self) -> None:
        _check_values("streams", self.streams, [kind.value for kind in StreamType])
        _check_values("event_levels", self.event_levels or (), LEVELS)
        if not _is_number(self.sample_rate) or not 0 < self.sample_rate <= 1:
            raise ConfigurationError("sample_rate must be greater than 0 and at most 1.")
        limit = self.max_events_per_poll
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= 1000:
            raise ConfigurationError(f"max_events_per_poll must be from 1 to 1000, not {limit!r}.")

    @property
    def enabled_streams(self) -> Tuple[str, ...]:
        """The same as `streams`."""
        return self.streams

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
        """Status, and the usual events and metrics of progress: losses and mean rewards."""
        streams = ("status", "events", "metrics")
        return cls(streams=streams, event_types=PROGRESS_EVENTS, metric_names=PROGRESS_METRICS)

    @classmethod
    def errors_only(cls) -> "StreamConfig":
        """Status, and events of level error or warning."""
        return cls(streams=("status", "events"), event_levels=("error", "warning"))

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "StreamConfig":
        """From a dict. Raises ConfigurationError for an unknown field."""
        unknown = set(fields) - set(cls.__dataclass_fields__) - {"enabled_streams"}
        if unknown:
            raise ConfigurationError(f"StreamConfig has no field {', '.join(sorted(unknown))}.")
        return cls(**fields)

    def to_dict(self) -> Dict[str, Any]:
        """As JSON values."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    def should_include_event(self, event: Mapping[str, Any]) -> bool:
        """Whether the filters keep an event: `{type, level, …}`."""
        return _allows(self.event_types, event.get("type")) and _allows(self.event_levels, event.get("level"))

    def should_include_metric(self, metric: Mapping[str, Any]) -> bool:
        """Whether the filters keep a point: `{name, phase, …}`; without a phase, its group is the phase."""
        name, phase = str(metric.get("name", "")), metric.get("phase")
        patterns = self._name_patterns
        if patterns is not None and not any(pattern.fullmatch(name) for pattern in patterns):
            return False
        return _allows(self.metric_phases, phase if isinstance(phase, str) else group_of(name))

    def should_include_timeline(self, entry: Mapping[str, Any]) -> bool:
        """Whether the filters keep an entry of the timeline: `{phase, …}`."""
        return _allows(self.timeline_phases, entry.get("phase"))


def _texts(name: str, values: Any) -> Optional[Tuple[str, ...]]:
    """Lists and sets as tuples; sets are sorted."""
    if values is None:
        return None
    if not isinstance(values, (list, tuple, set, frozenset)):
        raise ConfigurationError(f"{name} must be a list or a set, not {values!r}.")
    texts: List[str] = [value.value if isinstance(value, StreamType) else value for value in values]
    return tuple(texts if isinstance(values, (list, tuple)) else sorted(texts))


def _check_values(name: str, values: Collection[str], known: Collection[str]) -> None:
    for value in values:
        if value not in known:
            raise ConfigurationError(f"{name}: {value!r} is not one of {', '.join(sorted(known))}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _allows(allowed: Optional[Collection[str]], value: Any) -> bool:
    return allowed is None or value in allowed


def _pattern(glob: str) -> "re.Pattern[str]":
    parts = (re.escape(part).replace(r"\.", "/").replace("/", "[./]") for part in glob.split("*"))
    return re.compile(".*".join(parts), re.DOTALL)
