"""Requests of the reading and steering client: typed errors, timeouts, retries where they are safe."""

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
from ..sender import backoff
from ..settings import find_credentials
from ..transport import HttpConnection, Reply

TRIES = 4
LONGEST_RETRY_WAIT = 30.0


class Http:
    """One dashboard with one key; safe in threads, each of which has its own connection."""

    def __init__(
        self,
        url: Optional[str] = None,
        api_key: Optional[str] = None,
        timeout: float = 30.0,
        *,
        sleep: Callable[[float], None] = time.sleep,
        rand: Callable[[], float] = random.random,
    ) -> None:
        credentials = find_credentials(url, api_key)
        if credentials is None:
            raise ConfigurationError(
                "No dashboard is known: give url and api_key, or set SIGNALBOX_URL and SIGNALBOX_API_KEY."
            )
        if not timeout > 0:
            raise ConfigurationError(f"timeout must be above 0, not {timeout!r}.")
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
        The JSON of an answer. `repeatable`: whether asking twice is the same as once (default: for GET
        and PUT); then 429, 5xx and faults of the network are tried again, four times in all.
        Raises ApiError, UnreachableError.
        """
        repeatable = method in ("GET", "PUT") if repeatable is None else repeatable
        for attempt in range(TRIES):
            try:
                reply = self.once(method, path, query=query, body=body, headers=headers)
                if reply.status < 300 or reply.status in accept:
                    return _parse(reply)
                raise reply.error()
            except (RateLimitedError, ServerError, UnreachableError) as error:
                # Who was turned away by a 429 did nothing yet.
                safe = repeatable or isinstance(error, RateLimitedError)
                asked = getattr(error, "retry_after", None) or 0.0
                if not safe or attempt == TRIES - 1 or asked > LONGEST_RETRY_WAIT:
                    raise
                self.sleep(max(asked, backoff(attempt, self.rand)))
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
        """One request, and its answer whatever its status. Raises UnreachableError."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = HttpConnection(self.base_url, self.timeout)
        elif method == "DELETE":
            # Never sent twice, not even over a connection that had gone stale.
            connection.close()
        content = None if body is None else json.dumps(body).encode()
        return connection.request(
            method, path + query_text(query), content, {"X-API-Key": self.api_key, **(headers or {})}
        )

    def close(self) -> None:
        """Lets go of this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()


def _parse(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        text = "The answer is not JSON: is this a Signalbox dashboard?"
        raise ApiError(reply.status, "not_json", text, reply.headers.get("x-request-id")) from None


def query_text(query: Optional[Mapping[str, Any]]) -> str:
    """`?…` without what is None; lists as repeated fields, True as `true`."""
    pairs: List[Tuple[str, str]] = []
    for name, value in (query or {}).items():
        if value is None:
            continue
        for item in value if isinstance(value, (list, tuple)) else [value]:
            pairs.append((name, str(item).lower() if isinstance(item, bool) else str(item)))
    return "?" + urlencode(pairs) if pairs else ""


def part(text: str) -> str:
    """A text as one part of a path."""
    return quote(str(text), safe="")
