"""What the resources share: types, paths and ids of requests."""

from __future__ import annotations

import secrets
import time
from typing import Any, Collection, Dict, Optional, Union

from ..transport.dashboard_http import DashboardHttp, path_segment
from ..transport.wire_numbers import to_wire

Json = Dict[str, Any]
Texts = Union[str, Collection[str], None]


def comma_list(value: Texts) -> Optional[str]:
    """One text, or several joined with commas."""
    return value if value is None or isinstance(value, str) else ",".join(value)


def local_path(job_id: str, rest: str) -> str:
    """A path below `/api/training/local/<job id>`."""
    return f"/api/training/local/{path_segment(job_id)}/{rest}"


def new_id(prefix: str) -> str:
    """A new id, for idempotent requests."""
    return f"{prefix}_{time.time_ns() // 1_000_000:x}{secrets.token_hex(6)}"


def store_batch(
    http: DashboardHttp, route: str, body: Json, batch_id: Optional[str], job_token: Optional[str]
) -> Json:
    """Stores a batch under an id, so that the request can be repeated."""
    headers = {"Idempotency-Key": batch_id or new_id("batch")}
    if job_token is not None:
        headers["Authorization"] = f"Bearer {job_token}"
    path = f"/api/training/local/{route}"
    found: Json = http.call("POST", path, body=to_wire(body), headers=headers, repeatable=True)
    return found
