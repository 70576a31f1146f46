"""What control says to the rest of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict

from .checkpoints import Checkpoint
from .complaints import Complaints

if TYPE_CHECKING:
    from .integration_hooks import IntegrationHooks


class Outlet:
    """Answers, reports, and values to remember. This one says nothing to anybody."""

    def answer(self, command_id: str, body: Dict[str, Any]) -> None:
        """Puts an answer into the journal."""

    def report(self, body: Dict[str, Any]) -> None:
        """Puts a report of status into the journal."""

    def checkpoint_saved(self, checkpoint: Checkpoint) -> None:
        """Tells of a checkpoint and remembers it."""

    def remember(self, **values: Any) -> None:
        """Keeps values for the next process of this run."""

    def released(self) -> None:
        """The run is paused, and this process is about to leave it."""

    def trouble(self, kind: str, text: str) -> None:
        """Warns."""

    def next_step(self) -> int:
        """The step from which something done now holds."""
        return 0

    def rank_0_is_at(self, next_step: int) -> None:
        """Takes over the step at which the rank that reports is."""

    def interrupt(self) -> None:
        """Ends a script that does not listen, as Ctrl-C does."""


class FollowingOutlet(Outlet):
    """That of a rank which obeys and does not report: its warnings are heard, nothing else is."""

    def __init__(self, run: "IntegrationHooks", complaints: Complaints) -> None:
        self._run = run
        self._complaints = complaints

    def trouble(self, kind: str, text: str) -> None:
        self._complaints.say(kind, text)

    def next_step(self) -> int:
        return self._run.step + 1

    def rank_0_is_at(self, next_step: int) -> None:
        self._run.step = next_step - 1
