"""
Parses a command line. argparse does not fit: its rules and texts change between versions of Python, and it
takes `-progress` in `--sort -progress` for an option.
"""

from __future__ import annotations

from typing import Any, Dict, List, Sequence, Tuple

from .command import Command, InvalidArgument, Option, Values
from .exits import USAGE, CliError
from .suggestions import suggestion


class ParseError(CliError):
    """Words that fit no command, option or argument."""

    def __init__(self, message: str) -> None:
        super().__init__(f"error: {message}\n(see --help)", USAGE)


HELP = Option("-h, --help", "print help")
VERSION = Option("-V, --version", "print the version")
URL = Option("--url <url>", "the dashboard's URL")
GLOBAL_OPTIONS = (VERSION, URL)


def split_command(words: Sequence[str]) -> Tuple[List[str], List[str]]:
    """The command's name (none, or one), and the other words. Global options may come first."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in URL.names else 1
    return list(words[at : at + 1]), [*words[:at], *words[at + 1 :]]


class Parser:
    """Parses the words after a command's name."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._options = (*command.options, *GLOBAL_OPTIONS, HELP)
        self._by_name = {name: option for option in self._options for name in option.names}

    def parse(self, words: Sequence[str]) -> Values:
        """
        The values; `help` or `version` is set if asked for, and nothing else is checked then.
        Raises ParseError, or CliError for an option's value.
        """
        values = Values({option.key: _default(option) for option in reversed(self._options)})
        positional, unknown = self._read_options(list(words), values)
        if values.help or values.version:
            return values
        for option in self._command.options:
            if option.required and values[option.key] is None:
                raise ParseError(f"required option '{option.flags}' not specified")
        if unknown:
            visible = [option for option in self._options if not option.hidden]
            names = [option.names[-1] for option in visible]
            raise ParseError(f"unknown option '{unknown[0]}'{suggestion(unknown[0], names)}")
        values.update(self._arguments(positional))
        return values

    def _read_options(self, words: List[str], values: Values) -> Tuple[List[str], List[str]]:
        positional: List[str] = []
        unknown: List[str] = []
        open_option = None  # a variadic one, which takes the following words
        while words:
            word = words.pop(0)
            if word == "--":
                positional += words
                break
            if not _may_be_option(word):
                if open_option is not None:
                    _set(open_option, word, values)
                else:
                    positional.append(word)
                continue
            option, words, known = self._expand(word, words)
            open_option = None
            if not known or option is None:
                unknown.append(word)
            elif not option.takes_value:
                values[option.key] = not option.negates
            elif not words:
                raise ParseError(f"option '{option.flags}' argument missing")
            else:
                _set(option, words.pop(0), values)
                open_option = option if option.variadic else None
        return positional, unknown

    def _expand(self, word: str, words: List[str]) -> Tuple[Any, List[str], bool]:
        """The option of a word, with the value of `--name=value` and `-nvalue` as the next word."""
        option = self._by_name.get(word)
        if option is not None:
            return option, words, True
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            option = self._by_name.get(name)
            fits = option is not None and equals != "" and option.takes_value
            return option, [value, *words], fits
        option = self._by_name.get(word[:2])
        if option is None or len(word) == 2:
            return None, words, False
        rest = word[2:]
        return option, [rest if option.takes_value else f"-{rest}", *words], True

    def _arguments(self, positional: List[str]) -> Dict[str, Any]:
        arguments = self._command.arguments
        found: Dict[str, Any] = {}
        for index, argument in enumerate(arguments):
            if argument.required and len(positional) <= index:
                raise ParseError(f"missing required argument '{argument.name}'")
            rest = positional[index:]
            found[argument.key] = rest if argument.variadic else rest[0] if rest else None
        takes_all = bool(arguments) and arguments[-1].variadic
        if len(positional) > len(arguments) and not takes_all:
            many = "" if len(arguments) == 1 else "s"
            raise ParseError(
                f"too many arguments for '{self._command.name}'. "
                f"Expected {len(arguments)} argument{many} but got {len(positional)}: {', '.join(positional)}."
            )
        return found


def _may_be_option(word: str) -> bool:
    return len(word) > 1 and word.startswith("-")


def _default(option: Option) -> Any:
    return True if option.negates else option.default


def _set(option: Option, text: str, values: Values) -> None:
    before = values[option.key]
    try:
        values[option.key] = _parsed(option, text, before)
    except InvalidArgument as error:
        raise ParseError(f"option '{option.flags}' argument '{text}' is invalid. {error}") from None


def _parsed(option: Option, text: str, before: Any) -> Any:
    if option.choices and text not in option.choices:
        raise InvalidArgument(f"Allowed choices are {', '.join(option.choices)}.")
    if option.parse is not None:
        return option.parse(text, before)
    return [*(before or []), text] if option.variadic else text


def unknown_command(name: str, names: Sequence[str]) -> ParseError:
    """An error that suggests what may have been meant."""
    return ParseError(f"unknown command '{name}'{suggestion(name, names)}")

