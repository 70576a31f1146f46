"""The credentials file of `signalbox login`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Optional, Tuple

from ..settings import Credentials, Settings


def own_credentials_file() -> Path:
    """Where `login` stores credentials."""
    return Path.home() / ".signalbox" / "credentials.json"


def store_credentials(file: Path, credentials: Credentials) -> None:
    """Stores a URL and its key atomically, readable by this user only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = file.with_name(f"{file.name}.{os.getpid()}.new")
    content = json.dumps({"url": credentials.url, "api_key": credentials.api_key}, indent=2) + "\n"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.write(content)
        os.replace(temporary, file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def is_open_to_others(file: Path) -> bool:
    """Whether other users of this machine may read a file."""
    return os.name == "posix" and bool(file.stat().st_mode & 0o077)


def settings_origin(url: Optional[str], settings: Settings) -> Tuple[str, str]:
    """Where the URL and the key come from, for people."""
    stored = "no file" if settings.file is None else str(settings.file)
    from_environment = "SIGNALBOX_URL" if os.environ.get("SIGNALBOX_URL") else stored
    key = "SIGNALBOX_API_KEY" if os.environ.get("SIGNALBOX_API_KEY") else stored
    return "--url" if url else from_environment, key


def masked(key: str) -> str:
    """A key as it may be shown: enough to recognise it."""
    return f"{key[:8]}…"
