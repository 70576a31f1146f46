"""Ranks that are threads of the test: their collectives wait for one another, like those of processes."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, List

from signalbox.control.ranks import Ranks

# A missing rank fails the test instead of blocking it.
SECONDS = 20.0


class _Board:
    def __init__(self, count: int) -> None:
        self.barrier = threading.Barrier(count)
        self.texts: List[str] = [""] * count
        self.calls: List[List[str]] = [[] for _ in range(count)]


class ThreadRanks(Ranks):
    """One rank. Values are passed as JSON, so ranks share no objects."""

    distributed = True

    def __init__(self, board: _Board, rank: int) -> None:
        self._board = board
        self.rank = rank
        self.is_rank_0 = rank == 0

    def _all(self, kind: str, value: Any) -> List[Any]:
        board = self._board
        board.calls[self.rank].append(kind)
        board.texts[self.rank] = json.dumps([kind, value])
        board.barrier.wait(SECONDS)
        warnings = [json.loads(text) for text in board.texts]
        board.barrier.wait(SECONDS)
        assert {kind for kind, _ in warnings} == {kind}, "the ranks are in different collectives"
        return [value for _, value in warnings]

    def broadcast(self, value: Any) -> Any:
        return self._all("broadcast", value if self.is_rank_0 else None)[0]

    def all_gather(self, value: Any) -> List[Any]:
        return self._all("all_gather", value)


def thread_ranks(count: int) -> List[ThreadRanks]:
    """A group of ranks."""
    board = _Board(count)
    return [ThreadRanks(board, rank) for rank in range(count)]


def run_in_all(ranks: List[ThreadRanks], train: Callable[[ThreadRanks], Any]) -> List[Any]:
    """The results of `train` in each rank. Raises the first exception."""
    results: List[Any] = [None] * len(ranks)
    errors: List[BaseException] = []

    def run(rank: ThreadRanks) -> None:
        try:
            results[rank.rank] = train(rank)
        except BaseException as error:  # noqa: BLE001 - raised below
            errors.append(error)
            rank._board.barrier.abort()

    threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in ranks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * SECONDS)
        assert not thread.is_alive(), "a rank hangs"
    for error in errors:
        if not isinstance(error, threading.BrokenBarrierError):
            raise error
    if errors:
        raise errors[0]
    return results
