"""`open`: opens the dashboard, or prints the URL of a run's page."""

from __future__ import annotations

from ..browser import open_in_browser
from ..command import Argument, Command, Values
from ..context import CliContext
from ..exits import SUCCESS
from ..find_job import find_job
from ..owner_link import owner_link

MORE = """
Without a run, on the machine where the dashboard was started: makes a link that signs in one
browser, once within ten minutes, and opens it. In a pipe it is only printed.

Examples:
  signalbox open
  xdg-open $(signalbox open my-run)"""


def run(cli: CliContext, values: Values) -> int:
    """Prints the URL; without a run, opens it in a terminal."""
    if values.run is not None:
        cli.print(cli.page_of(find_job(cli, values.run)["id"]))
        return SUCCESS
    url = owner_link(cli) or f"{cli.client.url}/runs"
    cli.print(url)
    if cli.terminal and not open_in_browser(url):
        cli.note("No browser could be started. Open this address in one.")
    return SUCCESS


OPEN = Command(
    "open",
    "open the dashboard in a browser, or print the URL of a run's page",
    run,
    (Argument("[run]", "its id or name", "run"),),
    more=MORE,
)
