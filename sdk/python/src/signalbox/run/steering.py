"""The part of a Run that carries out commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Optional, Union

from ..control.checkpoints import CheckpointError
from ..control.command import COMMAND_TYPES, Command
from ..control.live_params import Range
from ..control.run_control import Callback
from .run_parts import RunParts


class Steering(RunParts):
    """Called by the training loop between two steps."""

    def step_boundary(self, step: Optional[int] = None) -> bool:
        """
        Call it between two steps: carries out commands. Waits while the run is held, saves checkpoints,
        changes live parameters. False if the loop should end: the run was stopped, or saved and released.
        """
        if step is not None and step > self.step:
            self.step = int(step)
        if self._journal is None and not self._control.ranks.distributed:
            return True
        return self._control.boundary()

    def steps(self, steps: Any) -> Iterator[Any]:
        """The steps of a loop, until it should end: `for step in run.steps(range(1000))`."""
        for step in steps:
            yield step
            if not self.step_boundary():
                return

    def commands(self) -> Iterator[Command]:
        """
        The commands that have arrived, for scripts that carry them out themselves. Answer each with
        `command.applied(…)` or `command.rejected(reason)`.
        """
        self._control.handles(*COMMAND_TYPES)
        self._control.sync()
        while True:
            command = self._control.take()
            if command is None:
                return
            yield command

    def on(self, type: str, callback: Optional[Callback] = None) -> Any:
        """
        Registers `callback(command)` for a type of command (pause, resume, stop, checkpoint,
        update_params). `step_boundary()` calls it before the command counts as applied; raising rejects
        the command. Also a decorator: `@run.on("pause")`.
        """
        if callback is None:

            def register(function: Callback) -> Callback:
                self._control.on(type, function)
                return function

            return register
        self._control.on(type, callback)
        return callback

    def should_pause(self) -> bool:
        """Whether a pause was requested and is not carried out yet. Then call `hold()`."""
        self._control.handles("pause", "resume")
        self._control.sync()
        return self._control.peek("pause") is not None

    def should_stop(self) -> bool:
        """Whether the run should stop; asking acknowledges the command."""
        self._control.handles("stop")
        self._control.sync()
        command = self._control.take("stop")
        if command is not None:
            self._control.stopping = True
            command.applied()
        return self._control.stopping

    def hold(self) -> bool:
        """Pauses here until somebody resumes the run (True) or stops it (False)."""
        if self._journal is None and not self._control.ranks.distributed:
            return True
        return self._control.hold(self._control.take("pause"))

    def checkpoint(
        self,
        target: Union[Callable[..., Any], str, Path],
        step: Optional[int] = None,
        verify: Optional[Callable[[Path], Any]] = None,
    ) -> Any:
        """
        A function: how this script saves; called as `save(step)` for a checkpoint, before a stop, and
        for a pause that releases the process; it returns the path it wrote. Also a decorator.
        A path: reports a checkpoint that was just saved. Every checkpoint is read back before it counts;
        `verify(path)` may check more. Returns the function, or the Checkpoint (None, with a warning, if it
        could not be read back).
        """
        if callable(target):
            self._control.set_save(target, verify)
            return target
        if self._journal is None:
            return None
        try:
            return self._control.saved(Path(target), max(0, self.step if step is None else step))
        except CheckpointError as error:
            self._warn_once("checkpoint", f"checkpoint: {error}")
            return None

    def param(
        self,
        name: str,
        initial: Any = None,
        min: Optional[float] = None,
        max: Optional[float] = None,
    ) -> Any:
        """
        The current value of a live parameter: read it at every step. `initial` holds until somebody changes
        it on the dashboard, between `min` and `max`. With several ranks it changes at `step_boundary()`.
        """
        distributed = self._control.ranks.distributed
        if self._journal is None and not distributed:
            return initial
        spec: Range = None if min is None and max is None else (min, max)
        if self._control.params.declare(name, spec) and self._journal is not None:
            self._journal.report({"live_params": self._control.params.ranges})
        value = self._control.params.value(name, initial)
        # Reading does not synchronize the ranks: scripts may read in one of them only.
        if not distributed:
            self._control.handles("update_params")
            if self._control.peek("update_params") is not None:
                self._control.read_params()
                value = self._control.params.value(name, initial)
        return value

    @property
    def params(self) -> Dict[str, Any]:
        """Live parameters that somebody has set, by name."""
        return dict(self._control.params.set_live)

    # For integrations ------------------------------------------------------------------------

    def declare(self, name: str, spec: Range) -> None:
        """Declares a live parameter."""
        if self._journal is not None and self._control.params.declare(name, spec):
            self._journal.report({"live_params": self._control.params.ranges})

    def claim(self, claim: Callable[[Command], bool]) -> None:
        """
        Offers each command to `claim(command)` at a boundary, also while held. If it returns True, the
        integration answers the command itself, after the boundary has returned. In every rank alike.
        """
        self._control.claim(claim)

    def release(self) -> None:
        """Notes that the run is saved and paused, and that this process is about to exit."""
        self._control.released = True

    @property
    def released(self) -> bool:
        """Whether the run was paused by saving and exiting."""
        return self._control.released

    @property
    def stopping(self) -> bool:
        """Whether somebody stopped the run."""
        return self._control.stopping
