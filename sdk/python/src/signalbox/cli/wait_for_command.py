"""Waits for the trainer's answer to a command."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from ..streaming.handlers.plain_text import format_number, plain_text
from ..transport.json_text import json_text
from .command import Option, Values
from .context import CliContext
from .exits import FAILURE, SUCCESS
from .find_job import Job
from .text import integer, paint
from .values import number_option

WAIT_OPTIONS: Tuple[Option, ...] = (
    Option("--reason <text>", "shown in the run's timeline"),
    Option("--no-wait", "return as soon as the command is stored"),
    Option(
        "--timeout <seconds>",
        "stop waiting for the trainer after this long; the command stays queued",
        parse=number_option(0.1, whole=False),
    ),
    Option("--json", "the command as JSON"),
)


def wait_for_command(cli: CliContext, job: Job, requested: Dict[str, Any], options: Values) -> int:
    """Waits for the trainer's answer and prints it; returns the exit code, 0 if applied."""
    label = "parameter change" if requested["type"] == "update_params" else requested["type"]
    cli.exit_message = f"\nThe command stays queued: {label} of “{plain_text(job['name'])}” was requested."
    command = requested
    if options.wait and command["status"] in ("pending", "delivered"):
        if not options.json and cli.terminal:
            cli.note(f"{label} requested; waiting for the trainer …")
        command = cli.client.control.wait_for(job["id"], command, options.timeout)
    if options.json:
        cli.json(command)
    else:
        cli.print(_outcome(cli, command, label))
    return FAILURE if command["status"] in ("rejected", "expired") else SUCCESS


def _outcome(cli: CliContext, command: Dict[str, Any], label: str) -> str:
    step = command.get("applied_step")
    at = "" if step is None else f" at step {integer(step)}"
    why = f": {plain_text(command['reason'])}" if command.get("reason") else ""
    if command["status"] == "applied":
        return paint(f"✓ {label} applied{at}{_changes(command)}", "green", cli.colour)
    if command["status"] == "rejected":
        return paint(f"✗ {label} rejected{why}", "red", cli.colour)
    if command["status"] == "expired":
        return paint(f"✗ {label} expired: no trainer picked it up{why}", "red", cli.colour)
    return f"{label} requested ({command['id']})"


def _changes(command: Dict[str, Any]) -> str:
    """`: learning_rate 0.003 → 0.0015`"""
    new = command.get("new") or {}
    if command["type"] != "update_params" or not new:
        return ""
    old = command.get("old") or {}
    shown = [f"{name} {_value(old, name)} → {_value(new, name)}" for name in new]
    return plain_text(f": {', '.join(shown)}")


def _value(values: Dict[str, Any], name: str) -> Optional[str]:
    value = values.get(name)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return format_number(value) if is_number else json_text(value)
