"""Opens an address in the person's browser."""

from __future__ import annotations

import os
import subprocess
import sys


def open_in_browser(url: str) -> bool:
    """False if no program for it starts. `BROWSER` names one."""
    program = os.environ.get("BROWSER") or ("open" if sys.platform == "darwin" else "xdg-open")
    quiet = subprocess.DEVNULL
    try:
        subprocess.Popen([program, url], stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)
    except OSError:
        return False
    return True
