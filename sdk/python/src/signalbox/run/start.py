"""`signalbox.init`: creates a Run from arguments and the environment."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Collection, Dict, Iterator, Mapping, Optional, Tuple, Union

from ..control.launcher import launcher_rank
from ..control.live_params import LiveParams, Range
from ..control.ranks import Ranks, available_ranks, required_ranks
from ..credentials_files import why_ignored
from ..delivery.ingest_client import IngestClient
from ..delivery.run_state import RunState, runs_folder
from ..delivery.spool_reader import last_logged_step
from ..errors import ConfigurationError, RunInUseError
from ..settings import Credentials, find_credentials
from ..warn_once import WarnOnce
from . import exit_hooks
from .journal import Journal
from .options import KINDS, MODES, RESUMES, all_tags, check_choice, check_id, check_resume, config_json, new_id
from .run import Run

Folder = Union[str, "os.PathLike[str]", None]


def init(
    project: Optional[str] = None,
    name: Optional[str] = None,
    config: Optional[Any] = None,
    tags: Optional[Collection[str]] = None,
    id: Optional[str] = None,
    resume: Optional[str] = None,
    kind: Optional[str] = None,
    total_steps: Optional[int] = None,
    total_epochs: Optional[float] = None,
    live_params: Optional[Mapping[str, Range]] = None,
    mode: Optional[str] = None,
    capture_output: bool = False,
    dir: Folder = None,
    url: Optional[str] = None,
    api_key: Optional[str] = None,
    all_ranks: bool = False,
) -> Run:
    """
    Starts a run, or resumes the one with this `id`; returns at once, with or without a dashboard.

    project: becomes the tag `project:<name>`. config: a dict, Namespace or dataclass. resume: whether the
    run may ("allow", the default), "must" or must "never" exist already; the last two ask the dashboard.
    live_params: {name: (min, max)} that users may change during training. mode: "online", "offline" (only
    to disk, for `signalbox sync`), "disabled"; default SIGNALBOX_MODE. dir: the folder that contains
    `.signalbox/runs/<id>`; default: the current one. id: default SIGNALBOX_RUN_ID, else a new one.

    In processes of a rank other than 0 the run is disabled. With `all_ranks` those follow commands, too:
    called in every process after `torch.distributed.init_process_group()`, it makes all of them carry out
    commands at the same step; in a single process it has no effect.

    Raises ConfigurationError for invalid arguments, RunInUseError while another process writes this run.
    """
    ranks = required_ranks() if all_ranks else Ranks()
    with _failure_broadcast(ranks):
        mode = mode or os.environ.get("SIGNALBOX_MODE") or "online"
        check_choice("mode", mode, MODES)
        check_choice("kind", kind, KINDS)
        check_choice("resume", resume, RESUMES)
        id = id or os.environ.get("SIGNALBOX_RUN_ID") or new_id()
        check_id(id)
        config_dict = config_json(config)
        description = {
            "job_id": id,
            "name": name[:256] if name else None,
            "kind": kind,
            "config": config_dict if config is not None else None,
            "tags": all_tags(project, tags),
            "total_steps": total_steps,
            "total_epochs": total_epochs,
        }
        params = LiveParams(live_params, {})
        if mode == "disabled" or not _reports(ranks):
            run = Run(id, journal=None, warn_once=WarnOnce(), params=params, config=config_dict, name=name)
        else:
            credentials = find_credentials(url, api_key) if mode == "online" else None
            if resume in ("must", "never"):
                check_resume(resume, id, credentials)
            run = _reporting_run(description, params, mode == "online", credentials, dir, url, api_key)
    run.join_ranks(ranks)
    if capture_output:
        run.capture_output()
    if run.url and not os.environ.get("SIGNALBOX_QUIET"):
        print(f"signalbox: {run.url}", file=sys.stderr)
    return run


def _reports(ranks: Ranks) -> bool:
    """Whether this process is the one that reports."""
    present = ranks if ranks.distributed else available_ranks()
    return present.is_rank_0 if present.distributed else launcher_rank() == 0


@contextmanager
def _failure_broadcast(ranks: Ranks) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        if ranks.distributed and ranks.is_rank_0:
            # The other ranks are waiting for the initial state.
            ranks.broadcast({"error": f"{type(error).__name__}: {error}"})
        raise


def _reporting_run(
    description: Dict[str, Any],
    params: LiveParams,
    online: bool,
    credentials: Optional[Credentials],
    dir: Folder,
    url: Optional[str],
    api_key: Optional[str],
) -> Run:
    id, warn_once = description["job_id"], WarnOnce()
    state, root = _open_state(Path(dir) if dir is not None else Path.cwd(), id, warn_once)
    remembered = state.read()
    params.set_live.update(remembered.get("params") or {})
    client = None
    if online:
        client = IngestClient(id, state, lambda: find_credentials(url, api_key))
        if credentials is None:
            warn_once(
                "no dashboard",
                "no dashboard is configured (SIGNALBOX_URL and SIGNALBOX_API_KEY, or a credentials.json): "
                f"the run is kept on disk until there is one. {why_ignored() or ''}".strip(),
            )
    journal = Journal(id, state, warn_once, client, root=str(root))
    last_step = _last_step(remembered, state)
    _store_process(state, id)
    live = {"live_params": params.ranges or None, "params": params.set_live or None, "status": "running"}
    journal.attach({key: value for key, value in {**description, **live}.items() if value is not None})
    run = Run(
        id,
        journal=journal,
        warn_once=warn_once,
        params=params,
        config=description["config"],
        name=description["name"],
        url=credentials.url if credentials else None,
        total_steps=description["total_steps"],
        restored=remembered.get("checkpoint"),
        last_step=last_step,
    )
    exit_hooks.register(run)
    return run


def _open_state(root: Path, id: str, warn_once: WarnOnce) -> Tuple[RunState, Path]:
    try:
        state = RunState(runs_folder(root) / id)
        locked = state.lock()
    except OSError as error:
        warn_once("dir", f"cannot write to {root} ({error}): using the temporary folder for the journal")
        root = _private_temporary_folder()
        state = RunState(runs_folder(root) / id)
        locked = state.lock()
    if not locked:
        raise RunInUseError(f"A running process writes the run {id!r} in {root}: finish it first.")
    return state, root


def _private_temporary_folder() -> Path:
    """
    The same for all runs of this user, so that another attempt finds the journal. Raises
    ConfigurationError if it is somebody else's, who would read and write the run's data.
    """
    uid = os.getuid() if hasattr(os, "getuid") else None
    root = Path(tempfile.gettempdir()) / f"signalbox-{uid or 0}"
    root.mkdir(mode=0o700, exist_ok=True)
    found = root.lstat()
    if not stat.S_ISDIR(found.st_mode) or (uid is not None and (found.st_uid != uid or found.st_mode & 0o077)):
        raise ConfigurationError(
            f"The fallback folder {root} is not private to you. Pass a folder that can be written as `dir`, "
            "or set TMPDIR to one of your own."
        )
    return root


def _last_step(remembered: Dict[str, Any], state: RunState) -> int:
    try:
        in_journal = last_logged_step(state.folder)
    except OSError:
        in_journal = -1
    step = remembered.get("step")
    return in_journal if in_journal >= 0 else step if isinstance(step, int) else -1


def _store_process(state: RunState, id: str) -> None:
    try:
        state.update(id=id, pid=os.getpid())
    except OSError:
        pass  # the journal warns about the disk
