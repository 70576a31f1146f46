"""What goes wrong beside the training: said once a kind, counted, never raised."""

from __future__ import annotations

import logging
import threading
from collections import Counter

logger = logging.getLogger("signalbox")


class Complaints:
    """Warns by the logger `signalbox`, once for each kind of trouble."""

    def __init__(self, prefix: str = "") -> None:
        self.counts: "Counter[str]" = Counter()
        self._prefix = prefix
        self._saying = threading.local()

    def say(self, kind: str, text: str) -> None:
        """Counts a trouble and says the first of its kind. Never raises."""
        self.counts[kind] += 1
        # Where standard error is captured, a warning about capturing comes back here.
        if self.counts[kind] > 1 or getattr(self._saying, "now", False):
            return
        self._saying.now = True
        try:
            logger.warning("signalbox: %s%s", self._prefix, text)
        except Exception:  # noqa: BLE001 - somebody's log handler
            pass
        finally:
            self._saying.now = False
