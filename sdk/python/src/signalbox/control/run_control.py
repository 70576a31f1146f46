"""How the training loop carries out commands between two steps."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from ..errors import ConfigurationError
from .checkpoints import (
    Checkpoint,
    CheckpointError,
    Save,
    Verify,
    call_save,
    saved_path,
    verified,
)
from .command import COMMAND_TYPES, Command
from .command_inbox import CommandInbox
from .control_reporter import ControlReporter
from .live_params import LiveParams

Callback = Callable[[Command], Any]


class RunControl(CommandInbox):
    """Called by the training loop, in the same way in every rank."""

    def __init__(
        self, reporter: ControlReporter, params: LiveParams, clock: Callable[[], float] = time.monotonic
    ):
        super().__init__(reporter, clock)
        self.params = params
        self.held = False
        self._callbacks: Dict[str, List[Callback]] = {}
        self._save: Optional[Save] = None
        self._verify: Optional[Verify] = None
        self._claim: Optional[Callable[[Command], bool]] = None

    # For the training loop --------------------------------------------------------------------

    def on(self, type_: str, callback: Callback) -> None:
        """Registers a callback for the boundary at which a command of this type is executed."""
        if type_ not in COMMAND_TYPES:
            raise ConfigurationError(f"Unknown command {type_!r}; use one of {', '.join(COMMAND_TYPES)}.")
        self._callbacks.setdefault(type_, []).append(callback)

    def set_save(self, save: Save, verify: Optional[Verify]) -> None:
        """Registers how this script saves a checkpoint."""
        self._save, self._verify = save, verify

    def claim(self, claim: Callable[[Command], bool]) -> None:
        """Offers each command to `claim` first; where it returns True, it answers later itself."""
        self._claim = claim

    def boundary(self) -> bool:
        """
        Executes all open commands; waits while held, until one is claimed. False if the loop should end.
        """
        if "pause" not in self._handled_types:
            self.handles(*COMMAND_TYPES)
        self.sync()
        claimed = False
        while not (self.stopping or self.released):
            command = self.take()
            if command is not None:
                claimed = self._execute(command) or claimed
            elif claimed or not self.held:
                return True
            else:
                self.wait()
        return False

    def hold(self, command: Optional[Command] = None) -> bool:
        """Pauses until somebody resumes (True) or stops the run (False)."""
        if command is not None and command.answered is None:
            command.applied()
        self.held = True
        return self.boundary()

    def _execute(self, command: Command) -> bool:
        """Executes a command and answers it; True if it was claimed instead."""
        if self._claim is not None and self._claim(command):
            return True
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
        except Exception as error:  # noqa: BLE001 - the script's callback; training continues
            self._reporter.warn_once("callback", f"the callback for {command.type} failed: {error!r}")
            command.rejected(f"{type(error).__name__}: {error}")
        return False

    def _call(self, command: Command) -> None:
        """Calls the script's callbacks in every rank; the outcome in rank 0 counts for all."""
        error: Optional[Exception] = None
        try:
            for callback in self._callbacks.get(command.type, ()):
                callback(command)
        except Exception as raised:  # noqa: BLE001 - the script's callback
            error = raised
        command.answered, rejection = self.ranks.broadcast((command.answered, repr(error) if error else None))
        if rejection is not None:
            raise error or CheckpointError(f"rank 0 rejected it: {rejection}")
        if error is not None:
            self._reporter.warn_once(
                "callback", f"the callback for {command.type} failed in this rank: {error!r}"
            )

    def _stop(self, command: Command) -> None:
        self.stopping, self.held = True, False
        result = None
        try:
            self._call(command)
            if self.ranks.broadcast(self._save is not None):
                result = self.save().as_result()
        except Exception as error:  # noqa: BLE001 - the run stops anyway
            self._reporter.warn_once("stop", f"no checkpoint was saved before stopping: {error}")
        command.applied(result=result)

    def _release(self, command: Command) -> None:
        self._call(command)
        if command.answered is None:
            checkpoint = self.save()
            command.applied(result=checkpoint.as_result())
        if command.answered == "applied":
            self.released = True

    def save(self) -> Checkpoint:
        """
        Saves with the registered function in every rank; once all have saved, rank 0 verifies the
        checkpoint and reports it. Raises the same CheckpointError in every rank.
        """
        step = max(0, self._reporter.next_step() - 1)
        saved, problem = None, None
        try:
            saved = self._saved(step)
        except CheckpointError as error:
            problem = str(error)
        problems = [text for text in self.ranks.all_gather(problem) if text]
        result = None
        if saved is not None and not problems:
            try:
                result = verified(saved, step, self._verify).as_result()
            except CheckpointError as error:
                problems.append(str(error))
        result, problem = self.ranks.broadcast((result, problems[0] if problems else None))
        if problem is not None:
            raise CheckpointError(problem)
        checkpoint = Checkpoint.of_result(result)
        self._reporter.checkpoint_saved(checkpoint)
        return checkpoint

    def _saved(self, step: int) -> Optional[Path]:
        """Saves in this rank; only rank 0 returns the path."""
        if self._save is None:
            if self.ranks.is_rank_0:
                raise CheckpointError("This script cannot save a checkpoint: it has no save function.")
            return None
        saved = call_save(self._save, step)
        return saved_path(saved) if self.ranks.is_rank_0 else None

    def saved(self, path: Path, step: int) -> Checkpoint:
        """Reports a checkpoint that the script saved itself. Raises CheckpointError."""
        checkpoint = verified(path, step, self._verify)
        self._reporter.checkpoint_saved(checkpoint)
        return checkpoint

    # Live parameters ----------------------------------------------------------------------------

    def change_params(self, command: Command) -> None:
        """Applies new values from the next step on, or rejects the command with a reason."""
        reason = self.ranks.broadcast(self.params.check(command.args))
        if reason is not None:
            return command.rejected(reason)
        self._call(command)
        if command.answered == "rejected":
            return None
        change = self.params.apply(command.args)
        self._reporter.remember(params=self.params.set_live)
        command.applied(old=change.old, new=change.new)
        return None

    def read_params(self) -> None:
        """For loops that only read parameters: applies the changes that have arrived."""
        while self._open:
            command = self.take("update_params")
            if command is None:
                return
            self._execute(command)
