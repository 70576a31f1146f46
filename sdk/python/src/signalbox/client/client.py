"""The API client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

from ..transport.dashboard_http import DashboardHttp
from .control import Control
from .jobs import Jobs
from .logs import Errors, Logs
from .metrics import Metrics
from .predictions import Predictions

if TYPE_CHECKING:
    from ..streaming import JobStreamer


class Client:
    """
    One dashboard. Defaults come from SIGNALBOX_URL, SIGNALBOX_API_KEY or the credentials file.
    Methods return the dashboard's JSON, and raise ApiError (its subclasses: UnauthorizedError,
    NotFoundError, ConflictError …) and UnreachableError. Thread-safe.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        timeout: float = 30.0,
        *,
        http: Optional[DashboardHttp] = None,
    ) -> None:
        self._http = http or DashboardHttp(url, api_key, timeout)
        self.jobs = Jobs(self._http)
        self.metrics = Metrics(self._http)
        self.logs = Logs(self._http)
        self.errors = Errors(self._http)
        self.control = Control(self._http)
        self.predictions = Predictions(self._http)

    @property
    def url(self) -> str:
        """The dashboard's URL."""
        return self._http.base_url

    @property
    def http(self) -> DashboardHttp:
        """For routes without a method here."""
        return self._http

    def health(self) -> Dict[str, Any]:
        """The health of the dashboard and its services; also while something is down."""
        found: Dict[str, Any] = self._http.call("GET", "/api/health", accept=(503,), repeatable=False)
        return found

    def capabilities(self) -> Dict[str, Any]:
        """What the training backend can train, and with which settings: `{trainers}`."""
        found: Dict[str, Any] = self._http.call("GET", "/api/training/capabilities")
        return found

    def streamer(self, job_id: str, **options: Any) -> JobStreamer:
        """A JobStreamer for one run, with this client's credentials."""
        from ..streaming import JobStreamer

        return JobStreamer(job_id=job_id, http=self._http, **options)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self._http.close()
