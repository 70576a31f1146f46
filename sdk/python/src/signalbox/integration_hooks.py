"""What integrations need of a run beyond what scripts call."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

from .commands import Command
from .complaints import Complaints
from .control import Control
from .errors import ConfigurationError
from .journal import Journal
from .live_params import Range
from .outlet import FollowingOutlet
from .ranks import Ranks
from .rows import RowFormatter


class IntegrationHooks:
    """Part of Run."""

    _journal: Optional[Journal]
    _control: Control
    _complaints: Complaints
    _rows: RowFormatter
    _inherited: Dict[str, Any]
    id: str
    name: str
    restored: Optional[Dict[str, Any]]
    config: Dict[str, Any]
    total_steps: Optional[int]
    step: int
    finished_as: Optional[str]
    log: Callable[..., None]

    def describe(self, **fields: Any) -> None:
        """Adds to what is known of the run (total_steps, total_epochs, config …) after it began."""
        known = {name: value for name, value in fields.items() if value is not None}
        if self._journal is None or not known:
            return
        self.config = known.get("config", self.config)
        self.total_steps = known.get("total_steps", self.total_steps)
        self._journal.describe(known)

    def log_at(self, values: Mapping[str, Any], step: int, ms: Optional[int]) -> None:
        """A row of another moment than now, in milliseconds since 1970."""
        if self._journal is None or self.finished_as is not None:
            return
        try:
            if ms is None:
                self.log(values, step=step)
                return
            _, place, _ = self._rows.place({}, step, None, self.step)
            if place is None:
                return
            self.step = max(self.step, place)
            for count, payload in self._rows.wide(values, place, None, ms):
                self._journal.row(count, payload)
        except Exception as error:  # noqa: BLE001 - never into the training
            self.complain("log", f"log: a row is left out: {error!r}")

    def log_points(self, count: int, payload: bytes, step: int) -> None:
        """Points as the JSON of the dashboard's `points`, in one record; the run's step follows."""
        if self._journal is not None and self.finished_as is None:
            self.step = max(self.step, step)
            self._journal.points([(count, payload)])

    def complain(self, kind: str, text: str) -> None:
        """Warns, once for each kind."""
        self._complaints.say(kind, text)

    def declare(self, name: str, spec: Range) -> None:
        """Makes a parameter one that people may change."""
        if self._journal is not None and self._control.params.declare(name, spec):
            self._journal.report({"live_params": self._control.params.ranges})

    def claim(self, wanted: Callable[[Command], bool]) -> None:
        """
        Has `wanted(command)` look at each command at a boundary, also while held. Where it says True, the
        integration answers by itself, and the boundary returns to let it. In every rank alike.
        """
        self._control.claim(wanted)

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
        return self._inherited.get(name) if self._journal is None else self._journal.remembered(name)

    # Several ranks ---------------------------------------------------------------------------

    @property
    def ranks(self) -> Ranks:
        """Those that obey the same commands."""
        return self._control.ranks

    def join_ranks(self, ranks: Ranks) -> None:
        """
        Has all ranks start alike and obey the same commands from now on; called in each at the same place.
        Ranks other than 0 take over what rank 0 knows from earlier processes of the run. Raises
        ConfigurationError there where rank 0 could not start.
        """
        if self._control.ranks.several or not ranks.several:
            return
        hello = ranks.share(self._hello() if ranks.first else None)
        if "error" in hello:
            raise ConfigurationError(f"Rank 0 could not start the run: {hello['error']}")
        if not ranks.first:
            self.id, self.name, self.step = hello["id"], hello["name"], hello["step"]
            self.restored, self._inherited = hello["restored"], hello["remembered"]
            self._control.params.set_live = hello["params"]
        if hello["reports"]:
            self._control.join(ranks, None if ranks.first else FollowingOutlet(self, self._complaints))

    def _hello(self) -> Dict[str, Any]:
        return {
            "reports": self._journal is not None,
            "id": self.id,
            "name": self.name,
            "step": self.step,
            "restored": self.restored,
            "params": self._control.params.set_live,
            "remembered": self._journal.all_remembered() if self._journal is not None else {},
        }
