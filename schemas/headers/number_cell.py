"""Cells that hold a dose or a count: one that is there and cannot be read refuses the file, for rules rest on it."""

from __future__ import annotations

import re

from schemas.errors import Fault
from schemas.headers.cells import is_blank
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

_NONE = frozenset({"nan", "***"})
"""Words of programs for no number, beside those of a laboratory."""
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?\Z")


def number_cell(
    sheet: Sheet, row: Row, place: int | None, faults: list[Fault], *, what: str, has_thousands: bool = False
) -> float | None:
    """Read a cell that holds a number of 0 or more.

    Parameters
    ----------
    sheet, row : Sheet, Row
        Where the cell stands.
    place : int or None
        Index of the column; None or below 0 if there is none.
    faults : list of Fault
        A cell that is no such number is added to it.
    what : str
        What the number is, for the fault: ``dose``, ``number of beads``.
    has_thousands : bool
        Whether the format parts thousands by commas: elsewhere ``1,204`` can be read two ways and is a fault.

    Returns
    -------
    float or None
        Number as written, 0 or more; None for an empty cell, no column, and after a fault.
    """
    text = "" if place is None or place < 0 else row.cell(place).strip()
    if is_blank(text) or text.casefold() in _NONE:
        return None
    number = number_of(text.replace(",", "") if has_thousands and _THOUSANDS.match(text) else text, ".")
    if number is None or number < 0:
        words = f"'{text}' is no {what}; expected a number of 0 or more, or an empty cell."
        faults.append(Fault(sheet.where(row, place, what), words))
        return None
    return number
