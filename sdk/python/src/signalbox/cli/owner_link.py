"""A link that signs the owner's browser in."""

from __future__ import annotations

from typing import Optional

from ..client import Client
from ..settings import Credentials
from ..transport.dashboard_http import DashboardHttp
from .context import CliContext
from .owner_key import owner_settings


def owner_link(cli: CliContext) -> Optional[str]:
    """
    A new link that signs one browser in as the owner of the dashboard, with the key that its start left on
    this machine; None anywhere else.
    """
    url, key = owner_settings(cli)
    if key is None:
        return None
    with Client(http=DashboardHttp(credentials=Credentials(url, key))) as owner:
        return str(owner.http.call("POST", "/api/auth/links", body={})["url"])
