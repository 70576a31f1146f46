"""`train`: starts a run on the training backend, and follows it to its end."""

from __future__ import annotations

from ..command import Command, Option, Values
from ..context import CliContext
from ..exits import SUCCESS
from ..follow import FOLLOW_OPTIONS, check_follow_options, follow_job
from ..run_file import JOB_KINDS, read_run_file
from ..values import repeat_option

MORE = """
The file:
  kind = "sft"
  name = "first try"
  tags = ["g2p"]
  [config]
  epochs = 10
  learning_rate = 3e-3

Examples:
  signalbox train --config run.toml
  signalbox train --config run.toml --type rl --set learning_rate=1e-3 --tag sweep
  signalbox train --config run.toml --quiet                      prints the final status
  signalbox train --config run.toml --no-poll --quiet            prints the run's id
  signalbox train --config run.toml --stream metrics --filter-metrics 'eval/*'
  signalbox train --config run.toml --format json | jq .
  signalbox train --config run.toml --json-output run.jsonl"""

OPTIONS = (
    Option("--config <file>", "the run's TOML file", required=True),
    Option(
        "--type <type>",
        "the kind of training (default: kind in the file, else sft)",
        choices=JOB_KINDS,
    ),
    Option("--name <name>", "the run's name; overrides the file"),
    Option("--tag <tag>", "add a tag to those of the file (repeatable)", parse=repeat_option),
    Option(
        "--set <name=value>",
        "a trainer setting; overrides the file (repeatable)",
        parse=repeat_option,
    ),
    Option("--poll", "follow the run until it ends", default=True),
    Option("--no-poll", "start the run and return immediately"),
    *FOLLOW_OPTIONS,
)


def run(cli: CliContext, values: Values) -> int:
    """Starts the run; invalid options are reported before."""
    following = check_follow_options(cli, values)
    to_start = read_run_file(
        values.config, type=values.type, name=values.name, tag=values.tag, set=values.set
    )
    cli.exit_message = "\nThe run may have been started; check `signalbox runs`."
    handle = cli.client.jobs.create(
        to_start.kind,
        to_start.config,
        name=to_start.name,
        dataset_id=to_start.dataset_id,
        tags=to_start.tags,
    )
    job = handle.job or handle.refresh()
    started = f"Started “{job['name']}” ({job['id']})  {cli.page_of(job['id'])}"
    if values.poll:
        if following.format == "json":
            cli.note(started)
        elif following.format != "quiet":
            cli.print(started)
        return follow_job(cli, job, following)
    if following.format == "json":
        cli.json(job)
    else:
        cli.print(job["id"] if following.format == "quiet" else started)
    return SUCCESS


TRAIN = Command("train", "start a run and follow it until it ends", run, (), OPTIONS, MORE)
