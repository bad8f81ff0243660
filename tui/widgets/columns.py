"""Columns of a table: which of them fit, and how a cell is written without ever clipping a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

_NARROWEST = 4  # columns that words keep where there is no room
HIDDEN_NUMBER = "‥"
"""Stands for a number that does not fit: a part of a number is another number."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    title: str
    """Word in the header."""
    width: int
    """Fewest columns of the screen that it takes."""
    is_number: bool = False
    """Whether it holds numbers: right-aligned, and never clipped."""
    weight: int = 0
    """Share of the space that is left over; 0 keeps the width."""
    keeps_end: bool = False
    """Whether the end stays where it does not fit, as of a series whose newest point is the last."""
    rank: int = 0
    """The higher, the sooner it is left out where there is no space; 0 stays."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    text: str
    """What is written."""
    tone: str = ""
    """What it means: ``bad``, ``warn``, ``good``, ``note``, ``muted``, ``strong`` or empty."""
    fills: bool = False
    """Whether it takes the room of all columns after it."""


def fitting(columns: Sequence[Column], width: int) -> list[tuple[int, int]]:
    """Choose the columns that fit, with their widths.

    Parameters
    ----------
    width : int
        Columns of the screen, of which each column takes one more as a gap.

    Returns
    -------
    list of tuple of int
        Place of the column and its width; those of a higher rank are left out first, then words get less room, and
        numbers never do.
    """
    shown_columns = list(range(len(columns)))
    while sum(columns[at].width + 1 for at in shown_columns) > width:
        spare = [at for at in shown_columns if columns[at].rank > 0]
        if not spare:
            break
        shown_columns.remove(max(spare, key=lambda at: (columns[at].rank, at)))
    widths = {at: columns[at].width for at in shown_columns}
    left = max(0, width - sum(size + 1 for size in widths.values()))
    weights = sum(columns[at].weight for at in shown_columns)
    while sum(size + 1 for size in widths.values()) > width:
        words = [at for at in shown_columns if not columns[at].is_number and widths[at] > _NARROWEST]
        if not words:
            break
        widths[max(words, key=lambda at: widths[at])] -= 1
    return [(at, widths[at] + (left * columns[at].weight // weights if weights else 0)) for at in shown_columns]


def written(text: str, width: int, *, is_number: bool, keeps_end: bool = False) -> str:
    """Write a cell in exactly so many columns.

    Returns
    -------
    str
        Words end with an ellipsis where they do not fit; a number is then hidden whole.
    """
    if is_number:
        return (text if cell_len(text) <= width else HIDDEN_NUMBER).rjust(width)
    if keeps_end:
        return text[max(0, len(text) - width) :].ljust(width)
    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…" if width else ""
    return set_cell_size(text, width)
