"""Output and errors of a run."""

from __future__ import annotations

from typing import Iterator, Optional

from ..transport.dashboard_http import DashboardHttp
from .requests import Json, local_path

PAGE_SIZE = 2000


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

    def lines(self, job_id: str, *, q: Optional[str] = None) -> Iterator[Json]:
        """All lines, or all that contain `q`; requests pages as needed."""
        offset = 0
        while True:
            page = self.get(job_id, limit=PAGE_SIZE, offset=offset, q=q)
            yield from page["logs"]
            offset += len(page["logs"])
            if not page["logs"] or offset >= page["total_lines"]:
                return


class Errors:
    """Errors of a run."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def get(self, job_id: str, *, limit: int = 50, offset: int = 0) -> Json:
        """`{errors, count, traceback?}`."""
        query = {"limit": limit, "offset": offset}
        found: Json = self._http.call("GET", local_path(job_id, "errors"), query=query)
        return found
