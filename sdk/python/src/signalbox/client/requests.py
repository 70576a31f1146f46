"""What the resources share: types, paths and ids of requests."""

from __future__ import annotations

import secrets
import time
from typing import Any, Dict, Optional, Sequence, Union

from ..transport.dashboard_http import path_segment

Json = Dict[str, Any]
Texts = Union[str, Sequence[str], None]


def comma_list(value: Texts) -> Optional[str]:
    """One text, or several joined with commas."""
    return value if value is None or isinstance(value, str) else ",".join(value)


def local_path(job_id: str, rest: str) -> str:
    """A path below `/api/training/local/<job id>`."""
    return f"/api/training/local/{path_segment(job_id)}/{rest}"


def new_id(prefix: str) -> str:
    """A new id, for idempotent requests."""
    return f"{prefix}_{time.time_ns() // 1_000_000:x}{secrets.token_hex(6)}"
