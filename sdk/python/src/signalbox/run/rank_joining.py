"""The part of a Run that shares commands and persisted values between processes."""

from __future__ import annotations

from typing import Any, Dict

from ..control.control_reporter import FollowerReporter
from ..control.ranks import Ranks
from ..errors import ConfigurationError
from .run_parts import RunParts


class RankJoining(RunParts):
    """Shares with the other ranks of a training, and with later processes of the run."""

    def remember(self, **values: Any) -> None:
        """Persists values for the next process of this run."""
        if self._journal is not None:
            self._journal.remember(**values)

    def remembered(self, name: str) -> Any:
        """A value that an earlier process of this run persisted; None if there is none."""
        return self._inherited.get(name) if self._journal is None else self._journal.remembered(name)

    @property
    def ranks(self) -> Ranks:
        """The ranks that follow the same commands."""
        return self._control.ranks

    def join_ranks(self, ranks: Ranks) -> None:
        """
        Called in every rank at the same point: all start from the same state and follow the same commands
        from now on. Raises ConfigurationError in the other ranks if rank 0 could not start.
        """
        if self._control.ranks.distributed or not ranks.distributed:
            return
        state = ranks.broadcast(self._initial_state() if ranks.is_rank_0 else None)
        if "error" in state:
            raise ConfigurationError(f"Rank 0 could not start the run: {state['error']}")
        if not ranks.is_rank_0:
            self.id, self.name, self.step = state["id"], state["name"], state["step"]
            self.restored, self._inherited = state["restored"], state["remembered"]
            self._control.params.set_live = state["params"]
        if state["reports"]:
            self._control.join(ranks, None if ranks.is_rank_0 else FollowerReporter(self, self._warn_once))

    def _initial_state(self) -> Dict[str, Any]:
        return {
            "reports": self._journal is not None,
            "id": self.id,
            "name": self.name,
            "step": self.step,
            "restored": self.restored,
            "params": self._control.params.set_live,
            "remembered": self._journal.all_remembered() if self._journal is not None else {},
        }
