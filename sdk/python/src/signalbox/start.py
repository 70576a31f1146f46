"""`signalbox.init`: from arguments and surroundings to a Run."""

from __future__ import annotations

import os
import re
import secrets
import string
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union
from urllib.parse import quote

from . import ending
from .complaints import Complaints
from .errors import ApiError, ConfigurationError, RunInUseError, SignalboxError
from .journal import Journal
from .link import DashboardLink
from .live_params import LiveParams, Range
from .processes import process_rank
from .ranks import Ranks, present_ranks, required_ranks
from .run import Run
from .run_state import RunState
from .settings import Credentials, find_credentials
from .spool_reader import last_logged_step
from .transport import HttpConnection
from .values import to_json

KINDS = ("sft", "rl", "other")
MODES = ("online", "offline", "disabled")
RESUMES = ("allow", "must", "never")
_id_pattern = re.compile(r"^[A-Za-z0-9._:-]{1,128}$")


def init(
    project: Optional[str] = None,
    name: Optional[str] = None,
    config: Optional[Any] = None,
    tags: Optional[Sequence[str]] = None,
    id: Optional[str] = None,
    resume: Optional[str] = None,
    kind: Optional[str] = None,
    total_steps: Optional[int] = None,
    total_epochs: Optional[float] = None,
    live_params: Optional[Mapping[str, Range]] = None,
    mode: Optional[str] = None,
    capture_output: bool = False,
    dir: Optional[Union[str, "os.PathLike[str]"]] = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    all_ranks: bool = False,
) -> Run:
    """
    Starts to report a run, or goes on with the one of this `id`; returns at once, dashboard or not.

    project: becomes the tag `project:<name>`. config: a dict, Namespace or dataclass. resume: "allow"
    (default), "must" or "never" exist already, which asks the dashboard. live_params: {name: (min,
    max)} that people may change while it trains. mode: "online", "offline" (only to disk, for
    `signalbox sync`), "disabled"; default SIGNALBOX_MODE. dir: where `.signalbox/runs/<id>` is kept,
    default here. id: default SIGNALBOX_RUN_ID, else a new one.

    In processes of a rank other than 0 the run is disabled. With `all_ranks` those obey all the same:
    called in every process after `torch.distributed.init_process_group()`, it has all of them carry out
    commands at the same step; in a single process it changes nothing.

    Raises ConfigurationError for arguments that cannot be, RunInUseError while a living process writes
    this run.
    """
    ranks = required_ranks() if all_ranks else Ranks()
    with _failure_told_to(ranks):
        mode = mode or os.environ.get("SIGNALBOX_MODE") or "online"
        _one_of("mode", mode, MODES)
        _one_of("kind", kind, KINDS)
        _one_of("resume", resume, RESUMES)
        id = id or os.environ.get("SIGNALBOX_RUN_ID") or _new_id()
        if not _id_pattern.match(id):
            raise ConfigurationError(f"id must be 1 to 128 of A–Z a–z 0–9 . _ : -, not {id!r}.")
        plain_config = _plain_config(config)
        known = {
            "job_id": id,
            "name": name[:256] if name else None,
            "kind": kind,
            "config": plain_config if config is not None else None,
            "tags": _tags(project, tags),
            "total_steps": total_steps,
            "total_epochs": total_epochs,
        }
        params = LiveParams(live_params, {})
        present = ranks if ranks.several else present_ranks()
        reports = present.first if present.several else process_rank() == 0
        if mode == "disabled" or not reports:
            run = Run(id, journal=None, complaints=Complaints(), params=params, config=plain_config, name=name)
        else:
            credentials = find_credentials(url, api_key) if mode == "online" else None
            if resume in ("must", "never"):
                _check_resume(resume, id, credentials)
            run = _reporting_run(known, params, mode == "online", credentials, dir, url, api_key)
    run.join_ranks(ranks)
    if capture_output:
        run.capture_output()
    if run.url and not os.environ.get("SIGNALBOX_QUIET"):
        print(f"signalbox: {run.url}", file=sys.stderr)
    return run


@contextmanager
def _failure_told_to(ranks: Ranks) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if ranks.several and ranks.first:
            # The others wait for a word.
            ranks.share({"error": f"{type(error).__name__}: {error}"})
        raise


def _reporting_run(
    known: Dict[str, Any],
    params: LiveParams,
    online: bool,
    credentials: Optional[Credentials],
    dir: Optional[Union[str, "os.PathLike[str]"]],
    url: Optional[str],
    api_key: Optional[str],
) -> Run:
    id, complaints = known["job_id"], Complaints()
    state, root = _open_state(Path(dir) if dir is not None else Path.cwd(), id, complaints)
    remembered = state.read()
    params.set_live.update(remembered.get("params") or {})
    link = None
    if online:
        link = DashboardLink(id, state, lambda: find_credentials(url, api_key))
        if credentials is None:
            complaints.say(
                "no dashboard",
                "no dashboard is known (SIGNALBOX_URL and SIGNALBOX_API_KEY, or a credentials.json): "
                "the run is kept on disk until there is one",
            )
    journal = Journal(id, state, complaints, link, root=str(root))
    last_step = _last_step(remembered, state)
    _remember_start(state, id)
    live = {"live_params": params.ranges or None, "params": params.set_live or None, "status": "running"}
    journal.attach(_without_none({**known, **live}))
    run = Run(
        id,
        journal=journal,
        complaints=complaints,
        params=params,
        config=known["config"],
        name=known["name"],
        url=credentials.url if credentials else None,
        total_steps=known["total_steps"],
        restored=remembered.get("checkpoint"),
        last_step=last_step,
    )
    ending.watch(run)
    return run


def _one_of(name: str, value: Optional[str], allowed: Tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise ConfigurationError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")


def _new_id() -> str:
    """Sortable by the time of making, like the server's own."""
    alphabet = string.digits + string.ascii_lowercase
    ms, digits = time.time_ns() // 1_000_000, ""
    while ms:
        ms, digit = divmod(ms, 36)
        digits = alphabet[digit] + digits
    return "job_" + digits.rjust(9, "0") + "".join(secrets.choice(alphabet) for _ in range(10))


def _plain_config(config: Any) -> Dict[str, Any]:
    if config is None:
        return {}
    plain = to_json(config)
    if not isinstance(plain, dict):
        raise ConfigurationError("config must be a dict, a Namespace or a dataclass.")
    return plain


def _tags(project: Optional[str], tags: Optional[Sequence[str]]) -> Optional[List[str]]:
    if isinstance(tags, str):
        raise ConfigurationError("tags must be a list of texts.")
    wanted = [f"project:{project}"] if project else []
    wanted += [str(tag) for tag in tags or []]
    kept = [tag[:64] for tag in dict.fromkeys(wanted) if tag]
    return kept[:50] if kept or tags is not None else None


def _without_none(body: Dict[str, Any]) -> Dict[str, Any]:
    return {key: value for key, value in body.items() if value is not None}


def runs_folder(root: Path) -> Path:
    """Where runs keep their journals below a folder."""
    return root / ".signalbox" / "runs"


def _open_state(root: Path, id: str, complaints: Complaints) -> Tuple[RunState, Path]:
    try:
        state = RunState(runs_folder(root) / id)
        taken = state.lock()
    except OSError as error:
        complaints.say("dir", f"cannot write below {root} ({error}): journals go to the temporary folder")
        root = Path(tempfile.gettempdir()) / f"signalbox-{os.getuid() if hasattr(os, 'getuid') else 0}"
        state = RunState(runs_folder(root) / id)
        taken = state.lock()
    if not taken:
        raise RunInUseError(f"A living process writes the run {id!r} below {root}: finish it first.")
    return state, root


def _last_step(remembered: Dict[str, Any], state: RunState) -> int:
    try:
        in_journal = last_logged_step(state.folder)
    except OSError:
        in_journal = -1
    step = remembered.get("step")
    return in_journal if in_journal >= 0 else step if isinstance(step, int) else -1


def _remember_start(state: RunState, id: str) -> None:
    try:
        state.update(id=id, pid=os.getpid())
    except OSError:
        pass  # the journal itself says what is wrong with the disk


def _check_resume(resume: str, id: str, credentials: Optional[Credentials]) -> None:
    if credentials is None:
        raise ConfigurationError(f'resume="{resume}" asks the dashboard, and none is known.')
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
        raise ConfigurationError(f'There is no run {id!r} to go on with (resume="must").')
    if resume == "never" and reply.status == 200:
        raise ConfigurationError(f'There is a run {id!r} already (resume="never").')


__all__ = ["ApiError", "SignalboxError", "init", "runs_folder"]
