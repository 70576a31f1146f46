"""Reads the TOML file of a run."""

from __future__ import annotations

import importlib
import re
from datetime import date, datetime, time
from typing import Any, Dict, List, NamedTuple, Optional

from ..transport.wire_numbers import to_wire
from .exits import usage_error
from .values import parse_assignment

JOB_KINDS = ("sft", "rl", "other")
RUN_FIELDS = ("kind", "type", "name", "tags", "dataset_id", "config")


class RunToStart(NamedTuple):
    """A run as the file and the command line describe it."""

    kind: str
    name: Optional[str]
    dataset_id: Optional[str]
    tags: List[str]
    config: Dict[str, Any]


def read_run_file(
    path: str,
    *,
    type: Optional[str] = None,
    name: Optional[str] = None,
    tag: Optional[List[str]] = None,
    set: Optional[List[str]] = None,
) -> RunToStart:
    """
    `kind` (or `type`), `name`, `tags`, `dataset_id`, and the trainer's settings below `[config]`. Options of
    the command line take precedence. Raises CliError for a file that cannot be read, is not TOML or has
    unknown fields.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except (OSError, ValueError) as error:
        raise usage_error(f"Cannot read {path}: {getattr(error, 'strerror', None) or error}.") from None
    return run_of_toml(parse_toml(path, text), path, type=type, name=name, tag=tag, set=set)


def parse_toml(path: str, text: str) -> Dict[str, Any]:
    """Parses TOML; a syntax error names its line. Raises CliError."""
    parser = _toml_parser()
    try:
        document: Dict[str, Any] = parser.loads(text.replace("\r\n", "\n"))
        return document
    except ValueError as error:
        reason, line, column = _place(str(error), text)
        raise usage_error(f"{path}, line {line}, column {column}: {reason}") from None


def _toml_parser() -> Any:
    # tomllib is part of Python since 3.11; tomli is the same for older ones.
    for module in ("tomllib", "tomli"):
        try:
            return importlib.import_module(module)
        except ImportError:
            continue
    raise usage_error("Reading a run's TOML file needs Python 3.11 or newer, or `pip install tomli`.")


def _place(message: str, text: str) -> "tuple[str, int, int]":
    """The reason, line and column of an error such as `Invalid value (at line 3, column 5)`."""
    match = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if match:
        return message[: match.start()], int(match.group(1)), int(match.group(2))
    lines = text.rstrip("\n").split("\n")
    return message.replace(" (at end of document)", ""), len(lines), len(lines[-1]) + 1


def run_of_toml(
    document: Dict[str, Any],
    path: str,
    *,
    type: Optional[str] = None,
    name: Optional[str] = None,
    tag: Optional[List[str]] = None,
    set: Optional[List[str]] = None,
) -> RunToStart:
    """A run as a document and the command line describe it. Raises CliError."""
    for field in document:
        if field not in RUN_FIELDS:
            raise usage_error(
                f"{path}: “{field}” is not a field of a run. Trainer settings go below [config]."
            )
    kind = type or _kind_of(document, path)
    config, tags = document.get("config", {}), document.get("tags", [])
    if not isinstance(config, dict):
        raise usage_error(f"{path}: config must be a table: [config].")
    for field in ("name", "dataset_id"):
        if not isinstance(document.get(field, ""), str):
            raise usage_error(f"{path}: {field} must be a string.")
    if not isinstance(tags, list) or not all(isinstance(one, str) for one in tags):
        raise usage_error(f"{path}: tags must be a list of strings.")
    return RunToStart(
        kind,
        document.get("name") if name is None else name,
        document.get("dataset_id"),
        list(dict.fromkeys([*tags, *(tag or [])])),
        _json_values({**config, **dict(map(parse_assignment, set or []))}),
    )


def _kind_of(document: Dict[str, Any], path: str) -> str:
    """What the file calls the kind; `sft` if it says nothing."""
    if "kind" in document and "type" in document:
        raise usage_error(f"{path}: kind and type are the same: give one of them.")
    named = document.get("kind", document.get("type", "sft"))
    if named in JOB_KINDS:
        return str(named)
    field = "kind" if "kind" in document else "type"
    raise usage_error(f"{path}: {field} must be one of {', '.join(JOB_KINDS)}.")


def _json_values(value: Any) -> Any:
    """TOML has dates, times and infinite numbers; JSON has them as text."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _json_values(item) for key, item in value.items()}
    return [_json_values(item) for item in value] if isinstance(value, list) else to_wire(value)
