"""Predictions of a model, by epoch."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

from ..transport.dashboard_http import DashboardHttp, path_segment
from .requests import Json, new_id


class Predictions:
    """Predictions of a model, by epoch."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def get(self, job_id: str, **query: Any) -> Json:
        """A page; `query`: epoch, changed_from, sort, filter, q, limit, offset."""
        found: Json = self._http.call("GET", f"/api/training/predictions/{path_segment(job_id)}", query=query)
        return found

    def epochs(self, job_id: str) -> Json:
        """`{epochs: [{epoch, prediction_count, latest_step}]}`."""
        found: Json = self._http.call("GET", f"/api/training/predictions/{path_segment(job_id)}/epochs")
        return found

    def trends(self, job_id: str) -> Json:
        """Quality by epoch, and the overall improvement."""
        found: Json = self._http.call("GET", f"/api/training/predictions/{path_segment(job_id)}/trends")
        return found

    def create(
        self,
        job_id: str,
        predictions: Sequence[Mapping[str, Any]],
        *,
        batch_id: Optional[str] = None,
    ) -> Json:
        """Stores predictions; repeating a batch_id with the same rows stores nothing."""
        body = {"job_id": job_id, "predictions": [dict(row) for row in predictions]}
        headers = {"Idempotency-Key": batch_id or new_id("batch")}
        found: Json = self._http.call(
            "POST", "/api/training/local/predictions", body=body, headers=headers, repeatable=True
        )
        return found
