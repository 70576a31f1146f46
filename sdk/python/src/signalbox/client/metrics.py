"""Metrics of a run."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional, Sequence

from ..transport.dashboard_http import DashboardHttp, path_segment
from .requests import Json, local_path, store_batch


class Metrics:
    """Metrics of a run."""

    def __init__(self, http: DashboardHttp) -> None:
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
            "GET", local_path(job_id, "metrics"), query={**query, "names": _names_query(names)}
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
        """Series in about that many buckets, each with min, max, mean, first, last, count."""
        query = {"buckets": buckets, "x": x, "from": from_step, "to": to_step, "names": _names_query(names)}
        found: Json = self._http.call("GET", local_path(job_id, "metrics"), query=query)
        return found

    def points(self, job_id: str, *, after_seq: int = 0) -> Iterator[Json]:
        """Every stored point `{name, value, step, epoch, phase, created_at, seq}`, in storage order."""
        while True:
            query = {"after_seq": after_seq, "limit": 5000}
            page = self._http.call("GET", f"/api/learning/jobs/{path_segment(job_id)}/metrics", query=query)
            if not page["points"]:
                return
            yield from page["points"]
            after_seq = page["next_seq"]

    def create(
        self,
        job_id: str,
        points: Sequence[Mapping[str, Any]],
        *,
        batch_id: Optional[str] = None,
        job_token: Optional[str] = None,
    ) -> Json:
        """
        Stores points `{name, step, value, epoch?, phase?, timestamp?}`, with the token of the run if one is
        given; repeating a batch_id with the same points stores nothing.
        """
        rows = [dict(point) for point in points]
        return store_batch(self._http, "metrics", {"job_id": job_id, "points": rows}, batch_id, job_token)


def _names_query(names: Optional[Sequence[str]]) -> Any:
    if names is None:
        return None
    listed = [names] if isinstance(names, str) else list(names)
    # The server splits a single name at its commas, so it gets a second, empty one.
    return listed if len(listed) > 1 or "," not in "".join(listed) else [*listed, ""]
