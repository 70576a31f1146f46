"""`pause`, `resume`, `stop`, `checkpoint`: control a run."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

from ..command import RUN_ARGUMENT, Command, Option, Values
from ..context import CliContext
from ..find_job import find_job
from ..wait_for_command import WAIT_OPTIONS, wait_for_command

Request = Callable[[CliContext, str, Values], Dict[str, Any]]


def _command(name: str, description: str, examples: str, request: Request, options: Tuple[Option, ...] = ()) -> Command:
    def run(cli: CliContext, values: Values) -> int:
        job = find_job(cli, values.run)
        return wait_for_command(cli, job, request(cli, job["id"], values), values)

    more = f"\nExamples:\n{examples}"
    return Command(name, description, run, (RUN_ARGUMENT,), (*options, *WAIT_OPTIONS), more)


PAUSE = _command(
    "pause",
    "pause a run at the next step",
    """  signalbox pause my-run
  signalbox pause my-run --mode hold       keeps the process and its memory""",
    lambda cli, job_id, values: cli.client.control.pause(job_id, values.mode, reason=values.reason),
    (
        Option(
            "--mode <mode>",
            "release: save a checkpoint and exit; hold: keep the process waiting between steps",
            choices=("release", "hold"),
        ),
    ),
)

RESUME = _command(
    "resume",
    "resume a paused run",
    """  signalbox resume my-run
  signalbox resume my-run --checkpoint step-4310""",
    lambda cli, job_id, values: cli.client.control.resume(job_id, values.checkpoint, reason=values.reason),
    (Option("--checkpoint <id>", "from this checkpoint instead of the latest"),),
)

STOP = _command(
    "stop",
    "stop a run; checkpoints, logs and metrics are kept",
    "  signalbox stop my-run --reason 'diverged'",
    lambda cli, job_id, values: cli.client.control.stop(job_id, reason=values.reason),
)

CHECKPOINT = _command(
    "checkpoint",
    "save a checkpoint now",
    "  signalbox checkpoint my-run",
    lambda cli, job_id, values: cli.client.control.checkpoint(job_id, reason=values.reason),
)
