"""`set`: changes live parameters of a run."""

from __future__ import annotations

from ..command import RUN_ARGUMENT, Argument, Command, Values
from ..context import CliContext
from ..find_job import find_job
from ..values import parse_assignment
from ..wait_for_command import WAIT_OPTIONS, wait_for_command

MORE = """
`signalbox show` lists the live parameters of a run with their ranges.

Examples:
  signalbox set my-run learning_rate=1.5e-3
  signalbox set my-run learning_rate=1e-4 --reason 'loss plateaued' --no-wait"""


def run(cli: CliContext, values: Values) -> int:
    """Requests new values, and waits until they are in force."""
    params = dict(map(parse_assignment, values.assignments))
    job = find_job(cli, values.run)
    requested = cli.client.control.update_params(job["id"], params, reason=values.reason)
    return wait_for_command(cli, job, requested, values)


SET = Command(
    "set",
    "change parameters of a run while it trains",
    run,
    (RUN_ARGUMENT, Argument("<name=value...>", "new values", "assignments")),
    WAIT_OPTIONS,
    MORE,
)
