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

    def lines(self, job_id: str, *, q: Optional[str] = None, tail: Optional[int] = None) -> Iterator[Json]:
        """All lines, all that contain `q`, or the last `tail` of these; requests pages as needed."""
        last = None if tail is None else self.get(job_id, q=q, tail=tail)
        end = None if last is None else last["offset"]
        offset = 0 if last is None else max(0, last["offset"] + len(last["logs"]) - (tail or 0))
        while end is None or offset < end:
            limit = PAGE_SIZE if end is None else min(PAGE_SIZE, end - offset)
            page = self.get(job_id, limit=limit, offset=offset, q=q)
            yield from page["logs"]
            offset += len(page["logs"])
            if not page["logs"] or offset >= page["total_lines"]:
                break
        if last is not None:
            yield from last["logs"]


class Errors:
    """Errors of a run."""

    def __init__(self, http: DashboardHttp) -> None:
        self._http = http

    def get(self, job_id: str, *, limit: int = 50, offset: int = 0) -> Json:
        """`{errors, count, traceback?}`."""
        query = {"limit": limit, "offset": offset}
        found: Json = self._http.call("GET", local_path(job_id, "errors"), query=query)
        return found
