"""Finds the run that a command is about."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, Callable, Dict, List, Sequence

from ..errors import NotFoundError
from ..streaming.handlers.plain_text import plain_text
from .context import CliContext
from .exits import CliError, usage_error

Job = Dict[str, Any]
MAX_CANDIDATES = 2000
MAX_SHOWN = 5
_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class NoSuchRun(CliError):
    """No run has this id or name, or begins with it."""


def find_job(cli: CliContext, text: str) -> Job:
    """A run by id, else by name, else by a unique prefix of either. Raises CliError if none or several match."""
    if _ID.fullmatch(text) and text not in (".", ".."):
        try:
            return cli.client.jobs.get(text)
        except NotFoundError:
            pass
    if not text or len(text) > 256:
        raise usage_error("Name a run by its id or name.")
    candidates = islice(cli.client.jobs.all(q=text, archived="all"), MAX_CANDIDATES)
    found = choose_job(list(candidates), text)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NoSuchRun(f"Run “{plain_text(text)}” not found.")
    lines = [f"  {job['id']}  {job['status']}  {plain_text(job['name'])}" for job in found[:MAX_SHOWN]]
    more = ["  …"] if len(found) > len(lines) else []
    raise usage_error("\n".join([f"“{plain_text(text)}” matches {len(found)} runs:", *lines, *more]))


def choose_job(jobs: Sequence[Job], text: str) -> List[Job]:
    """The best matches: by id, else by name, else by prefix of either."""
    matchers: List[Callable[[Job], bool]] = [
        lambda job: job["id"] == text,
        lambda job: job["name"] == text,
        lambda job: job["id"].startswith(text) or job["name"].startswith(text),
    ]
    for matches in matchers:
        found = [job for job in jobs if matches(job)]
        if found:
            return found
    return []
