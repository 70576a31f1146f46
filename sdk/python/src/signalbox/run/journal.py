"""The journal of a run, with the threads that send it and receive commands. Nothing here raises."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ..control.checkpoints import Checkpoint
from ..control.command_poller import CommandPoller
from ..control.control_reporter import ControlReporter
from ..control.run_control import RunControl
from ..delivery.ingest_client import IngestClient
from ..delivery.run_state import RunState
from ..delivery.sender import Sender
from ..delivery.sending_thread import SendingThread
from ..delivery.spool import ACK, ATTACH, SpoolWriter, segments_of
from ..values import compact, to_json
from ..warn_once import Warn
from .interrupt import interrupt_main_thread
from .records import RecordWriter, RunProgress

# Persisted values that belong to one process only.
PRIVATE_VALUES = ("job_token", "url", "pid")


class Journal(RecordWriter, ControlReporter):
    """Writes the records of one run to disk. With a client, threads send them."""

    def __init__(
        self,
        job_id: str,
        state: RunState,
        warn_once: Warn,
        client: Optional[IngestClient],
        *,
        writer: Optional[SpoolWriter] = None,
        root: str = ".",
    ) -> None:
        self.online = client is not None
        self.root = root
        self._job_id = job_id
        self._state = state
        self._warn_once = warn_once
        self._client = client
        self._writer = writer or SpoolWriter(state.folder, warn_once=warn_once)
        self._sending: Optional[SendingThread] = None
        self._commands: Optional[CommandPoller] = None
        self._run: Optional[RunProgress] = None
        self._closed = False
        self._attachment: Dict[str, Any] = {}
        self.append = self._writer.append

    def open(self, run: RunProgress, control: RunControl) -> None:
        """Starts the threads."""
        self._run = run
        if self._client is None:
            return
        sender = Sender(
            self._job_id, self._state, self._client, writer=self._writer, warn_once=self._warn_once
        )
        self._sending = SendingThread(
            sender, self._writer, self._heartbeat, control.reject_unhandled, self._warn_once
        )
        self._commands = CommandPoller(self._client, control.receive, self._warn_once)
        self._sending.start()
        self._commands.start()

    def _heartbeat(self) -> Optional[Dict[str, Any]]:
        """The body of a heartbeat; None if none is due."""
        run = self._run
        if run is None or run.finished_as or self._client is None or self._client.attached_url is None:
            return None
        if self._client.taken_over:
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

    def append_urgent(self, kind: bytes, payload: bytes) -> None:
        if kind == ATTACH and self._client is not None:
            self._client.attachment = payload
        self._writer.append(kind, 1, payload)
        if self._sending is not None:
            self._sending.send_soon()

    # Persisted values --------------------------------------------------------------------------

    def remembered(self, name: str) -> Any:
        """A value that an earlier process persisted."""
        return self._state.read().get(name)

    def all_remembered(self) -> Dict[str, Any]:
        """All persisted values apart from private ones."""
        values = self._state.read()
        return {name: value for name, value in values.items() if name not in PRIVATE_VALUES}

    def remember(self, **values: Any) -> None:
        try:
            self._state.update(**to_json(values))
        except OSError as error:
            self.warn_once("state", f"cannot write to {self._state.folder}: {error}")

    # As ControlReporter ------------------------------------------------------------------------

    def answer(self, command_id: str, body: Dict[str, Any]) -> None:
        self.append_urgent(ACK, compact({"command_id": command_id, **to_json(body)}))

    def checkpoint_saved(self, checkpoint: Checkpoint) -> None:
        self.remember(checkpoint=checkpoint.as_result())
        self.event("checkpoint", f"Saved {checkpoint.path}", "info", checkpoint.as_result())

    def warn_once(self, kind: str, text: str) -> None:
        self._warn_once(kind, text)

    def next_step(self) -> int:
        return (self._run.step if self._run else -1) + 1

    def interrupt(self) -> None:
        interrupt_main_thread()

    # The end -----------------------------------------------------------------------------------

    def close(self, timeout: float, offline_timeout: float) -> bool:
        """Waits for the sending thread, then closes everything. True if everything was sent."""
        if self._closed:
            return True
        sent = self._sending.drain(timeout, offline_timeout) if self._sending else False
        self._closed = True
        for thread in (self._commands, self._sending):
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
        """In a forked child: closes the parent's files silently."""
        self._closed = True
        self._writer.abandon()
        self._state.release()
