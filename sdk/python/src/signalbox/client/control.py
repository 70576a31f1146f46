"""Commands to a run."""

from __future__ import annotations

import time
from typing import Any, List, Mapping, Optional, Union

from ..errors import NotFoundError, RequestTimeoutError
from ..transport.dashboard_http import DashboardHttp
from .requests import Json, local_path, new_id

FINAL_STATUSES = frozenset(("applied", "rejected", "expired"))


class Control:
    """Each method returns the command as requested; `wait_for` waits for its answer."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def pause(self, job_id: str, mode: Optional[str] = None, **options: Any) -> Json:
        """`hold` keeps the process and its memory, `release` saves, verifies and exits."""
        return self._act(job_id, "pause", mode=mode, **options)

    def resume(self, job_id: str, checkpoint_id: Optional[str] = None, **options: Any) -> Json:
        """Resumes the run, from a checkpoint if one is given."""
        return self._act(job_id, "resume", checkpoint_id=checkpoint_id, **options)

    def stop(self, job_id: str, **options: Any) -> Json:
        """Ends the run as cancelled."""
        return self._act(job_id, "stop", **options)

    def checkpoint(self, job_id: str, **options: Any) -> Json:
        """Requests a checkpoint."""
        return self._act(job_id, "checkpoint", **options)

    def update_params(
        self,
        job_id: str,
        params: Mapping[str, Any],
        *,
        reason: Optional[str] = None,
        command_id: Optional[str] = None,
    ) -> Json:
        """Requests new values of live parameters. Raises UnsupportedError for other names."""
        body = {**params, "command_id": command_id or new_id("cmd")}
        if reason is not None:
            body["reason"] = reason
        reply = self._http.call("PATCH", local_path(job_id, "update-params"), body=body, repeatable=True)
        command: Json = reply["command"]
        return command

    def commands(self, job_id: str, *, limit: int = 50, offset: int = 0) -> Json:
        """`{commands, total}`, newest first."""
        query = {"limit": limit, "offset": offset}
        found: Json = self._http.call("GET", local_path(job_id, "commands"), query=query)
        return found

    def wait_for(
        self,
        job_id: str,
        command: Union[str, Json],
        timeout: Optional[float] = None,
        interval: float = 0.5,
    ) -> Json:
        """The command once it is applied, rejected or expired. Raises RequestTimeoutError."""
        id = command if isinstance(command, str) else str(command["id"])
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            listed: List[Json] = self.commands(job_id, limit=100)["commands"]
            found = next((one for one in listed if one["id"] == id), None)
            if found is None:
                raise NotFoundError(404, "not_found", f"Command {id} not found.")
            if found["status"] in FINAL_STATUSES:
                return found
            if deadline is not None and time.monotonic() >= deadline:
                raise RequestTimeoutError(f"The command {id} was not answered within {timeout:g} s.")
            self._http.sleep(interval)

    def _act(
        self,
        job_id: str,
        action: str,
        *,
        reason: Optional[str] = None,
        command_id: Optional[str] = None,
        **more: Optional[str],
    ) -> Json:
        # The id makes the request idempotent.
        body: Json = {"action": action, "command_id": command_id or new_id("cmd")}
        body.update({k: v for k, v in {**more, "reason": reason}.items() if v is not None})
        reply = self._http.call("POST", local_path(job_id, "control"), body=body, repeatable=True)
        command: Json = reply["command"]
        return command
