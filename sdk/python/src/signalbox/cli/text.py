"""How commands write states, numbers and times for people."""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone
from typing import Any, Dict, Optional, Tuple

from ..streaming.items import TERMINAL_STATUSES

_CODES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36}

_STYLES: Dict[str, Tuple[str, Optional[str]]] = {
    "queued": ("○", "dim"),
    "starting": ("◔", "cyan"),
    "running": ("●", "cyan"),
    "pausing": ("◐", "yellow"),
    "paused": ("‖", "yellow"),
    "stopping": ("◐", "yellow"),
    "lost": ("?", "red"),
    "succeeded": ("✓", "green"),
    "failed": ("✗", "red"),
    "cancelled": ("⊘", "dim"),
}
STATUSES = tuple(_STYLES)


def paint(text: str, colour: Optional[str], on: bool) -> str:
    """A text in a colour; the text itself where colours are off."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if on and colour else text


def status_text(status: str, colour: bool) -> str:
    """A state by icon, word and colour."""
    icon, code = _STYLES.get(status, ("?", None))
    return paint(f"{icon} {status}", code, colour)


def integer(value: float) -> str:
    """`4310` → `4,310`."""
    return f"{int(math.floor(value + 0.5)):,}"


def duration(seconds: float) -> str:
    """`2m 14s`, `1h 02m`, `3d 4h`."""
    whole = max(0, math.floor(seconds + 0.5))
    if whole < 60:
        return f"{whole}s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}m {left:02d}s"
    hours = minutes // 60
    return f"{hours}h {minutes % 60:02d}m" if hours < 24 else f"{hours // 24}d {hours % 24}h"


def progress_text(job: Dict[str, Any]) -> str:
    """A run's progress: `1,240 / 2,000 (62%)`."""
    step, share = job["current_step"], job["progress"]
    percent = "" if share is None else f"{math.floor(share * 100)}%"
    if step is None:
        return percent
    of = "" if job["total_steps"] is None else f" / {integer(job['total_steps'])}"
    return f"{integer(step)}{of}" + (f" ({percent})" if percent else "")


def outcome_text(job: Dict[str, Any], colour: bool) -> str:
    """The run's state and progress in one line."""
    status = job["status"]
    parts = [status_text(status, colour)]
    if job["current_step"] is not None:
        parts.append(f"step {progress_text(job)}")
    if job["active_seconds"] > 0:
        parts.append(duration(job["active_seconds"]))
    if status in TERMINAL_STATUSES and status != "succeeded" and job["error"]:
        parts.append(job["error"])
    return " · ".join(parts)


_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?")


def seconds_of(timestamp: str) -> float:
    """Seconds since 1970 of an ISO 8601 timestamp; NaN for anything else."""
    match = _TIMESTAMP.fullmatch(timestamp)
    if match is None:
        return math.nan
    date, time, fraction, zone = match.groups()
    zone = "+00:00" if zone in (None, "Z") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return datetime.fromisoformat(f"{date}T{time}{zone}").timestamp() + float(fraction or 0)


def ago(timestamp: str) -> str:
    """`2m 14s ago`"""
    since = seconds_of(timestamp)
    return "" if math.isnan(since) else f"{duration(datetime.now(timezone.utc).timestamp() - since)} ago"
