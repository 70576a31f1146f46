"""CSV rows that a spreadsheet can open safely."""

from __future__ import annotations

import re
import unicodedata
from typing import Sequence, Union

from ..transport.json_text import number_text

CsvValue = Union[str, float, None]
_FORMULA_STARTS = "=+-@＝＋－＠|%"
_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')


def csv_row(values: Sequence[CsvValue]) -> str:
    """One row with its line feed (RFC 4180, but for the carriage return: pipes expect none)."""
    return ",".join(map(csv_field, values)) + "\n"


def csv_field(value: CsvValue) -> str:
    """
    One field. Text that a spreadsheet would run as a formula starts with an apostrophe, as OWASP advises.
    Numbers are written as they are, negative ones too.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return number_text(value)
    safe = f"'{value}" if _is_formula(value) else value
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def _is_formula(text: str) -> bool:
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for character in text:
        if not character.isspace() and unicodedata.category(character) != "Cf":
            return character in _FORMULA_STARTS
    return False
