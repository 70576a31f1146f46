"""`login`: stores the dashboard's URL and a key for this user."""

from __future__ import annotations

import os
import sys
from typing import Optional

from ...client import Client
from ...credentials_files import trusted_credentials_files
from ...errors import ConfigurationError
from ...settings import Credentials, check_url, find_settings
from ...transport.dashboard_http import DashboardHttp
from ..command import Command, Option, Values
from ..context import CliContext
from ..credentials import own_credentials_file, store_credentials
from ..exits import SUCCESS, usage_error
from ..probe import find_scopes
from ..prompt import prompt_secret, prompt_text, read_piped
from ..text import paint

DEFAULT_URL = "http://127.0.0.1:3000"
MORE = """
Create an API key on the dashboard under Settings › API keys. It is verified, then stored in
~/.signalbox/credentials.json, readable only by you.

Examples:
  signalbox login                                              prompts for both
  signalbox login --url https://signalbox.example.com          prompts for the key
  signalbox login --url https://signalbox.example.com < key.txt"""


def run(cli: CliContext, values: Values) -> int:
    """Verifies a URL and a key, and stores them."""
    suggestion = cli.url or _configured_url() or DEFAULT_URL
    interactive = sys.stdin.isatty()
    url = cli.url or (prompt_text("Dashboard URL", suggestion) if interactive else suggestion)
    url = check_url(url)
    key = values.api_key
    if key is None:
        key = prompt_secret("API key") if interactive else read_piped()
    if not key:
        raise usage_error("No API key was given.")
    credentials = Credentials(url, key)
    with Client(http=DashboardHttp(credentials=credentials)) as client:
        scopes = find_scopes(client)
    store_credentials(own_credentials_file(), credentials)
    cli.print(paint(f"✓ Signed in to {url}", "green", cli.colour))
    cli.print(f"  scopes: {', '.join(scopes) or 'none'}")
    cli.print(f"  saved to {own_credentials_file()}")
    _warn_of_precedence(cli)
    return SUCCESS


def _configured_url() -> Optional[str]:
    try:
        return find_settings().url
    except ConfigurationError:
        return None


def _warn_of_precedence(cli: CliContext) -> None:
    """Warns if other settings take precedence over what was just stored."""
    for name in ("SIGNALBOX_URL", "SIGNALBOX_API_KEY"):
        if os.environ.get(name):
            cli.note(f"Note: {name} is set and takes precedence.")
    found = next(trusted_credentials_files(), None)
    if found not in (None, own_credentials_file()):
        cli.note(f"Note: in this folder {found} takes precedence.")


LOGIN = Command(
    "login",
    "verify a URL and an API key, and store them",
    run,
    (),
    (
        Option(
            "--api-key <key>",
            "the API key; prefer the prompt or a pipe, since other users can see arguments",
        ),
    ),
    MORE,
)
