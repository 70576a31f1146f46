"""`open`: the URL of a run's page."""

from __future__ import annotations

from ..command import Argument, Command, Values
from ..context import CliContext
from ..exits import SUCCESS
from ..find_job import find_job


def run(cli: CliContext, values: Values) -> int:
    """Prints the URL of a run's page, or of the list of runs."""
    cli.print(f"{cli.client.url}/runs" if values.run is None else cli.page_of(find_job(cli, values.run)["id"]))
    return SUCCESS


OPEN = Command(
    "open",
    "print the URL of a run's page, or of the list of runs",
    run,
    (Argument("[run]", "its id or name", "run"),),
    more="\nExamples:\n  signalbox open my-run\n  xdg-open $(signalbox open my-run)",
)
