"""The levers: what the training loop does about commands between two steps."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from .checkpoints import (
    Checkpoint,
    CheckpointError,
    Save,
    Verify,
    call_save,
    saved_path,
    verified,
)
from .commands import COMMAND_TYPES, Command
from .errors import ConfigurationError
from .inbox import Inbox
from .live_params import LiveParams
from .outlet import Outlet

Callback = Callable[[Command], Any]


class Control(Inbox):
    """What the training loop calls; in each rank of a training alike."""

    def __init__(self, outlet: Outlet, params: LiveParams, clock: Callable[[], float] = time.monotonic):
        super().__init__(outlet, clock)
        self.params = params
        self.held = False
        self._callbacks: Dict[str, List[Callback]] = {}
        self._save: Optional[Save] = None
        self._verify: Optional[Verify] = None
        self._claim: Optional[Callable[[Command], bool]] = None

    # For the training loop --------------------------------------------------------------------

    def on(self, type_: str, callback: Callback) -> None:
        """Has a function called at the boundary where a command of this type is dealt with."""
        if type_ not in COMMAND_TYPES:
            raise ConfigurationError(f"There is no command {type_!r}, only {', '.join(COMMAND_TYPES)}.")
        self._callbacks.setdefault(type_, []).append(callback)

    def save_with(self, save: Save, verify: Optional[Verify]) -> None:
        """Registers how this script saves a checkpoint."""
        self._save, self._verify = save, verify

    def claim(self, wanted: Callable[[Command], bool]) -> None:
        """Has `wanted` look at each command first; where it says True, it answers by itself, later."""
        self._claim = wanted

    def boundary(self) -> bool:
        """
        Deals with all open commands; waits while held, until one is claimed. False where the loop should
        end.
        """
        if "pause" not in self._attended:
            self.attend(*COMMAND_TYPES)
        self.meet()
        claimed = False
        while not (self.stopping or self.released):
            command = self.take()
            if command is not None:
                claimed = self._deal_with(command) or claimed
            elif claimed or not self.held:
                return True
            else:
                self.wait()
        return False

    def hold(self, command: Optional[Command] = None) -> bool:
        """Pauses until somebody resumes (True) or stops (False)."""
        if command is not None and command.answered is None:
            command.applied()
        self.held = True
        return self.boundary()

    def _deal_with(self, command: Command) -> bool:
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
        except Exception as error:  # noqa: BLE001 - the script's callback; training goes on
            self._outlet.trouble("callback", f"the callback for {command.type} failed: {error!r}")
            command.rejected(f"{type(error).__name__}: {error}")
        return False

    def _call(self, command: Command) -> None:
        """Calls the script's callbacks in every rank; what came of them in rank 0 counts for all."""
        error: Optional[Exception] = None
        try:
            for callback in self._callbacks.get(command.type, ()):
                callback(command)
        except Exception as raised:  # noqa: BLE001 - the script's callback
            error = raised
        command.answered, refusal = self.ranks.share((command.answered, repr(error) if error else None))
        if refusal is not None:
            raise error or CheckpointError(f"rank 0 refused: {refusal}")
        if error is not None:
            self._outlet.trouble("callback", f"the callback for {command.type} failed in this rank: {error!r}")

    def _stop(self, command: Command) -> None:
        self.stopping, self.held = True, False
        result = None
        try:
            self._call(command)
            if self.ranks.share(self._save is not None):
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
        """
        Saves by the registered function, in every rank; rank 0 reads it back when all have saved, and
        tells of it. Raises CheckpointError, in every rank alike.
        """
        step = max(0, self._outlet.next_step() - 1)
        saved, problem = None, None
        try:
            saved = self._saved(step)
        except CheckpointError as error:
            problem = str(error)
        problems = [text for text in self.ranks.gather(problem) if text]
        result = None
        if saved is not None and not problems:
            try:
                result = verified(saved, step, self._verify).as_result()
            except CheckpointError as error:
                problems.append(str(error))
        result, problem = self.ranks.share((result, problems[0] if problems else None))
        if problem is not None:
            raise CheckpointError(problem)
        checkpoint = Checkpoint.of_result(result)
        self._outlet.checkpoint_saved(checkpoint)
        return checkpoint

    def _saved(self, step: int) -> Optional[Path]:
        """What this rank saved; the path counts in rank 0 only."""
        if self._save is None:
            if self.ranks.first:
                raise CheckpointError("This script cannot save a checkpoint: it has no save function.")
            return None
        saved = call_save(self._save, step)
        return saved_path(saved) if self.ranks.first else None

    def saved(self, path: Path, step: int) -> Checkpoint:
        """Tells of a checkpoint that the script saved by itself. Raises CheckpointError."""
        checkpoint = verified(path, step, self._verify)
        self._outlet.checkpoint_saved(checkpoint)
        return checkpoint

    # Live parameters ----------------------------------------------------------------------------

    def change_params(self, command: Command) -> None:
        """Makes new values hold from the next step on, or says why not."""
        reason = self.ranks.share(self.params.check(command.args))
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
