"""How commands describe themselves: what the parser accepts and the help shows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Callable, Dict, Optional, Tuple

if TYPE_CHECKING:
    from .context import CliContext

Parse = Callable[[str, Any], Any]
"""Takes an option's text and its value so far; returns the new value, or raises CliError or InvalidArgument."""


class InvalidArgument(Exception):
    """Why a text is no value of its option."""


class Values(Dict[str, Any]):
    """The values of a command's arguments and options by name; None where one is absent."""

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


@dataclasses.dataclass(frozen=True)
class Option:
    """`flags` as the help shows them: `-n, --limit <count>`, `--tag <tag>`, `--no-wait`, `--stream <kind...>`."""

    flags: str
    description: str
    parse: Optional[Parse] = None
    choices: Tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    hidden: bool = False

    @property
    def names(self) -> Tuple[str, ...]:
        """`-n`, `--limit`"""
        return tuple(part.rstrip(",") for part in self.flags.split() if part.startswith("-"))

    @property
    def takes_value(self) -> bool:
        """Whether a value follows."""
        return self.flags.endswith(">")

    @property
    def variadic(self) -> bool:
        """Whether all words up to the next option are values."""
        return self.flags.endswith("...>")

    @property
    def negates(self) -> bool:
        """Whether it switches something off."""
        return self.names[-1].startswith("--no-")

    @property
    def key(self) -> str:
        """Its name among the values: `json_output`; `wait` for `--no-wait`."""
        long = self.names[-1].lstrip("-")
        return (long[len("no-") :] if self.negates else long).replace("-", "_")


@dataclasses.dataclass(frozen=True)
class Argument:
    """`term` as the help shows it: `<run>`, `[run]`, `<name=value...>`."""

    term: str
    description: str
    key: str

    @property
    def name(self) -> str:
        """Without brackets and dots."""
        return self.term.strip("<>[].")

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.term.startswith("<")

    @property
    def variadic(self) -> bool:
        """Whether it takes all remaining words."""
        return "..." in self.term


@dataclasses.dataclass(frozen=True)
class Command:
    """`more` is the help's end: notes and examples. `run` returns the exit code."""

    name: str
    description: str
    run: Callable[["CliContext", Values], int]
    arguments: Tuple[Argument, ...] = ()
    options: Tuple[Option, ...] = ()
    more: str = ""


RUN_ARGUMENT = Argument("<run>", "its id or name", "run")
