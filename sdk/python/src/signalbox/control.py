"""The levers: commands that arrive, and what the training loop does about them between two steps."""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path
from typing import Any, Callable, Deque, Dict, List, Mapping, Optional, Set

from .checkpoints import (
    Checkpoint,
    CheckpointError,
    Save,
    Verify,
    save_checkpoint,
    verified,
)
from .commands import COMMAND_TYPES, Command
from .errors import ConfigurationError
from .live_params import LiveParams

# How long a command waits for a script that has never asked for any.
UNATTENDED_SECONDS = 10.0
REMEMBERED_COMMANDS = 1000

Callback = Callable[[Command], Any]


class Outlet:
    """What control says to the run: answers, reports, and values to remember."""

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

    def interrupt(self) -> None:
        """Ends a script that does not listen, as Ctrl-C does."""


class Control:
    """Commands come in from a background thread; everything else is called by the training loop."""

    def __init__(self, outlet: Outlet, params: LiveParams, clock: Callable[[], float] = time.monotonic):
        self.params = params
        self.stopping = False
        self.released = False
        self.held = False
        self._outlet = outlet
        self._clock = clock
        self._open: Deque[Command] = deque()
        self._arrived: Dict[str, float] = {}
        self._changed = threading.Condition()
        self._attended: Set[str] = set()
        self._callbacks: Dict[str, List[Callback]] = {}
        self._save: Optional[Save] = None
        self._verify: Optional[Verify] = None

    # Arrival ---------------------------------------------------------------------------------

    def receive(self, raw: Mapping[str, Any]) -> None:
        """Takes a command from the dashboard; one that is known already is not taken twice."""
        with self._changed:
            if raw["id"] in self._arrived:
                return
            self._arrived[raw["id"]] = self._clock()
            while len(self._arrived) > REMEMBERED_COMMANDS:
                del self._arrived[next(iter(self._arrived))]
            self._open.append(Command(dict(raw), self._answered))
            self._changed.notify_all()

    def _answered(self, command: Command, body: Dict[str, Any]) -> None:
        if body["status"] == "applied" and body.get("applied_step") is None:
            body["applied_step"] = self._outlet.next_step()
        self._outlet.answer(command.id, {key: value for key, value in body.items() if value is not None})

    def refuse_unattended(self) -> None:
        """Answers commands that nobody in the script will ever look at."""
        if not self._open:
            return
        with self._changed:
            late = self._clock() - UNATTENDED_SECONDS
            due = [
                command
                for command in self._open
                if command.type not in self._attended and self._arrived.get(command.id, 0) < late
            ]
            for command in due:
                self._open.remove(command)
        for command in due:
            if command.type == "stop":
                self.stopping = True
                command.applied()
                self._outlet.interrupt()
            else:
                command.rejected("This script does not ask for commands: it would call run.step_boundary().")

    # For the training loop --------------------------------------------------------------------

    def attend(self, *types: str) -> None:
        """Notes that the script deals with these commands."""
        self._attended.update(types)

    def on(self, type_: str, callback: Callback) -> None:
        """Has a function called at the boundary where a command of this type is dealt with."""
        if type_ not in COMMAND_TYPES:
            raise ConfigurationError(f"There is no command {type_!r}, only {', '.join(COMMAND_TYPES)}.")
        self._callbacks.setdefault(type_, []).append(callback)

    def save_with(self, save: Save, verify: Optional[Verify]) -> None:
        """Registers how this script saves a checkpoint."""
        self._save, self._verify = save, verify

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
                    return command
        return None

    def boundary(self) -> bool:
        """Deals with all open commands; waits while held. False where the loop should end."""
        if "pause" not in self._attended:
            self.attend(*COMMAND_TYPES)
        while not (self.stopping or self.released):
            command = self.take()
            if command is None:
                if not self.held:
                    return True
                self._wait()
            else:
                self._deal_with(command)
        return False

    def _wait(self) -> None:
        with self._changed:
            if not self._open:
                # In slices, so that Ctrl-C is heard on every platform.
                self._changed.wait(1.0)

    def hold(self, command: Optional[Command] = None) -> bool:
        """Pauses until somebody resumes (True) or stops (False)."""
        if command is not None and command.answered is None:
            command.applied()
        self.held = True
        return self.boundary()

    def _deal_with(self, command: Command) -> None:
        try:
            if command.type == "pause" and command.mode == "release":
                self._release(command)
            elif command.type == "pause":
                self._call(command)
                self.held = True
                command.applied()
            elif command.type == "resume":
                self._call(command)
                self.held = False
                command.applied()
            elif command.type == "stop":
                self._stop(command)
            elif command.type == "checkpoint":
                self._call(command)
                if command.answered is None:
                    command.applied(result=self.save().as_result())
            else:
                self.change_params(command)
        except CheckpointError as error:
            command.rejected(str(error))
        except Exception as error:  # noqa: BLE001 - the script's callback; training goes on
            self._outlet.trouble("callback", f"the callback for {command.type} failed: {error!r}")
            command.rejected(f"{type(error).__name__}: {error}")

    def _call(self, command: Command) -> None:
        for callback in self._callbacks.get(command.type, ()):
            callback(command)

    def _stop(self, command: Command) -> None:
        self.stopping, self.held = True, False
        result = None
        try:
            self._call(command)
            if self._save is not None:
                result = self.save().as_result()
        except Exception as error:  # noqa: BLE001 - it stops all the same
            self._outlet.trouble("stop", f"no checkpoint was saved before stopping: {error}")
        command.applied(result=result)

    def _release(self, command: Command) -> None:
        self._call(command)
        if command.answered is None:
            checkpoint = self.save()
            command.applied(result=checkpoint.as_result())
        if command.answered == "applied":
            self.released = True
            self._outlet.released()

    def save(self) -> Checkpoint:
        """Saves by the registered function, and tells of it. Raises CheckpointError."""
        if self._save is None:
            raise CheckpointError("This script cannot save a checkpoint: it has no save function.")
        step = max(0, self._outlet.next_step() - 1)
        checkpoint = save_checkpoint(self._save, step, self._verify)
        self._outlet.checkpoint_saved(checkpoint)
        return checkpoint

    def saved(self, path: Path, step: int) -> Checkpoint:
        """Tells of a checkpoint that the script saved by itself. Raises CheckpointError."""
        checkpoint = verified(path, step, self._verify)
        self._outlet.checkpoint_saved(checkpoint)
        return checkpoint

    # Live parameters ----------------------------------------------------------------------------

    def change_params(self, command: Command) -> None:
        """Makes new values hold from the next step on, or says why not."""
        reason = self.params.check(command.args)
        if reason is not None:
            return command.rejected(reason)
        self._call(command)
        if command.answered == "rejected":
            return None
        change = self.params.apply(command.args)
        self._outlet.remember(params=self.params.set_live)
        command.applied(old=change.old, new=change.new)
        return None

    def read_params(self) -> None:
        """For loops that only read parameters: takes the changes that have arrived."""
        while self._open:
            command = self.take("update_params")
            if command is None:
                return
            self._deal_with(command)
