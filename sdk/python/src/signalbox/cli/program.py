"""The program: its commands, and its help."""

from __future__ import annotations

import sys
from typing import List, Sequence

from .._version import VERSION
from .command import Command
from .commands.backup import BACKUP, RESTORE
from .commands.control import CHECKPOINT, PAUSE, RESUME, STOP
from .commands.doctor import DOCTOR
from .commands.login import LOGIN
from .commands.logs import LOGS
from .commands.metrics import METRICS
from .commands.open import OPEN
from .commands.predictions import PREDICTIONS
from .commands.runs import RUNS
from .commands.set import SET
from .commands.show import SHOW
from .commands.sync import SYNC
from .commands.tensorboard import TENSORBOARD
from .commands.train import TRAIN
from .commands.watch import WATCH
from .context import CliContext, terminal_width
from .exits import SUCCESS, USAGE
from .help_text import command_help, program_help
from .parser import Parser, split_command, unknown_command

COMMANDS = (
    TRAIN, WATCH, RUNS, SHOW, LOGS, METRICS, PREDICTIONS, PAUSE, RESUME, STOP, CHECKPOINT, SET, OPEN, LOGIN,
    DOCTOR, SYNC, TENSORBOARD, BACKUP, RESTORE,
)  # fmt: skip
DESCRIPTION = "Start, watch and control training runs on a Signalbox dashboard."

MORE = """
Name a run by its id, its name, or a unique prefix of either.

Settings come from --url, SIGNALBOX_URL and SIGNALBOX_API_KEY, else from the credentials file that
`signalbox login` (or `npm start` of the dashboard) wrote. NO_COLOR turns colours off.

Exit codes:
  0    success; for a followed run: it succeeded
  1    the run or the command failed
  2    invalid arguments, configuration or settings
  3    the followed run was cancelled
  130  Ctrl-C; a followed run keeps running

Examples:
  signalbox login
  signalbox train --config run.toml
  signalbox runs --status running
  signalbox watch my-run
  signalbox set my-run learning_rate=1.5e-3
  signalbox metrics my-run --csv > my-run.csv"""

PROGRAM = Command("signalbox", DESCRIPTION, lambda cli, _: _without_command(cli))


def run_program(cli: CliContext, words: Sequence[str]) -> int:
    """Runs one command line; returns its exit code. Raises what the command raises."""
    name, rest = split_command(words)
    if name == ["help"]:
        return _help(cli, rest)
    command = _find(name[0]) if name else PROGRAM
    values = Parser(command).parse(rest)
    if values.version:
        cli.print(VERSION)
        return SUCCESS
    if values.help:
        cli.write(_help_of(command, sys.stdout.isatty()))
        return SUCCESS
    cli.url = values.url
    return command.run(cli, values)


def _find(name: str) -> Command:
    for command in COMMANDS:
        if command.name == name:
            return command
    raise unknown_command(name, [*(command.name for command in COMMANDS), "help"])


def _help(cli: CliContext, names: List[str]) -> int:
    """`help`, `help COMMAND`"""
    command = next((one for one in COMMANDS if names and one.name == names[0]), PROGRAM)
    if names and command is PROGRAM:
        return _without_command(cli)
    cli.write(_help_of(command, sys.stdout.isatty()))
    return SUCCESS


def _without_command(cli: CliContext) -> int:
    cli.note(_help_of(PROGRAM, sys.stderr.isatty()).rstrip("\n"))
    return USAGE


def _help_of(command: Command, terminal: bool) -> str:
    width = terminal_width() if terminal else 80
    return program_help(DESCRIPTION, COMMANDS, MORE, width) if command is PROGRAM else command_help(command, width)
