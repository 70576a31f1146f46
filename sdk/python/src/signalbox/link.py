"""How one run talks to the dashboard: which credential, which answer means what."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, NamedTuple, Optional

from .batches import Batch
from .errors import UnreachableError
from .run_state import RunState
from .settings import Credentials
from .spool import ACK, ATTACH
from .transport import HttpConnection, Reply

# What became of a delivery.
STORED, RETRY, REFUSED, LOCKED_OUT, GONE = "stored", "retry", "refused", "locked out", "gone"


class Delivery(NamedTuple):
    """
    `after` is what the dashboard asked to wait, in seconds. `whole`: refused as a batch, whatever its
    records are; its parts would be as wrong.
    """

    outcome: str
    reason: str = ""
    after: Optional[float] = None
    whole: bool = False


class DashboardLink:
    """
    Sends batches with the run's token, and with the API key where the token is not good (any more):
    somebody attached the run elsewhere, but what this process saw is still to be told.
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

    def deliver(self, batch: Batch) -> Delivery:
        """Sends one batch once."""
        if batch.kind == ATTACH:
            return self._attach(batch.body)
        reply = self._post(batch.path, batch.body, batch.id)
        if isinstance(reply, Delivery):
            return reply
        if reply.status == 401 and self.token is not None:
            self.token = None
            self.taken_over = self.attachment is not None
            reply = self._post(batch.path, batch.body, batch.id)
            if isinstance(reply, Delivery):
                return reply
        delivery = _judge(reply)
        if delivery.outcome == GONE and batch.kind == ACK:
            return Delivery(REFUSED, delivery.reason)
        if delivery.outcome == GONE and self.attachment is not None:
            # Deleted, or another dashboard's data: a run that lives shows itself again.
            again = self._attach(self.attachment)
            return Delivery(RETRY, delivery.reason) if again.outcome == STORED else again
        return delivery

    def beat(self, body: Dict[str, Any]) -> bool:
        """Says that the run is alive; False where that did not arrive."""
        path = f"/api/training/local/{self.job_id}/heartbeat"
        reply = self._post(path, json.dumps(body).encode(), None)
        return isinstance(reply, Reply) and reply.status < 400

    def _attach(self, body: bytes) -> Delivery:
        reply = self._post("/api/training/local/jobs", body, None, own_token=False)
        if isinstance(reply, Reply) and reply.status == 409:
            # It ended before, or has no way back to running: its data is added all the same.
            stateless = {key: value for key, value in json.loads(body).items() if key != "status"}
            first, reply = reply, self._post(
                "/api/training/local/jobs", json.dumps(stateless).encode(), None, own_token=False
            )
            if isinstance(reply, Reply) and reply.status == 409:
                reply = first
        if isinstance(reply, Delivery):
            return reply
        if reply.status != 200:
            return _judge(reply)
        self.token = str(json.loads(reply.body)["job_token"])
        self.taken_over = False
        connection = self._connection
        self.attached_url = self._token_url = connection.base_url if connection else None
        self._state.update(job_token=self.token, url=self._token_url)
        return Delivery(STORED)

    def _post(self, path: str, body: bytes, batch_id: Optional[str], own_token: bool = True) -> Any:
        """The reply, or the Delivery that says why there is none."""
        credentials = self._credentials()
        if credentials is None:
            return Delivery(LOCKED_OUT, "no dashboard is known: set SIGNALBOX_URL and SIGNALBOX_API_KEY")
        if self._connection is None or self._connection.base_url != credentials.url:
            self.close()
            self._connection = self._connect(credentials.url)
        headers = {"Idempotency-Key": batch_id} if batch_id else {}
        if own_token and self.token is not None and self._token_url == credentials.url:
            headers["Authorization"] = f"Bearer {self.token}"
        else:
            headers["X-API-Key"] = credentials.api_key
        try:
            return self._connection.request("POST", path, body, headers)
        except UnreachableError as error:
            return Delivery(RETRY, str(error))

    def close(self) -> None:
        """Lets go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _judge(reply: Reply) -> Delivery:
    if 200 <= reply.status < 300:
        return Delivery(STORED)
    reason = str(reply.error())
    if reply.status in (401, 403):
        return Delivery(LOCKED_OUT, reason)
    if reply.status == 404:
        return Delivery(GONE, reason)
    if 400 <= reply.status < 500 and reply.status not in (408, 425, 429):
        return Delivery(REFUSED, reason, whole=reply.status == 409)
    return Delivery(RETRY, reason, reply.retry_after)
