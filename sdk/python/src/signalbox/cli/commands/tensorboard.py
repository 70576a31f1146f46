"""`tensorboard`: follows a log folder that another program writes."""

from __future__ import annotations

from pathlib import Path
from typing import Tuple

from ...watch import follow_folder
from ..command import Argument, Command, Option, Values
from ..context import CliContext
from ..exits import SUCCESS, usage_error
from ..values import number_option

ONCE = Option("--once", "report what is there, then exit")
INTERVAL = Option(
    "--interval <seconds>", "seconds between checks (default: 2)", parse=number_option(0.1, 3600, whole=False)
)
OTHERS: Tuple[Option, ...] = (
    Option(
        "--idle <seconds>",
        "finish a run after this long without new values (default: 600)",
        parse=number_option(0, whole=False),
    ),
    Option("--project <name>", "tag the runs with project:<name>"),
    Option("--dir <folder>", "where journals are kept (default: the current folder)"),
)
OPTIONS = (ONCE, INTERVAL, *OTHERS)

MORE = """
Each folder with event files, at or below the given one, becomes a run. A restart continues where it stopped.
Ctrl-C finishes the runs; new values later continue them.

Examples:
  signalbox tensorboard logs
  signalbox tensorboard logs --once --project imported"""


def run(cli: CliContext, values: Values) -> int:
    """Follows the folder until it is interrupted."""
    root = Path(values.folder)
    if not root.is_dir():
        raise usage_error(f"Folder not found: {root}.")
    follow_folder(
        root,
        {"dir": values.dir or ".", "project": values.project, "url": cli.url},
        once=bool(values.once),
        interval=values.interval or 2.0,
        idle=600.0 if values.idle is None else values.idle,
    )
    return SUCCESS


TENSORBOARD = Command(
    "tensorboard",
    "follow a TensorBoard log folder as runs",
    run,
    (Argument("<folder>", "the log folder", "folder"),),
    OPTIONS,
    MORE,
)
