"""Calls the handlers of a streamer; one that raises stops no other."""

from __future__ import annotations

import inspect
import logging
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence

from .line_handlers import StreamHandler
from ..messages import StreamMessage

logger = logging.getLogger("signalbox")
OnError = Callable[[Exception, StreamHandler], None]
"""Called at a handler's first error."""


class HandlerGroup:
    """Several handlers, called one after the other, with a count of their errors."""

    def __init__(self, handlers: Sequence[StreamHandler], on_error: Optional[OnError] = None) -> None:
        self.handlers: List[StreamHandler] = list(handlers)
        self._on_error = on_error or _log_error
        self.errors: Dict[int, int] = {}

    def call(self, method: str, *arguments: Any) -> None:
        """Calls a method of all handlers."""
        for index, handler in enumerate(self.handlers):
            with self._counting_errors(index, handler):
                if _wants(handler, method, arguments):
                    result = getattr(handler, method)(*arguments)
                    if inspect.iscoroutine(result):
                        result.close()
                        raise TypeError("an async handler needs an awaited streamer")

    async def call_async(self, method: str, *arguments: Any) -> None:
        """Calls a method of all handlers, and awaits those that are async."""
        for index, handler in enumerate(self.handlers):
            with self._counting_errors(index, handler):
                if _wants(handler, method, arguments):
                    result = getattr(handler, method)(*arguments)
                    if inspect.isawaitable(result):
                        await result

    @contextmanager
    def _counting_errors(self, index: int, handler: StreamHandler) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - one handler must not stop the others
            count = self.errors.get(index, 0) + 1
            self.errors[index] = count
            if count == 1:
                self._on_error(error, handler)


def _log_error(error: Exception, handler: StreamHandler) -> None:
    name = type(handler).__name__
    logger.error("signalbox: the handler %s failed and stays active: %r", name, error)


def _wants(handler: StreamHandler, method: str, arguments: Sequence[StreamMessage]) -> bool:
    return method != "handle" or handler.should_handle(*arguments)
