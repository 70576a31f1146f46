"""Commands from their arrival until the training loop takes them, in one process or in several ranks."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Mapping, Optional, Set

from .commands import Command
from .outlet import Outlet
from .ranks import Meetings, Ranks, world_size

# How long a command waits for a script that has never asked for any.
UNATTENDED_SECONDS = 10.0
REMEMBERED_COMMANDS = 1000
# The longest that rank 0 keeps the others waiting while the run is held.
SLICE_SECONDS = 1.0


class Inbox:
    """
    Commands come in from a background thread; everything else is called by the training loop. Where
    several ranks train, rank 0 stages what comes, and opens it to all of them when they meet.
    """

    def __init__(self, outlet: Outlet, clock: Callable[[], float] = time.monotonic):
        self.stopping = False
        self.released = False
        self.ranks = Ranks()
        self._outlet = outlet
        self._clock = clock
        self._meetings = Meetings(clock)
        self._staged: Deque[Command] = deque()
        self._open: Deque[Command] = deque()
        self._arrived: Dict[str, float] = {}
        self._changed = threading.Condition()
        self._attended: Set[str] = set()

    # Arrival ---------------------------------------------------------------------------------

    def receive(self, raw: Mapping[str, Any]) -> None:
        """Takes a command from the dashboard; one that is known already is not taken twice."""
        with self._changed:
            if raw["id"] in self._arrived:
                return
            self._arrived[raw["id"]] = self._clock()
            while len(self._arrived) > REMEMBERED_COMMANDS:
                del self._arrived[next(iter(self._arrived))]
            arrivals = self._staged if self.ranks.several else self._open
            arrivals.append(Command(dict(raw), self._answered))
            self._changed.notify_all()

    def _answered(self, command: Command, body: Dict[str, Any]) -> None:
        if body["status"] == "applied" and body.get("applied_step") is None:
            body["applied_step"] = self._outlet.next_step()
        self._outlet.answer(command.id, {key: value for key, value in body.items() if value is not None})

    def refuse_unattended(self) -> None:
        """Answers commands that nobody in the script will ever look at."""
        if not (self._open or self._staged):
            return
        with self._changed:
            arrivals = self._staged if self.ranks.several else self._open
            late = self._clock() - UNATTENDED_SECONDS
            due = [
                command
                for command in arrivals
                if command.type not in self._attended and self._arrived.get(command.id, 0) < late
            ]
            for command in due:
                arrivals.remove(command)
        for command in due:
            if command.type == "stop":
                self.stopping = True
                command.applied()
                self._outlet.interrupt()
            else:
                command.rejected("This script does not ask for commands: it would call run.step_boundary().")

    # Several ranks -----------------------------------------------------------------------------

    def join(self, ranks: Ranks, outlet: Optional[Outlet] = None) -> None:
        """From now on commands are shared with these ranks; `outlet` is that of one which follows."""
        with self._changed:
            self.ranks, self._outlet = ranks, outlet or self._outlet
            self._meetings = Meetings(self._clock)
            self._staged.extend(self._open)
            self._open.clear()

    def meet(self) -> None:
        """A call that every rank makes: now and then rank 0 tells the others what has arrived."""
        if self.ranks.several and not (self.stopping or self.released) and self._meetings.due():
            self._hold_meeting(self._meetings.pace())

    def _hold_meeting(self, calls: int) -> None:
        told, ready = None, []
        if self.ranks.first:
            with self._changed:
                # What the script will not look at stays where it is, to be refused.
                ready = [command for command in self._staged if command.type in self._attended]
                for command in ready:
                    self._staged.remove(command)
            told = (calls, self._outlet.next_step(), [command.as_raw() for command in ready])
        calls, next_step, raws = self.ranks.share(told)
        if not self.ranks.first:
            self._outlet.rank_0_is_at(next_step)
            ready = [Command(raw, self._answered) for raw in raws]
        with self._changed:
            self._open.extend(ready)
        self._meetings.again_after(calls)

    def _warn_if_others_do_not_hear(self) -> None:
        size = 1 if self.ranks.several else world_size()
        if size > 1:
            self._outlet.trouble(
                "ranks",
                f"a command came, and only this one of {size} processes hears of it: call "
                "signalbox.init(…, all_ranks=True) in every process, after init_process_group()",
            )

    def wait(self) -> None:
        """Waits for a command, a while."""
        # In slices, so that Ctrl-C is heard on every platform, and no rank waits too long for rank 0.
        if self.ranks.first:
            with self._changed:
                if not (self._open or self._staged):
                    self._changed.wait(SLICE_SECONDS)
        if self.ranks.several:
            self._hold_meeting(self._meetings.calls)

    # For the training loop --------------------------------------------------------------------

    def attend(self, *types: str) -> None:
        """Notes that the script deals with these commands."""
        self._attended.update(types)

    def waiting(self, *types: str) -> Optional[Command]:
        """The oldest open command of these types, left where it is."""
        if not self._open:
            return None
        with self._changed:
            return next((command for command in self._open if command.type in types), None)

    def take(self, *types: str) -> Optional[Command]:
        """The oldest open command (of these types), now the caller's to answer."""
        return self.take_where(lambda command: not types or command.type in types)

    def take_where(self, wanted: Callable[[Command], bool]) -> Optional[Command]:
        """The oldest open command that is wanted, now the caller's to answer."""
        if not self._open:
            return None
        with self._changed:
            for command in self._open:
                if wanted(command):
                    self._open.remove(command)
                    break
            else:
                return None
        self._warn_if_others_do_not_hear()
        return command
