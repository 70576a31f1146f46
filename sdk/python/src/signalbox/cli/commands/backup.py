"""`backup` and `restore`: save and restore everything that a dashboard keeps."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Optional

from ..command import Argument, Command, Option, Values
from ..context import CliContext
from ..download import download
from ..exits import SUCCESS, CliError
from ..owner_key import owner_settings

BACKUP_MORE = """
Everything that the dashboard keeps, while it goes on running: runs, accounts, keys, checkpoints. Works on the
machine where the dashboard was started, or with SIGNALBOX_URL and an owner's key of scope admin in
SIGNALBOX_API_KEY. The file holds secrets, and only you can read it. With your own Supabase, use pg_dump.

Examples:
  signalbox backup signalbox.tar.gz"""

RESTORE_MORE = """
Runs in the folder of the dashboard, which must be stopped, and restores into its data folder
(SIGNALBOX_DATA_DIR). The backup is checked before anything is changed. What was stored after it is lost.

Examples:
  signalbox restore signalbox.tar.gz
  signalbox restore signalbox.tar.gz --replace --dashboard ~/signalbox"""


def _back_up(cli: CliContext, values: Values) -> int:
    file = Path(values.file).absolute()
    if file.exists():
        raise CliError(f"{values.file} exists. Choose a new name.")
    url, key = owner_settings(cli)
    key = key or os.environ.get("SIGNALBOX_API_KEY")
    if not key:
        raise CliError(
            "A backup needs the owner's key. Run it on the machine where the dashboard was started, "
            "or set SIGNALBOX_URL and SIGNALBOX_API_KEY."
        )
    size = download(url, "/api/settings/backup", key, file)
    cli.print(f"{values.file}  {size / 1e6:.1f} MB")
    return SUCCESS


def _restore(_: CliContext, values: Values) -> int:
    file = Path(values.file).absolute()
    if not file.exists():
        raise CliError(f"File not found: {values.file}.")
    folder = _dashboard_above(Path.cwd()) if values.dashboard is None else Path(values.dashboard).absolute()
    if folder is None or not _is_dashboard(folder):
        raise CliError("No dashboard was found here. Run this in its folder, or name the folder with --dashboard.")
    words = ["node", "scripts/run.mjs", "scripts/restore.ts", str(file), *(["--replace"] if values.replace else [])]
    try:
        code = subprocess.run(words, cwd=folder, check=False).returncode
    except FileNotFoundError as error:
        raise CliError("The dashboard needs Node, and `node` was not found.") from error
    return code if code >= 0 else 128 - code


def _dashboard_above(folder: Path) -> Optional[Path]:
    return next((each for each in (folder, *folder.parents) if _is_dashboard(each)), None)


def _is_dashboard(folder: Path) -> bool:
    try:
        about = json.loads((folder / "package.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(about, dict) and about.get("name") == "signalbox-dashboard"


BACKUP = Command(
    "backup",
    "save everything that the dashboard keeps to a file",
    _back_up,
    (Argument("<file>", "a new file, such as signalbox.tar.gz", "file"),),
    more=BACKUP_MORE,
)
RESTORE = Command(
    "restore",
    "restore a backup into the data folder of a stopped dashboard",
    _restore,
    (Argument("<file>", "a file that backup has made", "file"),),
    (
        Option("--replace", "put data that is there aside"),
        Option("--dashboard <folder>", "the dashboard's folder (default: the current one or one above it)"),
    ),
    RESTORE_MORE,
)
