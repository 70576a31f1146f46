"""A link that signs the owner's browser in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional

from ..client import Client
from ..settings import Credentials, find_settings
from ..transport.dashboard_http import DashboardHttp
from .context import CliContext


def owner_link(cli: CliContext) -> Optional[str]:
    """
    A new link that signs one browser in as the owner of the dashboard, with the key beside the credentials
    that its start left on this machine; None anywhere else.
    """
    settings = find_settings(cli.url)
    key = None if settings.file is None else _admin_key_beside(settings.file)
    if key is None:
        return None
    with Client(http=DashboardHttp(credentials=Credentials(settings.url, key))) as owner:
        return str(owner.http.call("POST", "/api/auth/links", body={})["url"])


def _admin_key_beside(credentials_file: Path) -> Optional[str]:
    path = credentials_file.with_name("owner.json")
    if not path.exists():
        return None
    content = json.loads(path.read_text("utf-8"))
    key = content.get("admin_key") if isinstance(content, dict) else None
    return key if isinstance(key, str) else None
