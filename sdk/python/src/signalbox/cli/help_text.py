"""The text of `--help`."""

from __future__ import annotations

import json
import re
from typing import List, Sequence, Tuple

from .command import Command, Option
from .parser import GLOBAL_OPTIONS, HELP

MIN_WRAPPED = 40
Items = Sequence[Tuple[str, str]]


def command_help(command: Command, width: int) -> str:
    """The help of one command."""
    usage = " ".join(["signalbox", command.name, "[options]", *(one.term for one in command.arguments)])
    arguments = [(one.name, one.description) for one in command.arguments]
    options = [(one.flags, _option_text(one)) for one in (*command.options, HELP) if not one.hidden]
    lists = [("Arguments:", arguments), ("Options:", options)]
    return _page(usage, command.description, lists, command.more, width)


def program_help(description: str, commands: Sequence[Command], more: str, width: int) -> str:
    """The help of the whole program."""
    options = [(one.flags, one.description) for one in (*GLOBAL_OPTIONS, HELP)]
    items = [(_command_term(one), one.description) for one in commands]
    items.append(("help [command]", "display help for command"))
    lists = [("Options:", options), ("Commands:", items)]
    return _page("signalbox [options] [command]", description, lists, more, width)


def _command_term(command: Command) -> str:
    options = ["[options]"] if any(not one.hidden for one in command.options) else []
    return " ".join([command.name, *options, *(one.term for one in command.arguments)])


def _option_text(option: Option) -> str:
    more: List[str] = []
    if option.choices:
        more.append("choices: " + ", ".join(json.dumps(choice) for choice in option.choices))
    if option.default is not None:
        more.append(f"default: {json.dumps(option.default)}")
    return f"{option.description} ({', '.join(more)})" if more else option.description


def _page(usage: str, description: str, lists: Sequence[Tuple[str, Items]], more: str, width: int) -> str:
    term_width = max(len(term) for _, items in lists for term, _ in items)
    lines = [f"Usage: {usage}", "", *_wrapped(description, width), ""]
    for title, items in lists:
        if not items:
            continue
        lines.append(title)
        for term, text in items:
            first, *rest = _wrapped(text, width - term_width - 4)
            lines.append(f"  {term:<{term_width}}  {first}")
            lines += [" " * (term_width + 4) + line for line in rest]
        lines.append("")
    return "\n".join(lines) + (f"{more}\n" if more else "")


def _wrapped(text: str, width: int) -> List[str]:
    if width < MIN_WRAPPED:
        return [text]
    lines = [""]
    for chunk in re.findall(r"\s*\S+", text):
        if lines[-1] and len(lines[-1]) + len(chunk) > width:
            lines.append(chunk.lstrip())
        else:
            lines[-1] += chunk
    return lines

