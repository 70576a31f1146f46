"""Requests of the API client: typed errors, timeouts, and retries where they are safe."""

from __future__ import annotations

import json
import random
import threading
import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple
from urllib.parse import quote, urlencode

from ..errors import (
    ApiError,
    ConfigurationError,
    RateLimitedError,
    ServerError,
    UnreachableError,
)
from ..credentials_files import why_ignored
from ..settings import Credentials, find_credentials
from .backoff import backoff
from .http_connection import HttpConnection, Reply

MAX_ATTEMPTS = 4
MAX_RETRY_AFTER_SECONDS = 30.0


class DashboardHttp:
    """One dashboard with one key. Thread-safe: each thread has its own connection."""

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        timeout: float = 30.0,
        *,
        credentials: Optional[Credentials] = None,
        sleep: Callable[[float], None] = time.sleep,
        rand: Callable[[], float] = random.random,
    ) -> None:
        credentials = credentials or find_credentials(url, api_key)
        if credentials is None:
            raise ConfigurationError(
                why_ignored()
                or "No dashboard is configured: pass url and api_key, or set SIGNALBOX_URL and SIGNALBOX_API_KEY."
            )
        if not timeout > 0:
            raise ConfigurationError(f"timeout must be greater than 0, not {timeout!r}.")
        self.base_url, self.api_key = credentials
        self.timeout = timeout
        self.sleep = sleep
        self.rand = rand
        self._local = threading.local()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        headers: Optional[Dict[str, str]] = None,
        repeatable: Optional[bool] = None,
        accept: Tuple[int, ...] = (),
    ) -> Any:
        """
        The JSON of the response. `repeatable`: whether the request is idempotent (default: GET and PUT);
        if so, 429, 5xx and network errors are retried, up to four attempts in total.
        Raises ApiError, UnreachableError.
        """
        repeatable = method in ("GET", "PUT") if repeatable is None else repeatable
        for attempt in range(MAX_ATTEMPTS):
            try:
                reply = self.once(method, path, query=query, body=body, headers=headers)
                if reply.status < 300 or reply.status in accept:
                    return _parse(reply)
                raise reply.error()
            except (RateLimitedError, ServerError, UnreachableError) as error:
                # A request that got a 429 had no effect.
                safe = repeatable or isinstance(error, RateLimitedError)
                retry_after = getattr(error, "retry_after", None) or 0.0
                if not safe or attempt == MAX_ATTEMPTS - 1 or retry_after > MAX_RETRY_AFTER_SECONDS:
                    raise
                self.sleep(max(retry_after, backoff(attempt, self.rand)))
        raise AssertionError("unreachable")

    def once(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> Reply:
        """
        Sends one request and returns its response, whatever its status. An `Authorization` among the
        headers replaces the API key. Raises UnreachableError.
        """
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HttpConnection(self.base_url, self.timeout)
        elif method == "DELETE":
            # Never sent twice, not even over a stale connection.
            connection.close()
        content = None if body is None else json.dumps(body).encode()
        given = headers or {}
        needs_key = self.api_key and "Authorization" not in given
        credential = {"X-API-Key": self.api_key} if needs_key else {}
        return connection.request(method, path + query_string(query), content, {**credential, **given})

    def close(self) -> None:
        """Closes the connection of this thread."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()


def _parse(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        text = "The response is not JSON: is this a Signalbox dashboard?"
        raise ApiError(reply.status, "not_json", text, reply.headers.get("x-request-id")) from None


def query_string(query: Optional[Mapping[str, Any]]) -> str:
    """`?…` without None values; lists and sets become repeated fields, True becomes `true`."""
    pairs: List[Tuple[str, str]] = []
    for name, value in (query or {}).items():
        if value is None:
            continue
        if isinstance(value, (set, frozenset)):
            value = sorted(value)
        for item in value if isinstance(value, (list, tuple)) else [value]:
            pairs.append((name, str(item).lower() if isinstance(item, bool) else str(item)))
    return "?" + urlencode(pairs) if pairs else ""


def path_segment(text: str) -> str:
    """A text, escaped as one segment of a path."""
    return quote(str(text), safe="")
