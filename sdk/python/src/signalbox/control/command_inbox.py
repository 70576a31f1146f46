"""Commands from their arrival until the training loop takes them, in one process or in several ranks."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, Mapping, Optional, Set

from .command import Command
from .control_reporter import ControlReporter
from .rank_sync import RankSync
from .ranks import Ranks, world_size

# How long a command waits for a script that does not handle its type.
UNHANDLED_SECONDS = 10.0
REMEMBERED_COMMANDS = 1000
# The longest time for which rank 0 keeps the others waiting while the run is held.
WAIT_SLICE_SECONDS = 1.0


class CommandInbox:
    """
    Commands arrive on a background thread; the training loop calls everything else. With several ranks,
    rank 0 stages what arrives, and releases it to all of them when they synchronize.
    """

    def __init__(self, reporter: ControlReporter, clock: Callable[[], float] = time.monotonic):
        self.stopping = False
        self.released = False
        self.ranks = Ranks()
        self._reporter = reporter
        self._clock = clock
        self._rank_sync = RankSync(clock)
        self._staged: Deque[Command] = deque()
        self._open: Deque[Command] = deque()
        self._arrived: Dict[str, float] = {}
        self._changed = threading.Condition()
        self._handled_types: Set[str] = set()

    # Arrival ---------------------------------------------------------------------------------

    def receive(self, raw: Mapping[str, Any]) -> None:
        """Accepts a command from the dashboard; ignores one that arrived before."""
        with self._changed:
            if raw["id"] in self._arrived:
                return
            self._arrived[raw["id"]] = self._clock()
            while len(self._arrived) > REMEMBERED_COMMANDS:
                del self._arrived[next(iter(self._arrived))]
            self._arrivals().append(Command(dict(raw), self._answered))
            self._changed.notify_all()

    def _arrivals(self) -> Deque[Command]:
        return self._staged if self.ranks.distributed else self._open

    def _answered(self, command: Command, body: Dict[str, Any]) -> None:
        if body["status"] == "applied" and body.get("applied_step") is None:
            body["applied_step"] = self._reporter.next_step()
        self._reporter.answer(command.id, {key: value for key, value in body.items() if value is not None})

    def reject_unhandled(self) -> None:
        """Answers commands that the script will never take."""
        if not (self._open or self._staged):
            return
        with self._changed:
            arrivals = self._arrivals()
            arrived_before = self._clock() - UNHANDLED_SECONDS
            due = [
                command
                for command in arrivals
                if command.type not in self._handled_types and self._arrived.get(command.id, 0) < arrived_before
            ]
            for command in due:
                arrivals.remove(command)
        for command in due:
            if command.type == "stop":
                self.stopping = True
                command.applied()
                self._reporter.interrupt()
            else:
                command.rejected("This script does not ask for commands: it would have to call run.step_boundary().")

    # Several ranks -----------------------------------------------------------------------------

    def join(self, ranks: Ranks, reporter: Optional[ControlReporter] = None) -> None:
        """Shares commands with these ranks from now on; ranks other than 0 pass a reporter of their own."""
        with self._changed:
            self.ranks, self._reporter = ranks, reporter or self._reporter
            self._rank_sync = RankSync(self._clock)
            self._staged.extend(self._open)
            self._open.clear()

    def sync(self) -> None:
        """Called by every rank: from time to time, rank 0 broadcasts the commands that have arrived."""
        if self.ranks.distributed and not (self.stopping or self.released) and self._rank_sync.due():
            self._sync_ranks(self._rank_sync.next_interval())

    def _sync_ranks(self, interval: int) -> None:
        message = None
        ready: List[Command] = []
        if self.ranks.is_rank_0:
            with self._changed:
                # Commands that the script does not handle stay staged, to be rejected.
                ready = [command for command in self._staged if command.type in self._handled_types]
                for command in ready:
                    self._staged.remove(command)
            message = (interval, self._reporter.next_step(), [command.as_raw() for command in ready])
        interval, next_step, raws = self.ranks.broadcast(message)
        if not self.ranks.is_rank_0:
            self._reporter.set_next_step(next_step)
            ready = [Command(raw, self._answered) for raw in raws]
        with self._changed:
            self._open.extend(ready)
        self._rank_sync.restart(interval)

    def _warn_if_not_shared(self) -> None:
        size = 1 if self.ranks.distributed else world_size()
        if size > 1:
            self._reporter.warn_once(
                "ranks",
                f"a command arrived, but only this one of {size} processes receives it: call "
                "signalbox.init(…, all_ranks=True) in every process, after init_process_group()",
            )

    def wait(self) -> None:
        """Waits a short time for a command."""
        # In slices, so that Ctrl-C works on every platform and no rank waits too long for rank 0.
        if self.ranks.is_rank_0:
            with self._changed:
                if not (self._open or self._staged):
                    self._changed.wait(WAIT_SLICE_SECONDS)
        if self.ranks.distributed:
            self._sync_ranks(self._rank_sync.interval)

    # For the training loop --------------------------------------------------------------------

    def handles(self, *types: str) -> None:
        """Notes that the script handles these types of commands."""
        self._handled_types.update(types)

    def peek(self, *types: str) -> Optional[Command]:
        """The oldest open command of these types, without taking it."""
        if not self._open:
            return None
        with self._changed:
            return next((command for command in self._open if command.type in types), None)

    def take(self, *types: str) -> Optional[Command]:
        """Takes the oldest open command (of these types); the caller answers it."""
        if not self._open:
            return None
        with self._changed:
            for command in self._open:
                if not types or command.type in types:
                    self._open.remove(command)
                    break
            else:
                return None
        self._warn_if_not_shared()
        return command
