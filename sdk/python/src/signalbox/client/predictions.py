"""Predictions of a model, by epoch."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Optional, Sequence

from ..transport.dashboard_http import DashboardHttp, path_segment
from .requests import Json, store_batch

PAGE_SIZE = 500


class Predictions:
    """Predictions of a model, by epoch."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def get(self, job_id: str, **query: Any) -> Json:
        """
        A page; `query`: epoch, changed_from, sort, filter, by, better, where, q, limit, offset. `sort`,
        `by` and `where` take measures and scores: `-scores.reward`, `["scores.judge:good"]`.
        """
        found: Json = self._http.call("GET", f"/api/training/predictions/{path_segment(job_id)}", query=query)
        return found

    def all(self, job_id: str, **query: Any) -> Iterator[Json]:
        """All predictions that match; requests pages as needed. `query` as for `get`."""
        offset = 0
        while True:
            page = self.get(job_id, **{**query, "limit": PAGE_SIZE, "offset": offset})
            yield from page["predictions"]
            offset += len(page["predictions"])
            if not page["predictions"] or offset >= page["total_count"]:
                return

    def epochs(self, job_id: str) -> Json:
        """`{epochs: [{epoch, prediction_count, latest_step}]}`."""
        return self._every_page(job_id, "epochs", "epochs")

    def trends(self, job_id: str) -> Json:
        """Quality by epoch, and the overall improvement."""
        return self._every_page(job_id, "trends", "trends")

    def _every_page(self, job_id: str, path: str, rows: str) -> Json:
        """The pages of a reply by epoch as one; the dashboard ends each at about 1 MiB."""
        address = f"/api/training/predictions/{path_segment(job_id)}/{path}"
        found: Json = self._http.call("GET", address)
        while found.get("next_epoch") is not None:
            page: Json = self._http.call("GET", address, query={"after_epoch": found["next_epoch"]})
            found = {**page, rows: [*found[rows], *page[rows]]}
        return found

    def create(
        self,
        job_id: str,
        predictions: Sequence[Mapping[str, Any]],
        *,
        batch_id: Optional[str] = None,
        job_token: Optional[str] = None,
    ) -> Json:
        """
        Stores predictions, with the token of the run if one is given; repeating a batch_id with the same
        rows stores nothing.
        """
        rows = [dict(row) for row in predictions]
        return store_batch(self._http, "predictions", {"job_id": job_id, "predictions": rows}, batch_id, job_token)
