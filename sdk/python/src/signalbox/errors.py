"""All errors that this package raises."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Type


class SignalboxError(Exception):
    """Base of all errors of this package."""


class ConfigurationError(SignalboxError, ValueError):
    """An argument, a setting or a settings file is invalid."""


class RunInUseError(SignalboxError):
    """Another running process on this machine writes this run."""


class UnreachableError(SignalboxError):
    """The dashboard could not be reached."""


class RequestTimeoutError(UnreachableError):
    """The dashboard did not respond in time."""


class StreamTimeout(SignalboxError, TimeoutError):
    """A run did not end within the timeout."""

    def __init__(self, message: str, last_status: Optional[str] = None) -> None:
        super().__init__(message)
        self.last_status = last_status


class ApiError(SignalboxError):
    """The dashboard rejected a request; `request_id` identifies it in the server's log."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        request_id: Optional[str] = None,
        details: Any = None,
        retry_after: Optional[float] = None,
    ) -> None:
        suffix = f" (request {request_id})" if request_id else ""
        super().__init__(f"{status} {code}: {message}{suffix}")
        self.status = status
        self.code = code
        self.message = message
        self.request_id = request_id
        self.details = details
        self.retry_after = retry_after

    @property
    def limit(self) -> Optional[str]:
        """The name of the limit that was reached, see `GET /api/usage`; None for other errors."""
        limit = self.details.get("limit") if isinstance(self.details, dict) else None
        return limit if isinstance(limit, str) else None


class BadRequestError(ApiError):
    """400"""


class UnauthorizedError(ApiError):
    """401: no credential, or an invalid one."""


class ForbiddenError(ApiError):
    """403: the credential lacks the scope."""


class NotFoundError(ApiError):
    """404: the object does not exist, or belongs to somebody else."""


class ConflictError(ApiError):
    """409: the state of the run does not allow it."""


class TooLargeError(ApiError):
    """413"""


class UnsupportedError(ApiError):
    """422"""


class RateLimitedError(ApiError):
    """429"""


class ServerError(ApiError):
    """5xx"""


_by_status: Dict[int, Type[ApiError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    413: TooLargeError,
    422: UnsupportedError,
    429: RateLimitedError,
}


def error_of_reply(
    status: int, body: bytes, request_id: Optional[str], retry_after: Optional[float]
) -> ApiError:
    """The typed error of an error response, whatever its body is."""
    kind = ServerError if status >= 500 else _by_status.get(status, ApiError)
    code, message, details = "unknown", body[:200].decode("utf-8", "replace"), None
    try:
        parsed = json.loads(body)["error"]
        code, message = str(parsed["code"]), str(parsed["message"])
        request_id = parsed.get("request_id") or request_id
        details = parsed.get("details")
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return kind(status, code, message, request_id, details, retry_after)
