"""The arguments of `signalbox.init`: validated, and converted for the dashboard."""

from __future__ import annotations

import re
import secrets
import string
import time
from typing import Any, Collection, Dict, List, Optional, Tuple
from urllib.parse import quote

from ..errors import ConfigurationError
from ..settings import Credentials
from ..transport.http_connection import HttpConnection
from ..values import to_json

KINDS = ("sft", "rl", "other")
MODES = ("online", "offline", "disabled")
RESUMES = ("allow", "must", "never")
_id_pattern = re.compile(r"^[A-Za-z0-9._:-]{1,128}$")


def check_choice(name: str, value: Optional[str], allowed: Tuple[str, ...]) -> None:
    """Raises ConfigurationError unless the value is None or one of those allowed."""
    if value is not None and value not in allowed:
        raise ConfigurationError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")


def check_id(id: str) -> None:
    """Raises ConfigurationError for an id that the dashboard would not accept."""
    if not _id_pattern.match(id):
        raise ConfigurationError(f"id must be 1 to 128 of A–Z a–z 0–9 . _ : -, not {id!r}.")


def new_id() -> str:
    """A new id, sortable by time, like those of the server."""
    alphabet = string.digits + string.ascii_lowercase
    ms, digits = time.time_ns() // 1_000_000, ""
    while ms:
        ms, digit = divmod(ms, 36)
        digits = alphabet[digit] + digits
    return "job_" + digits.rjust(9, "0") + "".join(secrets.choice(alphabet) for _ in range(10))


def config_json(config: Any) -> Dict[str, Any]:
    """A configuration as a dict of JSON values. Raises ConfigurationError."""
    if config is None:
        return {}
    value = to_json(config)
    if not isinstance(value, dict):
        raise ConfigurationError("config must be a dict, a Namespace or a dataclass.")
    return value


def all_tags(project: Optional[str], tags: Optional[Collection[str]]) -> Optional[List[str]]:
    """The tags, with the project as the first one; None to leave the run's tags unchanged."""
    if isinstance(tags, str):
        raise ConfigurationError("tags must be a list of strings.")
    wanted = [f"project:{project}"] if project else []
    wanted += [str(tag) for tag in tags or []]
    kept = [tag[:64] for tag in dict.fromkeys(wanted) if tag]
    return kept[:50] if kept or tags is not None else None


def check_resume(resume: str, id: str, credentials: Optional[Credentials]) -> None:
    """Asks the dashboard whether the run exists. Raises ConfigurationError, ApiError."""
    if credentials is None:
        raise ConfigurationError(f'resume="{resume}" needs a dashboard, and none is configured.')
    connection = HttpConnection(credentials.url, 10.0)
    try:
        reply = connection.request(
            "GET", f"/api/training/{quote(id, safe='')}", headers={"X-API-Key": credentials.api_key}
        )
    finally:
        connection.close()
    if reply.status not in (200, 404):
        raise reply.error()
    if resume == "must" and reply.status == 404:
        raise ConfigurationError(f'There is no run {id!r} to resume (resume="must").')
    if resume == "never" and reply.status == 200:
        raise ConfigurationError(f'The run {id!r} already exists (resume="never").')
