"""Codes that a spreadsheet has taken for numbers: their last digits are gone, and no other program can know them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qc.readers.text.turned_codes import turned_code
from schemas.errors import Fault
from schemas.text_tables.sheet import CellNote, Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import SheetMarks

_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]{2}\Z")
"""``4.711E+15``: how a spreadsheet writes a long number into a text file; a code such as ``1e5`` is none."""

_LATIN = re.compile("[A-Za-z]")
SHORTENED = "the code was shortened as a number by a spreadsheet (4.711E+15); its last digits are gone"
"""What is said of a cell of a text."""
_KEPT_DIGITS = 15
"""Digits that a spreadsheet keeps; zeros behind them are no loss to a number, only to a code."""


def lost_digits(sheet: Sheet, rows: Sequence[Row], columns: Sequence[int]) -> list[CellNote]:
    """Return the cells of some columns that have lost digits, or that a spreadsheet has turned into something else.

    Parameters
    ----------
    rows : sequence of Row
        Rows to look at.
    columns : sequence of int
        Columns of codes, counted from 0.

    Returns
    -------
    list of CellNote
        Line, column and a clause that names no code: findings repeat it.
    """
    lost = {(one.line, one.column): one.words for one in sheet.lost}
    latin = {column for column in columns if any(_LATIN.search(row.cell(column)) for row in rows)}
    found = []
    for row in rows:
        for column in columns:
            words = lost.get((row.line, column), "")
            if not words and _SHORTENED.match(row.cell(column)):
                words = SHORTENED
            words = words or turned_code(row.cell(column), beside_latin=column in latin)
            found += [CellNote(row.line, column, words)] if words else []
    return found


def untold_losses(marks: SheetMarks) -> Iterator[Fault]:
    """Name what was used of numbers that have lost digits, where its reader does not say so itself.

    Yields
    ------
    Fault
        One for each such cell.
    """
    flagged = {(note.row, note.words) for note in marks.flags}
    for line, column, words in marks.sheet.lost:
        index = marks.index(line)
        row = marks.sheet.rows[index]
        is_number = not row.cell(column).lstrip("-")[_KEPT_DIGITS:].strip("0")
        if marks.used[index] >> column & 1 and not is_number and (index, words) not in flagged:
            yield Fault(marks.sheet.where(row, column), f"{words[:1].upper()}{words[1:]}. Write it as text.")
