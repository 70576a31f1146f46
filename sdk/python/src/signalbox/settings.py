"""The dashboard's URL and the API key: from arguments, the environment, or a credentials file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from .credentials_files import credentials_files, why_not_trusted
from .errors import ConfigurationError


class Credentials(NamedTuple):
    """A URL without a trailing slash, and an API key."""

    url: str
    api_key: str


class Settings(NamedTuple):
    """A URL without a trailing slash, the key (None without one), and the file that either came from."""

    url: str
    api_key: Optional[str]
    file: Optional[Path]


def find_credentials(url: Optional[str] = None, api_key: Optional[str] = None) -> Optional[Credentials]:
    """
    Arguments first, then SIGNALBOX_URL and SIGNALBOX_API_KEY, then the first credentials file: in
    SIGNALBOX_DATA_DIR, in `.signalbox` of the current folder or its parents, in `~/.signalbox`.
    None if the URL or the key cannot be found. Raises ConfigurationError for an invalid URL.
    """
    url = url or os.environ.get("SIGNALBOX_URL") or None
    api_key = api_key or os.environ.get("SIGNALBOX_API_KEY") or None
    if not (url and api_key):
        for path in credentials_files():
            try:
                found = _read(path)
            except ConfigurationError:
                continue
            # A key is valid for its own dashboard only: never send it to another URL.
            if url and url.rstrip("/") != found.url:
                continue
            url, api_key = url or found.url, api_key or found.api_key
            break
    if not url or not api_key:
        return None
    return Credentials(check_url(url), api_key)


def find_settings(url: Optional[str] = None, api_key: Optional[str] = None) -> Settings:
    """
    The same for programs that explain what is missing: the key may be None. Raises ConfigurationError
    without a URL, for an invalid one, and for the first damaged file if nothing else gives a URL.
    """
    url = url or os.environ.get("SIGNALBOX_URL") or None
    api_key = api_key or os.environ.get("SIGNALBOX_API_KEY") or None
    wanted = None if url is None else check_url(url)
    if wanted is not None and api_key is not None:
        return Settings(wanted, api_key, None)
    problem: Optional[ConfigurationError] = None
    for path in credentials_files():
        try:
            found = _read(path)
        except ConfigurationError as error:
            problem = problem or error
            continue
        if wanted in (None, found.url):
            return Settings(found.url, api_key or found.api_key, path)
    if wanted is not None:
        return Settings(wanted, api_key, None)
    raise problem or ConfigurationError(
        "No Signalbox address: pass one, set SIGNALBOX_URL, or run `signalbox login`."
    )


def _read(path: Path) -> Credentials:
    reason = why_not_trusted(path)
    if reason:
        raise ConfigurationError(reason)
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise ConfigurationError(f"{path} cannot be read as JSON.") from None
    url, api_key = (content.get(name) for name in ("url", "api_key")) if isinstance(content, dict) else (None, None)
    if not isinstance(url, str) or not isinstance(api_key, str):
        raise ConfigurationError(f'{path} must contain {{"url", "api_key"}}.')
    try:
        return Credentials(check_url(url), api_key)
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from None


def check_url(url: str) -> str:
    """The URL without a trailing slash. Raises ConfigurationError."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ConfigurationError(f"“{url}” is not an http(s) address.")
    if parts.username or parts.password:
        raise ConfigurationError("The address must not contain a user or password; pass the key separately.")
    return url.rstrip("/")
