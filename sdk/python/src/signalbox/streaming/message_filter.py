"""Leaves out messages that a program does not want."""

from __future__ import annotations

import zlib
from collections import OrderedDict

from .config import StreamConfig
from .messages import StreamMessage, StreamType

MAX_KEYS = 10_000


class MessageFilter:
    """Filters message by message. It does not affect the cursor."""

    def __init__(self, config: StreamConfig) -> None:
        self._config = config
        self._streams = frozenset(config.streams)
        self._seen: "OrderedDict[str, str]" = OrderedDict()

    def keeps(self, message: StreamMessage) -> bool:
        """Whether a message is to be delivered."""
        return self._wanted(message) and self._sampled(message) and not self._repeated(message)

    def _wanted(self, message: StreamMessage) -> bool:
        kind, config = message.stream_type, self._config
        if kind.value not in self._streams:
            return False
        if kind is StreamType.EVENTS:
            return config.should_include_event(message.data)
        if kind is StreamType.METRICS:
            return config.should_include_metric({"name": message.data["name"], "phase": message.phase})
        if kind is StreamType.TIMELINE:
            return config.should_include_timeline(message.data)
        return True

    def _sampled(self, message: StreamMessage) -> bool:
        rate = self._config.sample_rate
        if rate >= 1 or message.stream_type is StreamType.STATUS:
            return True
        return zlib.crc32(message.key.encode("utf-8", "replace")) / 2**32 < rate

    def _repeated(self, message: StreamMessage) -> bool:
        if not self._config.deduplicate:
            return False
        # A run recreated under its old id numbers its rows from 1 again: only the timestamp differs.
        known = self._seen.pop(message.key, None) == message.timestamp
        self._seen[message.key] = message.timestamp
        if len(self._seen) > MAX_KEYS:
            self._seen.popitem(last=False)
        return known
