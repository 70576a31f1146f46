"""Commands as scripts get them."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

COMMAND_TYPES = ("pause", "resume", "stop", "checkpoint", "update_params")

Answer = Callable[["Command", Dict[str, Any]], None]


class Command:
    """
    A request of a user to the run. Answer it once, after the fact: `applied` with the step from which it
    takes effect, or `rejected` with a reason that is shown to the user.
    """

    def __init__(self, raw: Dict[str, Any], answer: Answer) -> None:
        self.id = str(raw["id"])
        self.type = str(raw["type"])
        self.args: Dict[str, Any] = dict(raw.get("args") or {})
        self.reason: Optional[str] = raw.get("reason")
        self.requested_by: Optional[str] = raw.get("requested_by")
        self.answered: Optional[str] = None
        self._answer = answer

    def as_raw(self) -> Dict[str, Any]:
        """In the form in which the dashboard sends it."""
        return {
            "id": self.id,
            "type": self.type,
            "args": self.args,
            "reason": self.reason,
            "requested_by": self.requested_by,
        }

    @property
    def mode(self) -> str:
        """How to pause: `hold` (wait, keep the memory) or `release` (save, exit)."""
        return str(self.args.get("mode") or "hold")

    def applied(
        self,
        step: Optional[int] = None,
        *,
        old: Optional[Dict[str, Any]] = None,
        new: Optional[Dict[str, Any]] = None,
        result: Optional[Dict[str, Any]] = None,
    ) -> None:
        """Answers that it is done, from `step` on (default: the next one)."""
        self._close("applied", {"applied_step": step, "old": old, "new": new, "result": result})

    def rejected(self, reason: str) -> None:
        """Answers that it is not done, and why."""
        self._close("rejected", {"reason": reason or "The script gave no reason."})

    def _close(self, status: str, fields: Dict[str, Any]) -> None:
        if self.answered is None:
            self.answered = status
            self._answer(self, {"status": status, **fields})

    def __repr__(self) -> str:
        return f"<Command {self.type} {self.args} {self.answered or 'open'}>"
