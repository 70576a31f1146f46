"""How one run sends data to the dashboard: which credential to use, and what a response means."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, NamedTuple, Optional, Union

from ..errors import UnreachableError
from ..settings import Credentials
from ..transport.http_connection import HttpConnection, Reply
from .batches import Batch
from .run_state import RunState
from .spool import ACK, ATTACH

# Outcomes of sending a batch.
STORED, RETRY, REFUSED, UNAUTHORIZED, NOT_FOUND = "stored", "retry", "refused", "unauthorized", "not found"
# The user has reached a limit, such as of stored points: there is room again once runs are deleted.
FULL = "full"


class SendResult(NamedTuple):
    """
    `retry_after`: seconds that the dashboard asked to wait. `whole_batch`: the batch was refused as such,
    so splitting it does not help.
    """

    outcome: str
    reason: str = ""
    retry_after: Optional[float] = None
    whole_batch: bool = False


class IngestClient:
    """
    Sends batches with the run's token, and with the API key if the token is no longer valid: somebody
    attached the run elsewhere, but the data of this process still has to arrive.
    """

    def __init__(
        self,
        job_id: str,
        state: RunState,
        credentials: Callable[[], Optional[Credentials]],
        connect: Callable[[str], HttpConnection] = HttpConnection,
    ) -> None:
        self.job_id = job_id
        self.attachment: Optional[bytes] = None
        self.taken_over = False
        self.attached_url: Optional[str] = None
        self._state = state
        self._credentials = credentials
        self._connect = connect
        self._connection: Optional[HttpConnection] = None
        remembered = state.read()
        self.token: Optional[str] = remembered.get("job_token")
        self._token_url: Optional[str] = remembered.get("url")

    def send(self, batch: Batch) -> SendResult:
        """Sends one batch once."""
        if batch.kind == ATTACH:
            return self._attach(batch.body)
        reply = self._post(batch.path, batch.body, batch.id)
        if isinstance(reply, SendResult):
            return reply
        if reply.status == 401 and self.token is not None:
            self.token = None
            self.taken_over = self.attachment is not None
            reply = self._post(batch.path, batch.body, batch.id)
            if isinstance(reply, SendResult):
                return reply
        result = _result_of(reply)
        if result.outcome == NOT_FOUND and batch.kind == ACK:
            return SendResult(REFUSED, result.reason)
        if result.outcome == NOT_FOUND and self.attachment is not None:
            # The run was deleted, or the dashboard has a new database: a live run attaches again.
            attached = self._attach(self.attachment)
            return SendResult(RETRY, result.reason) if attached.outcome == STORED else attached
        return result

    def send_heartbeat(self, body: Dict[str, Any]) -> bool:
        """Reports that the run is alive; False if that did not arrive."""
        path = f"/api/training/local/{self.job_id}/heartbeat"
        reply = self._post(path, json.dumps(body).encode(), None)
        return isinstance(reply, Reply) and reply.status < 400

    def _attach(self, body: bytes) -> SendResult:
        reply = self._post("/api/training/local/jobs", body, None, use_token=False)
        if isinstance(reply, Reply) and reply.status == 409:
            # The run has ended, or cannot return to running: its data is stored anyway.
            stateless = {key: value for key, value in json.loads(body).items() if key != "status"}
            first, reply = reply, self._post(
                "/api/training/local/jobs", json.dumps(stateless).encode(), None, use_token=False
            )
            if isinstance(reply, Reply) and reply.status == 409:
                reply = first
        if isinstance(reply, SendResult):
            return reply
        if reply.status != 200:
            return _result_of(reply)
        self.token = str(json.loads(reply.body)["job_token"])
        self.taken_over = False
        connection = self._connection
        self.attached_url = self._token_url = connection.base_url if connection else None
        self._state.update(job_token=self.token, url=self._token_url)
        return SendResult(STORED)

    def _post(
        self, path: str, body: bytes, batch_id: Optional[str], use_token: bool = True
    ) -> Union[Reply, SendResult]:
        """The response, or a SendResult that says why there is none."""
        credentials = self._credentials()
        if credentials is None:
            return SendResult(
                UNAUTHORIZED, "no dashboard is configured: set SIGNALBOX_URL and SIGNALBOX_API_KEY"
            )
        if self._connection is None or self._connection.base_url != credentials.url:
            self.close()
            self._connection = self._connect(credentials.url)
        headers = {"Idempotency-Key": batch_id} if batch_id else {}
        if use_token and self.token is not None and self._token_url == credentials.url:
            headers["Authorization"] = f"Bearer {self.token}"
        else:
            headers["X-API-Key"] = credentials.api_key
        try:
            return self._connection.request("POST", path, body, headers)
        except UnreachableError as error:
            return SendResult(RETRY, str(error))

    def close(self) -> None:
        """Closes the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _result_of(reply: Reply) -> SendResult:
    if 200 <= reply.status < 300:
        return SendResult(STORED)
    error = reply.error()
    reason = str(error)
    # A run with too many samples stays one, however many runs are deleted.
    if reply.status == 409 and error.limit not in (None, "samples"):
        return SendResult(FULL, reason)
    if reply.status in (401, 403):
        return SendResult(UNAUTHORIZED, reason)
    if reply.status == 404:
        return SendResult(NOT_FOUND, reason)
    if 400 <= reply.status < 500 and reply.status not in (408, 425, 429):
        return SendResult(REFUSED, reason, whole_batch=reply.status == 409)
    return SendResult(RETRY, reason, reply.retry_after)
