"""Reading and steering from a program."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .http import Http
from .job_handle import JobHandle
from .resources import Control, Errors, Jobs, Logs, Metrics, Predictions

__all__ = ["Client", "JobHandle"]


class Client:
    """
    One dashboard. What is not given comes from SIGNALBOX_URL, SIGNALBOX_API_KEY or the credentials file.
    Methods return the dashboard's JSON, and raise ApiError (its kinds: UnauthorizedError,
    NotFoundError, ConflictError …) and UnreachableError. Safe in threads.
    """

    def __init__(
        self, url: Optional[str] = None, api_key: Optional[str] = None, timeout: float = 30.0
    ) -> None:
        self._http = Http(url, api_key, timeout)
        self.jobs = Jobs(self._http, self)
        self.metrics = Metrics(self._http)
        self.logs = Logs(self._http)
        self.errors = Errors(self._http)
        self.control = Control(self._http)
        self.predictions = Predictions(self._http)

    @property
    def url(self) -> str:
        """The dashboard's address."""
        return self._http.base_url

    @property
    def http(self) -> Http:
        """For routes that have no method of their own here."""
        return self._http

    def health(self) -> Dict[str, Any]:
        """How the dashboard and what it needs are; also while something is down."""
        found: Dict[str, Any] = self._http.call("GET", "/api/health", accept=(503,), repeatable=False)
        return found

    def streamer(self, job_id: str, **options: Any) -> Any:
        """A JobStreamer of one run over this client's credentials."""
        from ..streaming import JobStreamer

        return JobStreamer(job_id=job_id, http=self._http, **options)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self._http.close()
