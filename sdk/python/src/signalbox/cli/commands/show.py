"""`show`: everything about one run."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ...streaming.handlers.plain_text import format_number, plain_text
from ...streaming.handlers.text_width import text_width
from ...transport.json_text import json_text, number_text
from ...transport.wire_numbers import number_of
from ..command import RUN_ARGUMENT, Command, Option, Values
from ..context import CliContext
from ..exits import SUCCESS
from ..find_job import Job, find_job
from ..text import duration, paint, progress_text, status_text

MAX_NAME_WIDTH = 40
MORE = """
Examples:
  signalbox show my-run
  signalbox show my-run --json | jq .config"""


def run(cli: CliContext, values: Values) -> int:
    """Prints state, progress, latest metrics, live parameters and configuration."""
    job = find_job(cli, values.run)
    if values.json:
        cli.json(job)
        return SUCCESS
    for name, text in _facts(cli, job):
        # The state may hold our own colour codes; everything else is untrusted text.
        shown = text if name == "state" else plain_text(text)
        cli.print(f"{paint(f'{name:<12}', 'dim', cli.colour)} {shown}")
    latest = [(name, format_number(number_of(value))) for name, value in job["latest"].items()]
    _section(cli, "Latest", latest)
    params = [(name, _value(job["params"].get(name)) + _range(limits)) for name, limits in job["live_params"].items()]
    _section(cli, "Live parameters", params)
    config = [(name, "null" if value is None else _value(value)) for name, value in job["config"].items()]
    _section(cli, "Configuration", config)
    return SUCCESS


def _facts(cli: CliContext, job: Job) -> List[Tuple[str, str]]:
    epoch, epochs = job["current_epoch"], job["total_epochs"]
    of = "" if epochs is None else f" / {format_number(epochs)}"
    facts: List[Tuple[str, Optional[str]]] = [
        ("name", job["name"]),
        ("id", job["id"]),
        ("state", status_text(job["status"], cli.colour)),
        ("error", job["error"]),
        ("kind", f"{job['kind']}{'' if job['managed'] else ', attached'}"),
        ("step", progress_text(job) or None),
        ("epoch", None if epoch is None else f"{format_number(epoch)}{of}"),
        ("phase", job["phase"]),
        ("attempt", str(job["attempt"])),
        ("tags", ", ".join(job["tags"]) or None),
        ("notes", job["notes"] or None),
        ("created", job["created_at"]),
        ("started", job["started_at"]),
        ("finished", job["finished_at"]),
        ("trained for", duration(job["active_seconds"]) if job["active_seconds"] > 0 else None),
        ("page", cli.page_of(job["id"])),
    ]
    return [(name, text) for name, text in facts if text is not None]


def _value(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value)


def _range(limits: Dict[str, Any]) -> str:
    least, most = limits.get("min"), limits.get("max")
    if least is None and most is None:
        return ""
    shown = ["…" if limit is None else number_text(limit) for limit in (least, most)]
    return f"  ({shown[0]} to {shown[1]})"


def _section(cli: CliContext, title: str, entries: List[Tuple[str, str]]) -> None:
    if not entries:
        return
    cli.print(f"\n{paint(title, 'bold', cli.colour)}")
    width = min(MAX_NAME_WIDTH, max(text_width(plain_text(name)) for name, _ in entries))
    for name, text in entries:
        cli.print(f"  {plain_text(name):<{width}}  {plain_text(text)}")


SHOW = Command(
    "show",
    "show a run: state, progress, latest metrics, configuration",
    run,
    (RUN_ARGUMENT,),
    (Option("--json", "the run as JSON"),),
    MORE,
)
