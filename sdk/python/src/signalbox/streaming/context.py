"""The settings and the deadline of following one run."""

from __future__ import annotations

import json
import random
import threading
import time
from typing import Any, Callable, Dict, List, Optional

from ..errors import (
    ApiError,
    RateLimitedError,
    ServerError,
    StreamTimeout,
    UnreachableError,
)
from ..transport.backoff import backoff
from ..transport.dashboard_http import DashboardHttp, path_segment

TRANSIENT_ERRORS = (UnreachableError, RateLimitedError, ServerError)


class Stopped(Exception):
    """`stop()` was called."""


class StreamContext:
    """The settings, and the ways in which following ends early."""

    def __init__(
        self,
        http: DashboardHttp,
        job_id: str,
        *,
        page_size: int,
        interval_seconds: float,
        timeout_seconds: Optional[float],
        streams: List[str],
        rand: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.http = http
        self.job_id = job_id
        self.page_size = page_size
        self.interval_seconds = interval_seconds
        self.streams = streams
        self.stop = threading.Event()
        self.last_status: Optional[str] = None
        self.rand = rand
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._deadline = None if timeout_seconds is None else clock() + timeout_seconds

    def left(self) -> Optional[float]:
        """Seconds until the timeout; None without one."""
        return None if self._deadline is None else self._deadline - self._clock()

    def check(self) -> None:
        """Raises Stopped after `stop()`, StreamTimeout after the timeout."""
        if self.stop.is_set():
            raise Stopped()
        left = self.left()
        if left is not None and left <= 0:
            raise StreamTimeout(
                f"{self.job_id} did not end within {self._timeout_seconds:g} s; "
                f"last status: {self.last_status or 'unknown'}.",
                self.last_status,
            )

    def sleep(self, seconds: float) -> None:
        """Sleeps, at most until the timeout. Raises Stopped, StreamTimeout."""
        left = self.left()
        self.stop.wait(seconds if left is None else max(0.0, min(seconds, left)))
        self.check()

    def get(self, path: str, query: Optional[Dict[str, Any]] = None) -> Any:
        """The JSON of a response; retries transient errors, and raises ApiError for others."""
        attempt = 0
        while True:
            self.check()
            try:
                reply = self.http.once("GET", path, query=query)
                if reply.status == 200:
                    return json.loads(reply.body)
                raise reply.error()
            except TRANSIENT_ERRORS as error:
                retry_after = getattr(error, "retry_after", None) or 0.0
                self.sleep(max(retry_after, backoff(attempt, self.rand)))
                attempt += 1
            except ValueError:
                raise ApiError(200, "not_json", "The response is not JSON.") from None

    def job(self) -> Dict[str, Any]:
        """The current job."""
        job: Dict[str, Any] = self.get(f"/api/learning/jobs/{path_segment(self.job_id)}")
        self.last_status = str(job["status"])
        return job
