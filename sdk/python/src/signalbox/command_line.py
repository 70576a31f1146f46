"""`signalbox sync [DIR]`, also as `python -m signalbox sync`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import List, Optional

from ._version import VERSION
from .errors import SignalboxError
from .settings import find_credentials
from .sync import sync


def main(arguments: Optional[List[str]] = None) -> int:
    """Exit codes: 0 all sent, 1 something is left or was refused, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="signalbox", description="What the Python SDK does outside of a training script."
    )
    parser.add_argument("--version", action="version", version=f"signalbox {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="sync | watch")
    sync_parser = commands.add_parser(
        "sync",
        help="send what runs left on disk",
        description="Sends what runs left on disk whose process is gone, in order, nothing twice.",
    )
    sync_parser.add_argument("dir", nargs="?", default=".", help="where the script ran (default: here)")
    sync_parser.add_argument("--url", help="the dashboard's address")
    sync_parser.add_argument("--api-key", help="better set as SIGNALBOX_API_KEY")
    commands.add_parser("watch", help="follow a TensorBoard log folder", add_help=False)
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["watch"]:
        from .watch import main as watch_main

        return watch_main(words[1:])
    options = parser.parse_args(words)
    logging.basicConfig(format="%(message)s")
    try:
        return _sync(options)
    except SignalboxError as error:
        print(f"signalbox: {error}", file=sys.stderr)
        return 2


def _sync(options: argparse.Namespace) -> int:
    root = Path(options.dir)
    if not root.is_dir():
        print(f"signalbox: there is no folder {root}", file=sys.stderr)
        return 2
    failed = count = 0
    for result in sync(root, lambda: find_credentials(options.url, options.api_key)):
        count += 1
        refused = f", {result.refused} refused (kept in the run's folder `refused`)" if result.refused else ""
        reason = f": {result.reason}" if result.reason else ""
        print(f"{result.run_id}  {result.state}  {result.records} records{refused}{reason}")
        failed += bool(result.refused) or result.state == "left"
    if count == 0:
        print(f"Nothing is left to send below {root.resolve()}.")
    return 1 if failed else 0
