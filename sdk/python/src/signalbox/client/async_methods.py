"""Makes async functions of blocking ones, with their signatures."""

from __future__ import annotations

import functools
from itertools import islice
from typing import TYPE_CHECKING, Any, AsyncIterator, Callable, Coroutine, Iterator, List, TypeVar

from .worker_threads import WorkerThreads

if TYPE_CHECKING:
    from typing_extensions import ParamSpec

    P = ParamSpec("P")

R = TypeVar("R")
BATCH_SIZE = 100


def awaitable(threads: WorkerThreads, function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """An async function that calls a blocking one in a thread."""

    @functools.wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return await threads.run(functools.partial(function, *args, **kwargs))

    return call


def iterated(threads: WorkerThreads, function: Callable[P, Iterator[R]]) -> Callable[P, AsyncIterator[R]]:
    """An async generator that steps through a blocking one in threads."""

    @functools.wraps(function)
    async def items(*args: P.args, **kwargs: P.kwargs) -> AsyncIterator[R]:
        source = function(*args, **kwargs)
        while True:
            batch: List[R] = await threads.run(lambda: list(islice(source, BATCH_SIZE)))
            if not batch:
                return
            for item in batch:
                yield item

    return items
