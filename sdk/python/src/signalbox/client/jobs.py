"""Runs: find, start, change, delete."""

from __future__ import annotations

from typing import Any, Collection, Iterator, Mapping, Optional

from ..transport.dashboard_http import DashboardHttp, path_segment
from .job_handle import JobHandle
from .requests import Json, Texts, comma_list, new_id

PAGE_SIZE = 200


class Jobs:
    """Runs: find, start, change, delete."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def handle(self, job_id: str) -> JobHandle:
        """A handle for a run id; does not check that the run exists."""
        return JobHandle(job_id=job_id, http=self._http)

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
        query.update(status=comma_list(status), kind=comma_list(kind), tag=comma_list(tag), ids=comma_list(ids))
        found: Json = self._http.call("GET", "/api/training/jobs", query=query)
        return found

    def all(self, **filters: Any) -> Iterator[Json]:
        """All runs that match, each once; requests pages as needed."""
        seen = set()
        offset = 0
        while True:
            jobs = self.list(**{**filters, "limit": PAGE_SIZE, "offset": offset})["jobs"]
            for job in jobs:
                # A run started meanwhile shifts the others by one.
                if job["id"] not in seen:
                    seen.add(job["id"])
                    yield job
            offset += len(jobs)
            if len(jobs) < PAGE_SIZE:
                return

    def get(self, job_id: str) -> Json:
        """One run."""
        found: Json = self._http.call("GET", f"/api/training/{path_segment(job_id)}")
        return found

    def create(
        self,
        kind: str,
        config: Optional[Mapping[str, Any]] = None,
        *,
        name: Optional[str] = None,
        dataset_id: Optional[str] = None,
        tags: Collection[str] = (),
        idempotency_key: Optional[str] = None,
    ) -> JobHandle:
        """Starts a run on the training backend; repeating the same key starts no second one."""
        body: Json = {"kind": kind, "config": dict(config or {}), "tags": [*tags]}
        body.update({k: v for k, v in (("name", name), ("dataset_id", dataset_id)) if v is not None})
        headers = {"Idempotency-Key": idempotency_key or new_id("start")}
        job = self._http.call("POST", "/api/training/jobs", body=body, headers=headers)
        return JobHandle(job_id=job["id"], http=self._http, job=job)

    def attach(self, job_id: Optional[str] = None, **fields: Any) -> Json:
        """
        Registers a run that you train yourself, or updates it. Returns `{job_id, job_token}`. `fields`: name,
        kind, status, config, tags, total_steps, total_epochs, model_name …
        """
        body = {**fields, "job_id": job_id or new_id("job")}
        found: Json = self._http.call("POST", "/api/training/local/jobs", body=body, repeatable=True)
        return found

    def update(self, job_id: str, **changes: Any) -> Json:
        """Changes name, tags, notes or archived."""
        found: Json = self._http.call("PUT", f"/api/training/{path_segment(job_id)}", body=changes)
        return found

    def delete(self, job_id: str) -> None:
        """Deletes a run with all its data. Raises ConflictError while it is active."""
        self._http.call("DELETE", f"/api/training/{path_segment(job_id)}")
