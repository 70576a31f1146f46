"""Calls functions of a program with messages, or with their data."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional, Union

from ...errors import ConfigurationError
from .line_handlers import StreamHandler
from ..messages import StreamMessage, StreamType

Function = Callable[[StreamMessage], Any]
DataFunction = Callable[["MessageData"], Any]


class MessageData(Dict[str, Any]):
    """
    The data of a message, as the API returns it: an event's `type`, `level`, `message` and `data`, a
    point's `name`, `value` and `step`. The fields of the message are its attributes.
    """

    def __init__(self, message: StreamMessage) -> None:
        super().__init__(
            job_id=message.job_id,
            seq=message.seq,
            step=message.step,
            phase=message.phase,
            created_at=message.timestamp,
        )
        self.update(message.data)
        self.message = message

    def __getattr__(self, name: str) -> Any:
        if name == "message":  # while it is copied or unpickled
            raise AttributeError(name)
        return getattr(self.message, name)


class CallbackHandler(StreamHandler):
    """
    Calls `on_status`, `on_event`, `on_metric`, `on_timeline`, `on_log` and `on_prediction` with the data
    of each message of that type. Or: one function for all messages, or one for each stream type (by its
    name, such as `metrics`), called with the message.
    """

    def __init__(
        self,
        functions: Union[Function, Mapping[Any, Function], None] = None,
        *,
        on_status: Optional[DataFunction] = None,
        on_event: Optional[DataFunction] = None,
        on_metric: Optional[DataFunction] = None,
        on_timeline: Optional[DataFunction] = None,
        on_log: Optional[DataFunction] = None,
        on_prediction: Optional[DataFunction] = None,
        **named: Function,
    ) -> None:
        self._all = functions if callable(functions) else None
        given = {} if functions is None or callable(functions) else dict(functions)
        self._functions = {str(getattr(k, "value", k)): f for k, f in {**given, **named}.items() if f}
        unknown = set(self._functions) - {kind.value for kind in StreamType}
        if unknown:
            raise ConfigurationError(f"Unknown callback or stream type: {', '.join(sorted(unknown))}.")
        on_data = {
            "status": on_status,
            "events": on_event,
            "metrics": on_metric,
            "timeline": on_timeline,
            "logs": on_log,
            "predictions": on_prediction,
        }
        self._on_data = {kind: function for kind, function in on_data.items() if function is not None}
        doubled = self._on_data if self._all is not None else set(self._on_data) & set(self._functions)
        if doubled:
            raise ConfigurationError(f"There are two callbacks for {', '.join(sorted(doubled))}.")

    def should_handle(self, message: StreamMessage) -> bool:
        kind = message.stream_type.value
        return self._all is not None or kind in self._functions or kind in self._on_data

    def handle(self, message: StreamMessage) -> Any:
        kind = message.stream_type.value
        if kind in self._on_data:
            return self._on_data[kind](MessageData(message))
        function = self._functions.get(kind, self._all)
        return None if function is None else function(message)
