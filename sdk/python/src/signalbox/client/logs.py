"""Output and errors of a run."""

from __future__ import annotations

from typing import Optional

from ..transport.dashboard_http import DashboardHttp
from .requests import Json, local_path


class Logs:
    """Output of a run."""

    def __init__(self, http: DashboardHttp) -> None:
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
        found: Json = self._http.call("GET", local_path(job_id, "logs"), query=query)
        return found


class Errors:
    """Errors of a run."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def get(self, job_id: str, *, limit: int = 50, offset: int = 0) -> Json:
        """`{errors, count, traceback?}`."""
        query = {"limit": limit, "offset": offset}
        found: Json = self._http.call("GET", local_path(job_id, "errors"), query=query)
        return found
