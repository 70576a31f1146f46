"""How long to wait before the next try."""

from __future__ import annotations

from typing import Callable

BASE_BACKOFF_SECONDS = 0.25
MAX_BACKOFF_SECONDS = 30.0


def backoff(attempt: int, rand: Callable[[], float]) -> float:
    """Exponential backoff with full jitter: a random time below a bound that doubles up to the cap."""
    return rand() * min(MAX_BACKOFF_SECONDS, BASE_BACKOFF_SECONDS * float(2 ** min(attempt, 12)))
