"""`metrics`: a run's metrics, summarised or every point."""

from __future__ import annotations

import sys
from typing import Any, Dict, Iterator, List, Optional

from ...streaming.handlers.plain_text import format_number
from ...transport.json_text import json_text
from ...transport.wire_numbers import number_of
from ..command import RUN_ARGUMENT, Command, Option, Values
from ..context import CliContext
from ..csv_text import csv_row
from ..exits import SUCCESS
from ..find_job import find_job
from ..table import Cell, Column
from ..text import integer
from ..values import list_option, number_option

PAGE_ROWS = 5000
COLUMNS = (
    Column("Series", flexible=True),
    Column("Points", right=True),
    Column("Steps", right=True),
    Column("First", right=True),
    Column("Last", right=True),
    Column("Min", right=True),
    Column("Max", right=True),
    Column("NaN", right=True),
)

MORE = """
Examples:
  signalbox metrics my-run
  signalbox metrics my-run --csv > my-run.csv
  signalbox metrics my-run --csv --name train/loss,eval/loss --from 1000
  signalbox metrics my-run --json | jq -c 'select(."train/loss" != null)'"""

OPTIONS = (
    Option("--csv", "every point as CSV: one row per step and report, one column per series"),
    Option("--json", "every point as JSON: one object per step and report"),
    Option("--name <series>", "only these series (repeatable)", parse=list_option),
    Option("--from <step>", "from this step", parse=number_option(0)),
    Option("--to <step>", "up to this step", parse=number_option(0)),
)


def run(cli: CliContext, values: Values) -> int:
    """Prints a summary of each series, or every point."""
    job_id = find_job(cli, values.run)["id"]
    if values.csv:
        _print_csv(cli, job_id, values)
    elif values.json:
        for row in _rows(cli, job_id, values.name, values):
            cli.write(f"{json_text(row)}\n")
    else:
        cli.table(COLUMNS, [_summary(one) for one in _series(cli, job_id, values) if one["buckets"]])
    sys.stdout.flush()
    return SUCCESS


def _series(cli: CliContext, job_id: str, values: Values) -> List[Dict[str, Any]]:
    reply = cli.client.metrics.series(
        job_id, values.name, buckets=1, from_step=values["from"], to_step=values.to
    )
    series: List[Dict[str, Any]] = reply["series"]
    return series


def _rows(cli: CliContext, job_id: str, names: Optional[List[str]], values: Values) -> Iterator[Dict[str, Any]]:
    """All raw points as wide rows; pages are read on demand."""
    after, more = 0, True
    while more:
        page = cli.client.metrics.get(
            job_id, names, after_seq=after, limit=PAGE_ROWS, from_step=values["from"], to_step=values.to
        )
        yield from page["metrics"]
        after, more = page["next_seq"], page["next_seq"] > after


def _summary(series: Dict[str, Any]) -> List[Cell]:
    buckets = series["buckets"]
    minima = [number_of(one["min"]) for one in buckets if one["min"] is not None]
    maxima = [number_of(one["max"]) for one in buckets if one["max"] is not None]
    texts = [
        series["name"],
        integer(sum(one["count"] for one in buckets)),
        f"{buckets[0]['step_first']}–{buckets[-1]['step_last']}",
        _number(buckets[0]["first"]),
        _number(buckets[-1]["last"]),
        _number(min(minima, default=None)),
        _number(max(maxima, default=None)),
        str(sum(one["nan_count"] for one in buckets)),
    ]
    return list(map(Cell, texts))


def _number(value: Any) -> str:
    return "–" if value is None else format_number(number_of(value))


def _print_csv(cli: CliContext, job_id: str, values: Values) -> None:
    # Reads the columns first: rows are streamed, and a run may have millions.
    names = [one["name"] for one in _series(cli, job_id, values)]
    cli.write(csv_row(["step", "epoch", "timestamp", *names]))
    for row in _rows(cli, job_id, names, values):
        values_of_series = [None if row.get(name) is None else number_of(row[name]) for name in names]
        cli.write(csv_row([row.get("step"), row.get("epoch"), row.get("timestamp"), *values_of_series]))


METRICS = Command(
    "metrics", "summarise a run's metrics, or print every point", run, (RUN_ARGUMENT,), OPTIONS, MORE
)
