"""How much room a text takes in a terminal."""

from __future__ import annotations

import unicodedata


def text_width(text: str) -> int:
    """The columns that a text takes."""
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def truncate(text: str, width: int) -> str:
    """Cuts a text to a width in columns, with an ellipsis where something is missing."""
    if text_width(text) <= width:
        return text
    used, end = 0, 0
    for character in text:
        used += _character_width(character)
        if used > width - 1:
            break
        end += 1
    return f"{text[:end]}…"
