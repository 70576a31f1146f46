"""A run, as the training script uses it."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ..control.control_reporter import ControlReporter
from ..control.live_params import LiveParams
from ..control.run_control import RunControl
from ..errors import ConfigurationError
from ..warn_once import WarnOnce
from . import exit_hooks
from .journal import Journal
from .rank_joining import RankJoining
from .reporting import Reporting
from .row_formatter import RowFormatter
from .steering import Steering

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


class Run(Reporting, Steering, RankJoining):
    """
    Created by `signalbox.init`. Every report is in the journal on disk when the call returns, and is sent in
    the background; no method raises into the training or waits for the network, apart from `finish()`,
    and `step_boundary()`, which waits while the run is held and for other ranks.
    """

    def __init__(
        self,
        id: str,
        *,
        journal: Optional[Journal],
        warn_once: WarnOnce,
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
        """The run's page; None without a dashboard."""
        self.step = last_step
        """The step of the last row; -1 before the first."""
        self.epoch: Optional[float] = None
        self.total_steps = total_steps
        self.phase: Optional[str] = None
        self._warn_once = warn_once
        self._journal = journal
        self._rows = RowFormatter(warn_once)
        self._control = RunControl(journal if journal else ControlReporter(), params)
        self._inherited: Dict[str, Any] = {}
        self._capture = None
        self.finished_as: Optional[str] = None
        """The status with which the run ended here; None while it continues."""
        if journal is not None:
            journal.open(self, self._control)

    def finish(self, status: Optional[str] = None, *, timeout: float = 60.0) -> bool:
        """
        Ends the run: `succeeded` by default, `cancelled` after a stop; also `failed`, `paused`. Waits
        until everything is sent, at most `timeout` seconds, or 5 s while the dashboard is unreachable.
        True if everything was sent; the rest stays on disk for `signalbox sync`.
        """
        if status is not None and status not in STATUSES:
            raise ConfigurationError(f"status must be one of {', '.join(STATUSES)}, not {status!r}.")
        default = "cancelled" if self._control.stopping else "succeeded"
        return self.end(STATUSES.get(status or "", default), timeout=timeout)

    def fail(self, error: BaseException, *, timeout: float = 60.0) -> bool:
        """Ends the run as failed, with an exception and its traceback."""
        return self.end("failed", error=error, timeout=timeout)

    def end(
        self,
        status: str,
        *,
        error: Optional[BaseException] = None,
        exit_code: Optional[int] = None,
        timeout: float = 60.0,
        offline_timeout: float = 5.0,
    ) -> bool:
        """Records how the run ended, then waits for delivery. True if everything was sent."""
        if self._journal is None:
            return True
        self.conclude(status, error, exit_code)
        sent = self._journal.close(timeout, offline_timeout)
        exit_hooks.unregister(self)
        self._summarize_warnings(sent)
        return sent

    def conclude(
        self, status: str, error: Optional[BaseException] = None, exit_code: Optional[int] = None
    ) -> None:
        """Records how the run ended, without waiting for delivery. Only the first call counts."""
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

    def _summarize_warnings(self, sent: bool) -> None:
        repeated = {kind: count for kind, count in self._warn_once.counts.items() if count > 1}
        if repeated:
            self._warn_once("summary", f"warnings in total: {repeated}")
        if not sent and self._journal is not None and self._journal.online:
            self._warn_once(
                "unsent", f"not everything was sent: run `signalbox sync {self._journal.root}` to send it later"
            )

    def abandon(self) -> None:
        """In a forked child: this copy reports nothing; the parent's run continues."""
        journal, self._journal = self._journal, None
        # A thread that does not exist in this process may have held the lock of the control.
        self._control = RunControl(ControlReporter(), LiveParams(None, self._control.params.set_live))
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
            status, code = exit_hooks.status_of_exception(error)
            if self._control.stopping and status == "failed" and not isinstance(error, Exception):
                status = "cancelled"
            self.end(status, error=error if status == "failed" else None, exit_code=code)

    def __repr__(self) -> str:
        return f"<signalbox.Run {self.id} {self.finished_as or ('disabled' if self.disabled else 'running')}>"
