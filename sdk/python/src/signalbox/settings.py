"""The dashboard's URL and the API key: from arguments, the environment, or a credentials file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Iterator, NamedTuple, Optional
from urllib.parse import urlsplit

from .errors import ConfigurationError


class Credentials(NamedTuple):
    """A URL without a trailing slash, and an API key."""

    url: str
    api_key: str


def _candidate_files() -> Iterator[Path]:
    data_dir = os.environ.get("SIGNALBOX_DATA_DIR")
    if data_dir:
        yield Path(data_dir).expanduser() / "credentials.json"
    try:
        here = Path.cwd()
    except OSError:
        here = None
    if here:
        for folder in (here, *here.parents):
            yield folder / ".signalbox" / "credentials.json"
    try:
        yield Path.home() / ".signalbox" / "credentials.json"
    except RuntimeError:
        pass


def find_credentials(url: Optional[str] = None, api_key: Optional[str] = None) -> Optional[Credentials]:
    """
    Arguments first, then SIGNALBOX_URL and SIGNALBOX_API_KEY, then the first credentials file: in
    SIGNALBOX_DATA_DIR, in `.signalbox` of the current folder or its parents, in `~/.signalbox`.
    None if the URL or the key cannot be found. Raises ConfigurationError for an invalid URL.
    """
    url = url or os.environ.get("SIGNALBOX_URL") or None
    api_key = api_key or os.environ.get("SIGNALBOX_API_KEY") or None
    if not (url and api_key):
        for path in _candidate_files():
            found = _read(path)
            if found is None:
                continue
            # A key is valid for its own dashboard only: never send it to another URL.
            if url and url.rstrip("/") != found.url:
                continue
            url, api_key = url or found.url, api_key or found.api_key
            break
    if not url or not api_key:
        return None
    return Credentials(check_url(url), api_key)


def _read(path: Path) -> Optional[Credentials]:
    try:
        content = json.loads(path.read_text("utf-8"))
        return Credentials(str(content["url"]).rstrip("/"), str(content["api_key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_url(url: str) -> str:
    """The URL without a trailing slash. Raises ConfigurationError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(f"The dashboard's URL must be http(s)://…, not {url!r}.")
    return url.rstrip("/")
