"""Where credentials files are searched, and which of them are believed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator, Optional

_NAME = "credentials.json"


def credentials_files() -> Iterator[Path]:
    """The credentials files that exist, in the order in which they are searched."""
    for path in dict.fromkeys(_candidates()):
        if _stat(path):
            yield path


def trusted_credentials_files() -> Iterator[Path]:
    """Those of them that are believed."""
    return (path for path in credentials_files() if why_not_trusted(path) is None)


def why_not_trusted(path: Path) -> Optional[str]:
    """
    Why a credentials file is not to be believed, in words; None if it is. Whoever can write it decides
    where a script sends its data, and with which key.
    """
    if not hasattr(os, "getuid"):
        return None
    for place in (path, path.parent):
        found = _stat(place)
        if found is None:
            return None
        if found.st_uid not in (os.getuid(), 0):
            return f"{place} belongs to another user ({found.st_uid}), so {path} is ignored."
        if found.st_mode & 0o022:
            return f"Others can write {place}, so {path} is ignored. If it is yours: chmod go-w {place}"
    return None


def why_ignored() -> Optional[str]:
    """Why the first credentials file that is not believed is ignored; None if there is none."""
    return next(filter(None, map(why_not_trusted, credentials_files())), None)


def _candidates() -> Iterator[Path]:
    data_dir = os.environ.get("SIGNALBOX_DATA_DIR")
    if data_dir:
        yield Path(data_dir).expanduser() / _NAME
    home = _home()
    try:
        here = Path.cwd()
    except OSError:
        here = None
    if here:
        for folder in _searched_folders(here, home):
            yield folder / ".signalbox" / _NAME
    if home:
        yield home / ".signalbox" / _NAME


def _home() -> Optional[Path]:
    try:
        return Path.home().resolve()
    except (OSError, RuntimeError):
        return None


def _searched_folders(here: Path, home: Optional[Path]) -> Iterator[Path]:
    """
    The current folder and those above it: up to the home folder, or to the end of the file system
    outside of it. Further up are folders that other people can write, such as the temporary one.
    """
    start = _stat(here)
    for folder in (here, *here.parents):
        found = _stat(folder)
        if not found or not start or found.st_dev != start.st_dev:
            return
        yield folder
        if folder == home:
            return


def _stat(path: Path) -> Optional[os.stat_result]:
    try:
        return path.stat()
    except OSError:
        return None
