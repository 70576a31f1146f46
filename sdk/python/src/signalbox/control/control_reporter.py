"""What control reports to the rest of a run."""

from __future__ import annotations

from typing import Any, Dict, Protocol

from ..warn_once import Warn
from .checkpoints import Checkpoint


class ControlReporter:
    """Takes answers to commands, checkpoints and values to persist. This base class ignores all of them."""

    def answer(self, command_id: str, body: Dict[str, Any]) -> None:
        """Reports the answer to a command."""

    def checkpoint_saved(self, checkpoint: Checkpoint) -> None:
        """Reports a checkpoint, and persists it for the next process of this run."""

    def remember(self, **values: Any) -> None:
        """Persists values for the next process of this run."""

    def warn_once(self, kind: str, text: str) -> None:
        """Warns."""

    def next_step(self) -> int:
        """The first step that has not begun yet."""
        return 0

    def set_next_step(self, next_step: int) -> None:
        """Takes over the step of rank 0."""

    def interrupt(self) -> None:
        """Ends a script that handles no commands, like Ctrl-C."""


class HasStep(Protocol):
    """A run, as far as a follower needs it."""

    step: int


class FollowerReporter(ControlReporter):
    """For ranks other than 0, which follow commands and do not report: it only passes on warnings."""

    def __init__(self, run: HasStep, warn_once: Warn) -> None:
        self._run = run
        self._warn_once = warn_once

    def warn_once(self, kind: str, text: str) -> None:
        self._warn_once(kind, text)

    def next_step(self) -> int:
        return self._run.step + 1

    def set_next_step(self, next_step: int) -> None:
        self._run.step = next_step - 1
