"""The dashboard, and the key of its owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Optional, Tuple

from ..settings import find_settings
from .context import CliContext


def owner_settings(cli: CliContext) -> Tuple[str, Optional[str]]:
    """The URL, and the owner's key beside the credentials that its start left on this machine; None elsewhere."""
    settings = find_settings(cli.url)
    return settings.url, None if settings.file is None else _admin_key_beside(settings.file)


def _admin_key_beside(credentials_file: Path) -> Optional[str]:
    path = credentials_file.with_name("owner.json")
    if not path.exists():
        return None
    content = json.loads(path.read_text("utf-8"))
    key = content.get("admin_key") if isinstance(content, dict) else None
    return key if isinstance(key, str) else None
