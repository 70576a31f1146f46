"""A run, as the training script holds it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Union

from . import ending
from .capture import OutputCapture
from .checkpoints import CheckpointError
from .commands import COMMAND_TYPES, Command
from .complaints import Complaints
from .control import Callback, Control
from .errors import ConfigurationError
from .integration_hooks import IntegrationHooks
from .journal import Journal
from .live_params import LiveParams, Range
from .outlet import Outlet
from .rows import RowFormatter
from .values import LARGEST_STEP

STATUSES = {
    "succeeded": "succeeded",
    "completed": "succeeded",
    "failed": "failed",
    "error": "failed",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "stopped": "cancelled",
    "paused": "paused",
}


class Run(IntegrationHooks):
    """
    Made by `signalbox.init`. Everything it reports is in the journal on disk when the call returns and
    is sent in the background; nothing it does raises into the training or waits for the network, apart
    from `finish()`, which waits a while, and `step_boundary()`, which waits while the run is held, and
    for the other ranks where there are any.
    """

    def __init__(
        self,
        id: str,
        *,
        journal: Optional[Journal],
        complaints: Complaints,
        params: LiveParams,
        config: Optional[Dict[str, Any]] = None,
        name: Optional[str] = None,
        url: Optional[str] = None,
        total_steps: Optional[int] = None,
        restored: Optional[Dict[str, Any]] = None,
        last_step: int = -1,
    ) -> None:
        self.id = id
        self.name = name or id
        self.config: Dict[str, Any] = config or {}
        self.restored = restored
        """The last checkpoint `{checkpoint_id, path, step}` of an earlier process of this run, or None."""
        self.url = f"{url}/runs/{id}" if url else None
        """The run's page, where a dashboard is known."""
        self.step = last_step
        """The step of the last row; -1 before the first."""
        self.epoch: Optional[float] = None
        self.total_steps = total_steps
        self.phase: Optional[str] = None
        self._complaints = complaints
        self._journal = journal
        self._rows = RowFormatter(complaints.say)
        self._control = Control(journal if journal else Outlet(), params)
        self._inherited: Dict[str, Any] = {}
        self._capture: Optional[OutputCapture] = None
        self.finished_as: Optional[str] = None
        """How the run was ended here; None while it goes on."""
        if journal is not None:
            journal.open(self, self._control)

    @property
    def disabled(self) -> bool:
        """Whether this run reports nothing: by its mode, its rank, or as a forked copy."""
        return self._journal is None

    # Reporting -------------------------------------------------------------------------------

    def log(
        self,
        values: Mapping[str, Any],
        step: Optional[int] = None,
        epoch: Optional[float] = None,
        phase: Optional[str] = None,
    ) -> None:
        """
        Reports numbers at a step: Python, NumPy or torch scalars; NaN and infinities are kept, nested
        names are joined by `/`. Without a step: one after the last. Never raises, never waits.
        """
        journal = self._journal
        if journal is None or self.finished_as is not None:
            return
        try:
            if type(step) is not int or not 0 <= step <= LARGEST_STEP or epoch is not None or "epoch" in values:
                values, step, epoch = self._rows.place(values, step, epoch, self.step)
                if step is None:
                    return
            self.step = step
            if epoch is not None:
                self.epoch = epoch
            ms = time.time_ns() // 1_000_000
            if not phase:
                for count, payload in self._rows.wide(values, step, epoch, ms):
                    journal.row(count, payload)
            else:
                journal.points(self._rows.points(values, step, epoch, ms, str(phase)[:64]))
        except Exception as error:  # noqa: BLE001 - never into the training
            self._complaints.say("log", f"log: a row is left out: {error!r}")

    def log_predictions(
        self,
        predictions: Any,
        step: Optional[int] = None,
        epoch: Optional[float] = None,
    ) -> None:
        """
        Reports what the model answers: dicts with `prompt`, `prediction` and, where there are,
        `ground_truth`, `sample_index` (default: the place in the list), `prompt_id`, `metadata`, quality
        figures. `step` and `epoch` default to the run's. Never raises.
        """
        if self._journal is None or self.finished_as is not None:
            return
        step = max(0, self.step) if step is None else step
        epoch = (self.epoch or 0) if epoch is None else epoch
        self._journal.predictions(predictions, step, epoch)

    def event(
        self,
        type: str,
        message: str = "",
        level: str = "info",
        data: Optional[Mapping[str, Any]] = None,
    ) -> None:
        """Reports that something happened. Levels: debug, info, warning, error. Never raises."""
        if self._journal is not None and self.finished_as is None:
            self._journal.event(type, message, level, data)

    # Control ---------------------------------------------------------------------------------

    def step_boundary(self, step: Optional[int] = None) -> bool:
        """
        To be called between two steps: carries out what people asked for. Waits while the run is held,
        saves checkpoints, changes live parameters. False where the loop should end: it was stopped, or
        saved and released.
        """
        if step is not None and step > self.step:
            self.step = int(step)
        if self._journal is None and not self._control.ranks.several:
            return True
        return self._control.boundary()

    def steps(self, steps: Any) -> Iterator[Any]:
        """The steps of a loop, up to where it should end: `for step in run.steps(range(1000))`."""
        for step in steps:
            yield step
            if not self.step_boundary():
                return

    def commands(self) -> Iterator[Command]:
        """
        The commands that have arrived, for scripts that carry them out by themselves. Each must be
        answered by `command.applied(…)` or `command.rejected(reason)`.
        """
        self._control.attend(*COMMAND_TYPES)
        self._control.meet()
        while True:
            command = self._control.take()
            if command is None:
                return
            yield command

    def on(self, type: str, callback: Optional[Callback] = None) -> Any:
        """
        Has `callback(command)` called when `step_boundary()` comes to a command of this type (pause,
        resume, stop, checkpoint, update_params), before it counts as applied; raising rejects it. Also a
        decorator: `@run.on("pause")`.
        """
        if callback is None:

            def register(function: Callback) -> Callback:
                self._control.on(type, function)
                return function

            return register
        self._control.on(type, callback)
        return callback

    def should_pause(self) -> bool:
        """Whether a pause was asked for and not carried out yet. Then `hold()`."""
        self._control.attend("pause", "resume")
        self._control.meet()
        return self._control.waiting("pause") is not None

    def should_stop(self) -> bool:
        """Whether the run should stop; asking counts as the answer."""
        self._control.attend("stop")
        self._control.meet()
        command = self._control.take("stop")
        if command is not None:
            self._control.stopping = True
            command.applied()
        return self._control.stopping

    def hold(self) -> bool:
        """Pauses here until somebody resumes the run (True) or stops it (False)."""
        if self._journal is None and not self._control.ranks.several:
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
        A path: tells of a checkpoint that was just saved. Every checkpoint is read back before it
        counts; `verify(path)` may look deeper. Returns the function, or the Checkpoint (None where it
        could not be read back, which is warned of).
        """
        if callable(target):
            self._control.save_with(target, verify)
            return target
        if self._journal is None:
            return None
        try:
            return self._control.saved(Path(target), max(0, self.step if step is None else step))
        except CheckpointError as error:
            self._complaints.say("checkpoint", f"checkpoint: {error}")
            return None

    def param(
        self,
        name: str,
        initial: Any = None,
        min: Optional[float] = None,
        max: Optional[float] = None,
    ) -> Any:
        """
        The value of a live parameter now: read it at every step. `initial` holds until somebody changes
        it on the dashboard, between `min` and `max`. With several ranks it changes at `step_boundary()`.
        """
        several = self._control.ranks.several
        if self._journal is None and not several:
            return initial
        spec: Range = None if min is None and max is None else (min, max)
        if self._control.params.declare(name, spec) and self._journal is not None:
            self._journal.report({"live_params": self._control.params.ranges})
        value = self._control.params.value(name, initial)
        # Asking is no meeting of the ranks: scripts may well do it in one of them only.
        if not several:
            self._control.attend("update_params")
            if self._control.waiting("update_params") is not None:
                self._control.read_params()
                value = self._control.params.value(name, initial)
        return value

    @property
    def params(self) -> Dict[str, Any]:
        """Live parameters that somebody has set, by name."""
        return dict(self._control.params.set_live)

    # The end ---------------------------------------------------------------------------------

    def finish(self, status: Optional[str] = None, *, timeout: float = 60.0) -> bool:
        """
        Ends the run: `succeeded` by default, `cancelled` after a stop; also `failed`, `paused`. Waits
        until everything has been sent, at most `timeout` seconds, and 5 s where the dashboard is away.
        True when all is sent; what is not stays on disk for `signalbox sync`.
        """
        if status is not None and status not in STATUSES:
            raise ConfigurationError(f"status must be one of {', '.join(STATUSES)}, not {status!r}.")
        default = "cancelled" if self._control.stopping else "succeeded"
        return self._end(STATUSES.get(status or "", default), timeout=timeout)

    def fail(self, error: BaseException, *, timeout: float = 60.0) -> bool:
        """Ends the run as failed, with an exception and its traceback."""
        return self._end("failed", error=error, timeout=timeout)

    def _end(
        self,
        status: str,
        *,
        error: Optional[BaseException] = None,
        exit_code: Optional[int] = None,
        timeout: float = 60.0,
        away: float = 5.0,
    ) -> bool:
        if self._journal is None:
            return True
        self.conclude(status, error, exit_code)
        sent = self._journal.close(timeout, away)
        ending.forget(self)
        self._tell_the_rest(sent)
        return sent

    def conclude(
        self, status: str, error: Optional[BaseException] = None, exit_code: Optional[int] = None
    ) -> None:
        """Writes down how the run ended, without waiting for it to be sent. The first end counts."""
        if self._journal is None or self.finished_as is not None:
            return
        if self._control.released:
            status, exit_code = "paused", 0
        elif error is not None:
            self._journal.exception(error)
        if self._capture is not None:
            self._capture.close()
        self._journal.report_end(status, error, exit_code)
        self.finished_as = status

    def note_exception(self, error: BaseException) -> None:
        """Reports an exception that does not end the run."""
        if self._journal is not None and self.finished_as is None:
            self._journal.exception(error)

    def _tell_the_rest(self, sent: bool) -> None:
        left_out = {kind: count for kind, count in self._complaints.counts.items() if count > 1}
        if left_out:
            self._complaints.say("summary", f"troubles in all: {left_out}")
        if not sent and self._journal is not None and self._journal.online:
            self._complaints.say(
                "unsent", f"not everything could be sent: `signalbox sync {self._journal.root}` does later"
            )

    def capture_output(self) -> None:
        """From now on, what is printed to standard output and error is reported, too."""
        if self._journal is not None and self._capture is None:
            self._capture = OutputCapture(self._journal.line)
            self._capture.open()

    def abandon(self) -> None:
        """In a forked child: this copy reports nothing; the parent's goes on."""
        journal, self._journal = self._journal, None
        # Its lock may have been held by a thread that this process does not have.
        self._control = Control(Outlet(), LiveParams(None, self._control.params.set_live))
        if self._capture is not None:
            self._capture.abandon()
        if journal is not None:
            journal.abandon()

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Optional[BaseException], trace: Any) -> None:
        if error is None:
            self.finish()
        else:
            status, code = ending.status_of(error)
            if self._control.stopping and status == "failed" and not isinstance(error, Exception):
                status = "cancelled"
            self._end(status, error=error if status == "failed" else None, exit_code=code)

    def __repr__(self) -> str:
        return f"<signalbox.Run {self.id} {self.finished_as or ('disabled' if self.disabled else 'running')}>"
