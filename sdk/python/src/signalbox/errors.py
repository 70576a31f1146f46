"""Every error that this package raises on purpose."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional, Type


class SignalboxError(Exception):
    """Base of all errors of this package."""


class ConfigurationError(SignalboxError, ValueError):
    """An argument, a setting or a file of settings is wrong."""


class RunInUseError(SignalboxError):
    """A living process on this machine writes this run already."""


class UnreachableError(SignalboxError):
    """The dashboard did not answer at all."""


class RequestTimeoutError(UnreachableError):
    """The dashboard did not answer in time."""


class StreamTimeout(SignalboxError):
    """A run did not end within the time that was given to wait for it."""

    def __init__(self, message: str, last_status: Optional[str]) -> None:
        super().__init__(message)
        self.last_status = last_status


class ApiError(SignalboxError):
    """The dashboard refused a request; `request_id` finds it in the server's log."""

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


class BadRequestError(ApiError):
    """400"""


class UnauthorizedError(ApiError):
    """401: no credential, or one that is not good."""


class ForbiddenError(ApiError):
    """403: the credential lacks the scope."""


class NotFoundError(ApiError):
    """404: there is no such thing, or it is somebody else's."""


class ConflictError(ApiError):
    """409: the state forbids it."""


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
    """The typed error of a refusing reply, whatever its body is."""
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
