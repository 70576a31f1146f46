"""`watch`: follows an existing run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from ..command import RUN_ARGUMENT, Command, Option, Values
from ..context import CliContext
from ..find_job import NoSuchRun, find_job
from ..follow import FOLLOW_OPTIONS, check_follow_options, follow_job
from . import tensorboard

MORE = """
Examples:
  signalbox watch my-run
  signalbox watch my-run --new --stream events --filter-events level=error
  signalbox watch my-run --format json --stream all | jq .
  signalbox watch my-run --quiet                        prints the final status"""

# `watch FOLDER` followed a TensorBoard folder before there was a command for it.
FOLDER_OPTIONS = tuple(
    dataclasses.replace(option, hidden=True) for option in (tensorboard.ONCE, *tensorboard.OTHERS)
)


def run(cli: CliContext, values: Values) -> int:
    """Follows the run from its first message on, or from now on."""
    following = check_follow_options(cli, values)
    if any(values[option.key] is not None for option in FOLDER_OPTIONS):
        return tensorboard.run(cli, Values(values, folder=values.run))
    try:
        job = find_job(cli, values.run)
    except NoSuchRun:
        if not Path(values.run).is_dir():
            raise
        cli.note(f"signalbox: following the TensorBoard folder {values.run}: there is no run of this name.")
        return tensorboard.run(cli, Values(values, folder=values.run))
    return follow_job(cli, job, following, (str(job["generation"]), job["last_seq"]) if values.new else None)


WATCH = Command(
    "watch",
    "follow a run until it ends",
    run,
    (RUN_ARGUMENT,),
    (Option("--new", "skip everything before now"), *FOLLOW_OPTIONS, *FOLDER_OPTIONS),
    MORE,
)
