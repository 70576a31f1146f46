"""Tables: in columns for terminals, tab-separated for programs."""

from __future__ import annotations

from typing import List, NamedTuple, Optional, Sequence

from ..streaming.handlers.plain_text import plain_text
from ..streaming.handlers.text_width import text_width, truncate
from .text import paint

GAP = 2
MIN_FLEXIBLE_WIDTH = 8


class Column(NamedTuple):
    """`flexible` ones shrink if the terminal is narrow."""

    title: str
    right: bool = False
    flexible: bool = False


class Cell(NamedTuple):
    """`painted` is the same text with colour codes."""

    text: str
    painted: Optional[str] = None


def tab_separated(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> List[str]:
    """Rows as tab-separated lines below a header: whole values, for other programs."""
    header = "\t".join(column.title.lower().replace(" ", "_") for column in columns)
    return [header, *("\t".join(plain_text(cell.text) for cell in row) for row in rows)]


def aligned(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int, colour: bool
) -> List[str]:
    """Rows in columns for a terminal of `width` columns; flexible ones shrink, the last one first."""
    clean = [[Cell(plain_text(cell.text), cell.painted) for cell in row] for row in rows]
    widths = _widths(columns, clean, width)

    def line(cells: Sequence[Cell]) -> str:
        shown = []
        for column, cell, room in zip(columns, cells, widths):
            text = truncate(cell.text, room)
            fill = " " * max(0, room - text_width(text))
            painted = cell.painted or text if colour and text == cell.text else text
            shown.append(fill + painted if column.right else painted + fill)
        return (" " * GAP).join(shown).rstrip()

    titles = [Cell(column.title, paint(column.title, "dim", True)) for column in columns]
    return [line(titles), *map(line, clean)]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int) -> List[int]:
    widths = [
        max([text_width(column.title), *(text_width(row[index].text) for row in rows)])
        for index, column in enumerate(columns)
    ]
    excess = sum(widths) + GAP * (len(widths) - 1) - width
    for index in reversed(range(len(columns))):
        if columns[index].flexible and excess > 0:
            shrunk = max(MIN_FLEXIBLE_WIDTH, widths[index] - excess)
            excess -= widths[index] - shrunk
            widths[index] = shrunk
    return widths
