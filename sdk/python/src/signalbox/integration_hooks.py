"""What integrations need of a run beyond what scripts call."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from .commands import Command
from .control import Control
from .journal import Journal
from .live_params import Range


class IntegrationHooks:
    """Part of Run."""

    _journal: Optional[Journal]
    _control: Control
    config: Dict[str, Any]
    total_steps: Optional[int]

    def describe(self, **fields: Any) -> None:
        """Adds to what is known of the run (total_steps, total_epochs, config …) after it began."""
        known = {name: value for name, value in fields.items() if value is not None}
        if self._journal is None or not known:
            return
        self.config = known.get("config", self.config)
        self.total_steps = known.get("total_steps", self.total_steps)
        self._journal.describe(known)

    def declare(self, name: str, spec: Range) -> None:
        """Makes a parameter one that people may change."""
        if self._journal is not None and self._control.params.declare(name, spec):
            self._journal.report({"live_params": self._control.params.ranges})

    def take(self, wanted: Callable[[Command], bool]) -> Optional[Command]:
        """An open command that the integration answers by itself."""
        return self._control.take_where(wanted)

    def release(self) -> None:
        """The run is saved and paused, and this process is about to leave it."""
        self._control.released = True

    @property
    def released(self) -> bool:
        """Whether the run was paused by saving and leaving."""
        return self._control.released

    @property
    def stopping(self) -> bool:
        """Whether somebody stopped the run."""
        return self._control.stopping

    def remember(self, **values: Any) -> None:
        """Keeps values for the next process of this run."""
        if self._journal is not None:
            self._journal.remember(**values)

    def remembered(self, name: str) -> Any:
        """A value that an earlier process of this run kept; None where there is none."""
        return None if self._journal is None else self._journal.remembered(name)
