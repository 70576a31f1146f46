"""Finds out what a key may do."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ..client import Client
from ..errors import BadRequestError, ForbiddenError

_PROBES: Dict[str, Tuple[str, str, Any]] = {
    # Requests that change nothing: with the scope, an empty body is refused.
    "read": ("GET", "/api/training/jobs?limit=1", None),
    "ingest": ("POST", "/api/training/local/metrics", {}),
    "control": ("POST", "/api/training/jobs/bulk", {}),
    "admin": ("GET", "/api/settings/api-keys?limit=1", None),
}
SCOPES = tuple(_PROBES)


def find_scopes(client: Client) -> List[str]:
    """The scopes of a client's key. Raises UnauthorizedError for an invalid key, and other errors of a request."""
    found: List[str] = []
    for scope, (method, path, body) in _PROBES.items():
        try:
            client.http.call(method, path, body=body)
        except ForbiddenError:
            continue
        except BadRequestError:
            if body is None:
                raise
        found.append(scope)
    return found
