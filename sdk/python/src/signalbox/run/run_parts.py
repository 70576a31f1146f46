"""The state that the parts of a Run share."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ..control.run_control import RunControl
from ..warn_once import WarnOnce
from .journal import Journal
from .output_capture import OutputCapture
from .row_formatter import RowFormatter


class RunParts:
    """Declares what `Run.__init__` sets."""

    _journal: Optional[Journal]
    _control: RunControl
    _warn_once: WarnOnce
    _rows: RowFormatter
    _capture: Optional[OutputCapture]
    _inherited: Dict[str, Any]
    id: str
    name: str
    config: Dict[str, Any]
    restored: Optional[Dict[str, Any]]
    step: int
    epoch: Optional[float]
    total_steps: Optional[int]
    finished_as: Optional[str]

    @property
    def disabled(self) -> bool:
        """Whether this run reports nothing: because of its mode or its rank, or as a forked copy."""
        return self._journal is None
