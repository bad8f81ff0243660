"""Whether a text ends where its table ends: a line without an end may have lost the rest of its last cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.text_tables.sheet import Row

_LINE_ENDS = ("\n", "\r")


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """The last cell of a text that ends without a line end."""

    row: Row
    """Its row."""
    column: int
    """Its column."""
    is_short: bool
    """Whether it is shorter than every other cell of its column that is filled."""
    may_lack: bool
    """Whether it is shorter than the longest other cell of its column."""


def open_end(text: str, rows: Sequence[Row]) -> OpenEnd | None:
    """Return the last cell of a table if it may have been cut off.

    Parameters
    ----------
    text : str
        Text of the file.
    rows : sequence of Row
        Rows of the table that ends it.

    Returns
    -------
    OpenEnd or None
        None for a workbook, which has no text, if the text ends with a line end, if another line follows the table, or
        if the last cell is a word that stands in its column elsewhere; a number that stands there elsewhere may still
        be the beginning of another.
    """
    if not text or text.rstrip(" \t").endswith(_LINE_ENDS) or not rows or not rows[-1].cells:
        return None
    column = len(rows[-1].cells) - 1
    last, others = rows[-1].cells[column].strip(), [row.cell(column) for row in rows[:-1] if row.cell(column)]
    if not text.rstrip().endswith(last) or (not last and not others):
        return None
    is_short = bool(others) and len(last) < min(map(len, others))
    is_word = last in others and not any(character.isdigit() for character in last)
    may_lack = len(last) < max(map(len, others), default=0)
    return None if is_word and not is_short else OpenEnd(rows[-1], column, is_short, may_lack)
