"""The dashboard's routes, by what they are about."""

from __future__ import annotations

import secrets
import time
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Union,
)

from ..errors import NotFoundError, RequestTimeoutError
from .http import Http, part
from .job_handle import JobHandle

if TYPE_CHECKING:
    from . import Client

Json = Dict[str, Any]
Texts = Union[str, Sequence[str], None]
PAGE = 200
SETTLED = frozenset(("applied", "rejected", "expired"))


def _csv(value: Texts) -> Optional[str]:
    return value if value is None or isinstance(value, str) else ",".join(value)


def _local(job_id: str, rest: str) -> str:
    return f"/api/training/local/{part(job_id)}/{rest}"


def _new_id(prefix: str) -> str:
    return f"{prefix}_{time.time_ns() // 1_000_000:x}{secrets.token_hex(6)}"


class Jobs:
    """Runs: find, start, change, delete."""

    def __init__(self, http: Http, client: "Client") -> None:
        self._http = http
        self._client = client

    def handle(self, job_id: str) -> JobHandle:
        """A run by its id, without asking whether there is one."""
        return JobHandle(self._client, job_id)

    def list(
        self,
        *,
        limit: int = 50,
        offset: int = 0,
        status: Texts = None,
        kind: Texts = None,
        tag: Texts = None,
        ids: Texts = None,
        q: Optional[str] = None,
        sort: Optional[str] = None,
        **more: Any,
    ) -> Json:
        """One page `{count, total, jobs}`, newest first. `more`: where, group, archived …"""
        query = {"limit": limit, "offset": offset, "q": q, "sort": sort, **more}
        query.update(status=_csv(status), kind=_csv(kind), tag=_csv(tag), ids=_csv(ids))
        found: Json = self._http.call("GET", "/api/training/jobs", query=query)
        return found

    def all(self, **filters: Any) -> Iterator[Json]:
        """All runs that match, each once, page after page as they are asked for."""
        seen = set()
        offset = 0
        while True:
            jobs = self.list(**{**filters, "limit": PAGE, "offset": offset})["jobs"]
            for job in jobs:
                # A run started meanwhile moves the others down a place.
                if job["id"] not in seen:
                    seen.add(job["id"])
                    yield job
            offset += len(jobs)
            if len(jobs) < PAGE:
                return

    def get(self, job_id: str) -> Json:
        """One run."""
        found: Json = self._http.call("GET", f"/api/training/{part(job_id)}")
        return found

    def create(
        self,
        kind: str,
        config: Optional[Mapping[str, Any]] = None,
        *,
        name: Optional[str] = None,
        dataset_id: Optional[str] = None,
        tags: Sequence[str] = (),
        idempotency_key: Optional[str] = None,
    ) -> JobHandle:
        """Starts a run on the training backend; the same key again starts no second one."""
        body: Json = {"kind": kind, "config": dict(config or {}), "tags": [*tags]}
        body.update({k: v for k, v in (("name", name), ("dataset_id", dataset_id)) if v is not None})
        headers = {"Idempotency-Key": idempotency_key or _new_id("start")}
        job = self._http.call("POST", "/api/training/jobs", body=body, headers=headers)
        return JobHandle(self._client, job["id"], job)

    def update(self, job_id: str, **changes: Any) -> Json:
        """Changes name, tags, notes or archived."""
        found: Json = self._http.call("PUT", f"/api/training/{part(job_id)}", body=changes)
        return found

    def delete(self, job_id: str) -> None:
        """Deletes a run with all its rows. Raises ConflictError while it is active."""
        self._http.call("DELETE", f"/api/training/{part(job_id)}")


class Metrics:
    """Figures of a run."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(
        self,
        job_id: str,
        names: Optional[Sequence[str]] = None,
        *,
        after_seq: int = 0,
        limit: int = 1000,
        from_step: Optional[int] = None,
        to_step: Optional[int] = None,
    ) -> Json:
        """A page of wide rows `{metrics, next_seq, total}`."""
        query = {"after_seq": after_seq, "limit": limit, "from": from_step, "to": to_step}
        found: Json = self._http.call(
            "GET", _local(job_id, "metrics"), query={**query, "names": _names(names)}
        )
        return found

    def series(
        self,
        job_id: str,
        names: Optional[Sequence[str]] = None,
        *,
        buckets: int = 500,
        x: str = "step",
        from_step: Optional[int] = None,
        to_step: Optional[int] = None,
    ) -> Json:
        """Series in about so many buckets, with min, max, mean, first, last, count of each."""
        query = {"buckets": buckets, "x": x, "from": from_step, "to": to_step, "names": _names(names)}
        found: Json = self._http.call("GET", _local(job_id, "metrics"), query=query)
        return found

    def points(self, job_id: str, *, after_seq: int = 0) -> Iterator[Json]:
        """Every stored point `{name, value, step, epoch, phase, created_at, seq}`, in order of storing."""
        while True:
            query = {"after_seq": after_seq, "limit": 5000}
            page = self._http.call("GET", f"/api/learning/jobs/{part(job_id)}/metrics", query=query)
            if not page["points"]:
                return
            yield from page["points"]
            after_seq = page["next_seq"]


def _names(names: Optional[Sequence[str]]) -> Any:
    if names is None:
        return None
    listed = [names] if isinstance(names, str) else list(names)
    # One name alone would be split at its commas.
    return listed if len(listed) > 1 or "," not in "".join(listed) else [*listed, ""]


class Logs:
    """What a run printed."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(
        self,
        job_id: str,
        *,
        limit: int = 500,
        offset: int = 0,
        q: Optional[str] = None,
        tail: Optional[int] = None,
    ) -> Json:
        """Lines `{logs, total_lines, offset, limit}`; `tail` counts from the end."""
        query = {"limit": limit, "offset": offset, "q": q, "tail": tail}
        found: Json = self._http.call("GET", _local(job_id, "logs"), query=query)
        return found


class Errors:
    """What went wrong in a run."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, job_id: str, *, limit: int = 50, offset: int = 0) -> Json:
        """`{errors, count, traceback?}`."""
        query = {"limit": limit, "offset": offset}
        found: Json = self._http.call("GET", _local(job_id, "errors"), query=query)
        return found


class Control:
    """The levers. Each returns the command as requested; `wait_for` tells what became of it."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def pause(self, job_id: str, mode: Optional[str] = None, **options: Any) -> Json:
        """`hold` keeps the process and its memory, `release` saves, verifies and exits."""
        return self._act(job_id, "pause", mode=mode, **options)

    def resume(self, job_id: str, checkpoint_id: Optional[str] = None, **options: Any) -> Json:
        """Goes on, where a checkpoint is named from there."""
        return self._act(job_id, "resume", checkpoint_id=checkpoint_id, **options)

    def stop(self, job_id: str, **options: Any) -> Json:
        """Ends the run as cancelled."""
        return self._act(job_id, "stop", **options)

    def checkpoint(self, job_id: str, **options: Any) -> Json:
        """Has a checkpoint saved."""
        return self._act(job_id, "checkpoint", **options)

    def update_params(
        self,
        job_id: str,
        params: Mapping[str, Any],
        *,
        reason: Optional[str] = None,
        command_id: Optional[str] = None,
    ) -> Json:
        """Asks for new values of live parameters. Raises UnsupportedError for others."""
        body = {**params, "command_id": command_id or _new_id("cmd")}
        if reason is not None:
            body["reason"] = reason
        reply = self._http.call("PATCH", _local(job_id, "update-params"), body=body, repeatable=True)
        command: Json = reply["command"]
        return command

    def commands(self, job_id: str, *, limit: int = 50, offset: int = 0) -> Json:
        """`{commands, total}`, newest first."""
        query = {"limit": limit, "offset": offset}
        found: Json = self._http.call("GET", _local(job_id, "commands"), query=query)
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
                raise NotFoundError(404, "not_found", f"There is no command {id}.")
            if found["status"] in SETTLED:
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
        # The id is what makes asking twice the same as once.
        body: Json = {"action": action, "command_id": command_id or _new_id("cmd")}
        body.update({k: v for k, v in {**more, "reason": reason}.items() if v is not None})
        reply = self._http.call("POST", _local(job_id, "control"), body=body, repeatable=True)
        command: Json = reply["command"]
        return command


class Predictions:
    """What a model answered, epoch by epoch."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, job_id: str, **query: Any) -> Json:
        """A page; `query`: epoch, changed_from, sort, filter, q, limit, offset."""
        found: Json = self._http.call("GET", f"/api/training/predictions/{part(job_id)}", query=query)
        return found

    def epochs(self, job_id: str) -> Json:
        """`{epochs: [{epoch, prediction_count, latest_step}]}`."""
        found: Json = self._http.call("GET", f"/api/training/predictions/{part(job_id)}/epochs")
        return found

    def trends(self, job_id: str) -> Json:
        """Quality by epoch, and the improvement over all."""
        found: Json = self._http.call("GET", f"/api/training/predictions/{part(job_id)}/trends")
        return found

    def create(
        self,
        job_id: str,
        predictions: Sequence[Mapping[str, Any]],
        *,
        batch_id: Optional[str] = None,
    ) -> Json:
        """Stores predictions; the same batch_id with the same rows again stores nothing."""
        body = {"job_id": job_id, "predictions": [dict(row) for row in predictions]}
        headers = {"Idempotency-Key": batch_id or _new_id("batch")}
        found: Json = self._http.call(
            "POST", "/api/training/local/predictions", body=body, headers=headers, repeatable=True
        )
        return found
