"""The result of following a run, for programs that await it and for those that do not."""

from __future__ import annotations

import asyncio
import inspect
import sys
from types import FrameType
from typing import Any, Dict, Generator, Optional


class FinalJob(Dict[str, Any]):
    """
    The final job, as a dict. It is also a finished coroutine, so that
    `asyncio.run(streamer.stream_until_terminal())` works: awaiting it returns it at once.
    """

    def __await__(self) -> Generator[Any, None, "FinalJob"]:
        return self
        yield  # makes this a generator

    def send(self, value: Any) -> Any:
        """Ends the coroutine with the job."""
        raise StopIteration(self)

    def throw(self, error: Any, *more: Any) -> Any:
        """Raises the error where it is thrown in."""
        raise error

    def close(self) -> None:
        """Nothing to end."""


def called_from_coroutine() -> bool:
    """
    Whether the caller is async code. A notebook runs an event loop, too, but its cells are async only if
    they `await`: the first caller that is a coroutine or module-level code decides.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    frame: Optional[FrameType] = sys._getframe(1)
    while frame is not None:
        flags = frame.f_code.co_flags
        if flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR | inspect.CO_ITERABLE_COROUTINE):
            return True
        if not flags & inspect.CO_OPTIMIZED:
            return False
        frame = frame.f_back
    return False
