"""`signalbox sync [DIR]`, also as `python -m signalbox sync`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import List, Optional

from ._version import VERSION
from .delivery.sync import sync
from .errors import SignalboxError
from .settings import find_credentials


def main(arguments: Optional[List[str]] = None) -> int:
    """Exit codes: 0 all sent, 1 something was refused or is still unsent, 2 invalid usage."""
    parser = argparse.ArgumentParser(
        prog="signalbox", description="Tools of the Python SDK."
    )
    parser.add_argument("--version", action="version", version=f"signalbox {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="sync | watch")
    sync_parser = commands.add_parser(
        "sync",
        help="send unsent data of runs",
        description="Sends data that runs left on disk, in order and without duplicates. Skips active runs.",
    )
    sync_parser.add_argument("dir", nargs="?", default=".", help="the folder of the script (default: the current one)")
    sync_parser.add_argument("--url", help="the dashboard's URL")
    sync_parser.add_argument("--api-key", help="prefer setting SIGNALBOX_API_KEY")
    commands.add_parser("watch", help="follow a TensorBoard log folder", add_help=False)
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["watch"]:
        from .watch import main as watch_main

        return watch_main(arguments[1:])
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s")
    try:
        return _sync(options)
    except SignalboxError as error:
        print(f"signalbox: {error}", file=sys.stderr)
        return 2


def _sync(options: argparse.Namespace) -> int:
    root = Path(options.dir)
    if not root.is_dir():
        print(f"signalbox: folder not found: {root}", file=sys.stderr)
        return 2
    failed = count = 0
    for result in sync(root, lambda: find_credentials(options.url, options.api_key)):
        count += 1
        refused = f", {result.refused} refused (kept in the run's folder `refused`)" if result.refused else ""
        reason = f": {result.reason}" if result.reason else ""
        print(f"{result.run_id}  {result.state}  {result.records} records{refused}{reason}")
        failed += bool(result.refused) or result.state == "unsent"
    if count == 0:
        print(f"Nothing to send in {root.resolve()}.")
    return 1 if failed else 0
