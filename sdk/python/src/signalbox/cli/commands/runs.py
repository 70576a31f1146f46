"""`runs`: the list of runs."""

from __future__ import annotations

from typing import Any, Dict, List

from ...streaming.handlers.plain_text import format_number
from ...transport.wire_numbers import number_of
from ..command import Command, Option, Values
from ..context import CliContext
from ..exits import SUCCESS
from ..find_job import Job
from ..run_file import JOB_KINDS
from ..table import Cell, Column
from ..text import STATUSES, ago, integer, progress_text, status_text
from ..values import list_option, number_option, repeat_option

COLUMNS = (
    Column("State"),
    Column("Name", flexible=True),
    Column("Id"),
    Column("Kind"),
    Column("Step", right=True),
    Column("Latest", flexible=True),
    Column("Created", right=True),
)
PREFERRED_SERIES = ("train/loss", "train/reward_mean", "loss", "eval/loss")

MORE = """
In a pipe, the table is tab-separated with a header row.

Examples:
  signalbox runs
  signalbox runs --status running,paused --sort -progress
  signalbox runs --where 'config.batch_size:32' --where 'latest.train/loss<0.5'
  signalbox runs --json | jq '.jobs[].id'"""

OPTIONS = (
    Option("-n, --limit <count>", "how many to list", parse=number_option(1, 500), default=20),
    Option("--offset <count>", "how many to skip", parse=number_option(0, 1_000_000), default=0),
    Option("--status <state>", f"only these states: {', '.join(STATUSES)}", parse=list_option),
    Option("--kind <kind>", f"only these kinds: {', '.join(JOB_KINDS)}", parse=list_option),
    Option("--tag <tag>", "only runs with these tags", parse=list_option),
    Option("-q, --search <text>", "only runs whose id, name, model, tags or notes contain this text"),
    Option(
        "--where <condition>",
        "a condition such as latest.train/loss<0.5 (repeatable)",
        parse=repeat_option,
    ),
    Option("--sort <field>", "a column, config.<key> or latest.<series>; prefix with - to sort descending"),
    Option("--archived", "list archived runs instead"),
    Option("--json", "the whole reply as JSON"),
)


def run(cli: CliContext, values: Values) -> int:
    """Prints one page of runs."""
    page = cli.client.jobs.list(
        limit=values.limit,
        offset=values.offset,
        status=values.status,
        kind=values.kind,
        tag=values.tag,
        q=values.search,
        sort=values.sort,
        where=values.where,
        archived="true" if values.archived else "false",
    )
    if values.json:
        cli.json(page)
        return SUCCESS
    cli.table(COLUMNS, [_row(cli, job) for job in page["jobs"]])
    rest = page["total"] - values.offset - len(page["jobs"])
    if rest > 0:
        cli.note(f"{integer(rest)} more; use --limit and --offset")
    if page["total"] == 0:
        cli.note("No runs yet. See signalbox train --help to start one.")
    return SUCCESS


def _row(cli: CliContext, job: Job) -> List[Cell]:
    step = job["current_step"]
    if cli.terminal:
        first = Cell(status_text(job["status"], False), status_text(job["status"], True))
        rest = [progress_text(job), _latest(job["latest"], short=True), ago(job["created_at"])]
    else:
        first = Cell(job["status"])
        rest = ["" if step is None else str(step), _latest(job["latest"], short=False), job["created_at"]]
    return [first, *map(Cell, [job["name"], job["id"], job["kind"], *rest])]


def _latest(latest: Dict[str, Any], *, short: bool) -> str:
    """The headline metric of a run: loss or reward, else any series. `short` drops `train/`."""
    name = next((one for one in (*PREFERRED_SERIES, *latest) if one in latest), None)
    if name is None:
        return ""
    shown = name[len("train/") :] if short and name.startswith("train/") else name
    return f"{shown} {format_number(number_of(latest[name]))}"


RUNS = Command("runs", "list runs, newest first", run, (), OPTIONS, MORE)
