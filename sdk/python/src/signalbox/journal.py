"""What a run reports, as records; with the threads that send them. Nothing in here raises."""

from __future__ import annotations

import time
import traceback
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from .checkpoints import Checkpoint
from .complaints import Complaints
from .control import Control
from .link import DashboardLink
from .outlet import Outlet
from .prediction_rows import prediction_rows
from .run_state import RunState
from .sender import Sender
from .spool import (
    ACK,
    ATTACH,
    EVENT,
    LINE,
    POINTS,
    PREDICTION,
    ROW,
    STATUS,
    SpoolWriter,
    segments_of,
)
from .values import clip_text, compact, to_json
from .worker import CommandThread, SendingThread, interrupt_main_thread

if TYPE_CHECKING:
    from .run import Run

LEVELS = ("debug", "info", "warning", "error")


class Journal(Outlet):
    """Writes records for one run. With `online`, threads send them."""

    def __init__(
        self,
        job_id: str,
        state: RunState,
        complaints: Complaints,
        link: Optional[DashboardLink],
        *,
        writer: Optional[SpoolWriter] = None,
        root: str = ".",
    ) -> None:
        self.online = link is not None
        self.root = root
        self._job_id = job_id
        self._state = state
        self._complaints = complaints
        self._link = link
        self._writer = writer or SpoolWriter(state.folder, on_trouble=complaints.say)
        self._sending: Optional[SendingThread] = None
        self._asking: Optional[CommandThread] = None
        self._run: Optional["Run"] = None
        self._closed = False
        self._attachment: Dict[str, Any] = {}
        self.append = self._writer.append

    def open(self, run: "Run", control: Control) -> None:
        """Starts the threads."""
        self._run = run
        if self._link is None:
            return
        sender = Sender(
            self._job_id, self._state, self._link, writer=self._writer, on_trouble=self.trouble
        )
        self._sending = SendingThread(sender, self._writer, control, self._beat, self.trouble)
        self._asking = CommandThread(self._link, control, self.trouble)
        self._sending.start()
        self._asking.start()

    def _beat(self) -> Optional[Dict[str, Any]]:
        run = self._run
        if run is None or run.finished_as or self._link is None or self._link.attached_url is None:
            return None
        if self._link.taken_over:
            return None
        body: Dict[str, Any] = {}
        if run.step >= 0:
            body["step"] = run.step
            if run.total_steps:
                body["progress"] = min(1.0, run.step / run.total_steps)
        if run.epoch is not None:
            body["epoch"] = run.epoch
        self._state.update(step=run.step)
        return body

    # Records -----------------------------------------------------------------------------------

    def attach(self, body: Dict[str, Any]) -> None:
        """The record by which the run comes into being, or comes back."""
        self._attachment = body
        payload = compact(to_json(body))
        if self._link is not None:
            self._link.attachment = payload
        self._put(ATTACH, payload)

    def describe(self, fields: Dict[str, Any]) -> None:
        """Tells more of the run than was known when it was attached."""
        try:
            self.attach({**self._attachment, **fields})
        except Exception as error:  # noqa: BLE001
            self.trouble("describe", f"the run could not be described: {error!r}")

    def remembered(self, name: str) -> Any:
        """A value that an earlier process kept."""
        return self._state.read().get(name)

    def all_remembered(self) -> Dict[str, Any]:
        """All that is kept, without what only this process may know."""
        kept = self._state.read()
        return {name: value for name, value in kept.items() if name not in ("job_token", "url", "pid")}

    def row(self, count: int, payload: bytes) -> None:
        """A wide row of figures."""
        self.append(ROW, count, payload)

    def points(self, pieces: List[Tuple[int, bytes]]) -> None:
        """Single points."""
        for count, payload in pieces:
            self.append(POINTS, count, payload)

    def line(self, stream: str, text: str) -> None:
        """A line of output."""
        payload = {"stream": stream, "text": clip_text(text), "ts": time.time_ns() // 1_000_000}
        self.append(LINE, 1, compact(payload))

    def predictions(self, predictions: Any, step: Any, epoch: Any) -> None:
        """A prediction a record."""
        try:
            for row in prediction_rows(predictions, step, epoch, self.trouble):
                self.append(PREDICTION, 1, compact(row))
        except Exception as error:  # noqa: BLE001
            self.trouble("predictions", f"log_predictions: {error!r}")

    def event(self, type_: str, message: str, level: str, data: Optional[Mapping[str, Any]]) -> None:
        """An event, sent at once."""
        try:
            level = {"warn": "warning", "critical": "error"}.get(str(level), str(level))
            if level not in LEVELS:
                self.trouble("bad level", f"event: there is no level {level!r}; it counts as info")
                level = "info"
            body = {
                "type": str(type_)[:128] or "event",
                "level": level,
                "message": clip_text(str(message)),
                "data": to_json(dict(data or {})),
            }
            self._put(EVENT, compact(body))
        except Exception as error:  # noqa: BLE001
            self.trouble("event", f"event: {error!r}")

    def exception(self, error: BaseException) -> None:
        """What ended the training, with its traceback."""
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        text = clip_text("".join(lines), 60_000)
        self.event("exception", _one_line(error), "error", {"traceback": text})

    def report_end(self, status: str, error: Optional[BaseException], exit_code: Optional[int]) -> None:
        """The last record of this process."""
        if exit_code is None:
            exit_code = {"failed": 1, "cancelled": 130}.get(status, 0)
        body: Dict[str, Any] = {"status": status, "exited": True, "exit_code": exit_code}
        if error is not None:
            body["error"] = _one_line(error)
        elif status == "failed":
            body["error"] = f"The script ended with exit code {exit_code}."
        self.report(body)

    def report(self, body: Dict[str, Any]) -> None:
        run = self._run
        if run is not None and run.step >= 0:
            body = {"step": run.step, **body}
        if run is not None and run.epoch is not None:
            body = {"epoch": run.epoch, **body}
        self._put(STATUS, compact(to_json(body)))

    # Control's outlet --------------------------------------------------------------------------

    def answer(self, command_id: str, body: Dict[str, Any]) -> None:
        self._put(ACK, compact({"command_id": command_id, **to_json(body)}))

    def checkpoint_saved(self, checkpoint: Checkpoint) -> None:
        self.remember(checkpoint=checkpoint.as_result())
        self.event("checkpoint", f"Saved {checkpoint.path}", "info", checkpoint.as_result())

    def remember(self, **values: Any) -> None:
        try:
            self._state.update(**to_json(values))
        except OSError as error:
            self.trouble("state", f"cannot write to {self._state.folder}: {error}")

    def released(self) -> None:
        pass  # `_end` reports it: the process still has its output to flush

    def trouble(self, kind: str, text: str) -> None:
        self._complaints.say(kind, text)

    def next_step(self) -> int:
        return (self._run.step if self._run else -1) + 1

    def interrupt(self) -> None:
        interrupt_main_thread()

    def _put(self, kind: bytes, payload: bytes) -> None:
        """For what should be seen at once."""
        self._writer.append(kind, 1, payload)
        if self._sending is not None:
            self._sending.hurry()

    # The end -----------------------------------------------------------------------------------

    def close(self, timeout: float, away: float) -> bool:
        """Waits for the sending thread, then lets go of everything. True where all was sent."""
        if self._closed:
            return True
        sent = self._sending.drain(timeout, away) if self._sending else False
        self._closed = True
        for thread in (self._asking, self._sending):
            if thread is not None:
                thread.stop()
        self._writer.sync()
        self._writer.close()
        try:
            self._state.update(step=self._run.step if self._run else -1, pid=None, sent=sent)
        except OSError:
            pass
        if self._sending is not None:
            self._sending.join(1.0)
        if sent:
            for segment in segments_of(self._state.folder):
                segment.path.unlink()
        self._state.release()
        return sent

    def abandon(self) -> None:
        """In a forked child: lets go of the parent's files without a word."""
        self._closed = True
        self._writer.abandon()
        self._state.release()


def _one_line(error: BaseException) -> str:
    last = traceback.format_exception_only(type(error), error)[-1].strip()
    return clip_text(last, 4000)

