"""`sync`: sends what runs left on disk."""

from __future__ import annotations

import logging
from pathlib import Path

from ...delivery.sync import sync
from ...settings import find_credentials
from ..command import Argument, Command, Option, Values
from ..context import CliContext
from ..exits import FAILURE, SUCCESS, usage_error

MORE = """
Sends the data that Python scripts could not send, in order and without duplicates, and skips active runs.
The exit code is 1 if something was refused or could not be sent.

Examples:
  signalbox sync
  signalbox sync ~/experiments/one"""


def run(cli: CliContext, values: Values) -> int:
    """Prints a line for each run."""
    root = Path(values.folder or ".")
    if not root.is_dir():
        raise usage_error(f"Folder not found: {root}.")
    logging.basicConfig(format="%(message)s")
    failed = count = 0
    for result in sync(root, lambda: find_credentials(cli.url, values.api_key)):
        count += 1
        refused = f", {result.refused} refused (kept in the run's folder `refused`)" if result.refused else ""
        reason = f": {result.reason}" if result.reason else ""
        cli.print(f"{result.run_id}  {result.state}  {result.records} records{refused}{reason}")
        failed += bool(result.refused) or result.state == "unsent"
    if count == 0:
        cli.print(f"Nothing to send in {root.resolve()}.")
    return FAILURE if failed else SUCCESS


SYNC = Command(
    "sync",
    "send what Python scripts left on disk",
    run,
    (Argument("[folder]", "the folder of the script (default: the current one)", "folder"),),
    (Option("--api-key <key>", "the API key; prefer SIGNALBOX_API_KEY, since other users can see arguments"),),
    MORE,
)
