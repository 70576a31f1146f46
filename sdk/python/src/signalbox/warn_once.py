"""Problems beside the training: logged once per kind, counted, never raised."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from typing import Callable

logger = logging.getLogger("signalbox")

Warn = Callable[[str, str], None]
"""Called with the kind of a problem and its description."""


class WarnOnce:
    """Warns through the logger `signalbox`, once for each kind of problem."""

    def __init__(self) -> None:
        self.counts: "Counter[str]" = Counter()
        self._logging = threading.local()

    def __call__(self, kind: str, text: str) -> None:
        """Counts a problem and logs the first of its kind. Never raises."""
        self.counts[kind] += 1
        # With captured standard error, a warning about the capture would end up here again.
        if self.counts[kind] > 1 or getattr(self._logging, "active", False):
            return
        self._logging.active = True
        try:
            logger.warning("signalbox: %s", text)
        except Exception:  # noqa: BLE001 - a log handler of the script
            pass
        finally:
            self._logging.active = False


def ignore_warning(kind: str, text: str) -> None:
    """The default where nobody listens to warnings."""
