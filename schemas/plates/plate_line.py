"""The line of a sheet that names the plate of the grids below it: ``Plate Number``, and its name in the next cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

_WORD = re.compile(r"plate( number| name| id)?:?\Z", re.IGNORECASE)
_WHOLE_WORD = re.compile(r"plate (number|name|id):?\Z", re.IGNORECASE)
"""A word that is no title of a column, nor a value."""

_COUNTING, _COUNTED = "Reader Type:", re.compile(r"plate \d+\Z", re.IGNORECASE)
"""Word of the head of a Gen5 export, and what Gen5 calls its plates."""
_SETTING = 4
"""Cell of the value of a setting, as EnVision writes them: ``Plate,,,,1`` above the map of a plate."""
_HEADING = "plate information"
_TITLES = ("plate", "repeat", "barcode")
"""Titles above the line of a plate, as EnVision begins them."""


def plate_named(sheet: Sheet, at: int) -> str:
    """Return the name of a plate that a row gives; empty for none.

    Parameters
    ----------
    sheet : Sheet
        Sheet of the row.
    at : int
        Index of the row in its sheet.
    """
    row = sheet.rows[at]
    if not row.cell(0) and row.width == 3:
        row = Row(row.line, row.cells[1:])  # shifted by one cell, as the line of the plate only
    if not _WORD.match(row.cell(0)):
        return ""
    if row.cell(1).casefold() == "repeat":
        below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else row
        return below.cell(0)
    if row.width == _SETTING + 1 and sum(map(bool, map(str.strip, row.cells))) == 2:
        return row.cell(_SETTING)
    return row.cell(1) if row.width == 2 else ""


def plate_line_faults(sheet: Sheet) -> Iterator[Fault]:
    """Name the lines that hold a word for a plate, and its name elsewhere than in the cell behind it or below it.

    Parameters
    ----------
    sheet : Sheet
        Sheet to look through.

    Yields
    ------
    Fault
        One for each line: the grids below it would be read as those of another plate.
    """
    yield from _stray_names(sheet)
    for row in sheet.rows:
        filled = [(at, cell.strip()) for at, cell in enumerate(row.cells) if cell.strip()]
        words = [at for at, cell in filled if _WHOLE_WORD.match(cell)]
        if len(filled) > 2 and filled[0][0] == 0 and len(words) > 1:
            yield Fault(sheet.where(row), f"'{filled[1][1]}' stands twice before the name of the plate.")
        elif len(filled) > 2 and words == [0] and filled[1][1] == filled[2][1]:
            yield Fault(sheet.where(row), f"'{filled[1][1]}' stands twice behind '{filled[0][1]}'.")
        titles = [cell.casefold() for _, cell in filled[:3]]
        if titles == list(_TITLES) and not row.cell(0):
            yield Fault(sheet.where(row), "The titles of the plate begin one cell too far right: was the line shifted?")
        if len(filled) == 2 and len(words) == 1 and filled[1][0] != filled[0][0] + 1:
            text = f"'{filled[1][1]}' does not stand in the cell behind '{filled[0][1]}': were cells shifted?"
            yield Fault(sheet.where(row), text)
        elif len(filled) == 2 and words == [filled[1][0]]:
            text = f"'{filled[1][1]}' stands behind '{filled[0][1]}': are these two cells swapped?"
            yield Fault(sheet.where(row), text)


def _stray_names(sheet: Sheet) -> Iterator[Fault]:
    """Name a plate as Gen5 counts them that stands without its word, or behind another one; and plates of no number."""
    is_counted = any(row.cell(0) == _COUNTING for row in sheet.rows)
    for at, row in enumerate(sheet.rows):
        if [cell.strip().casefold() for cell in row.cells[:3]] == list(_TITLES):
            below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else row
            odd = next((place for place in (0, 1) if not below.cell(place).isdecimal()), None)
            if odd is not None:
                text = f"'{below.cell(odd)}' stands below '{row.cell(odd).strip()}', where EnVision counts"
                yield Fault(sheet.where(below), f"{text}: is the line shifted, or another one?")
        if row.cell(0).casefold() == _HEADING and row.width == 1:
            below = sheet.rows[at + 1] if at + 1 < len(sheet.rows) else row
            if below.cell(0).casefold() != _TITLES[0]:
                yield Fault(
                    sheet.where(row), "No titles that begin with 'Plate' stand below this line: is a line lost?"
                )
        filled = [cell.strip() for cell in row.cells if cell.strip()] if is_counted else []
        if filled and len(filled) < 3 and _COUNTED.match(filled[-1]) and not _WORD.match(row.cell(0)):
            text = f"'{filled[-1]}' names a plate, and 'Plate Number' does not stand before it: is a cell out of place?"
            yield Fault(sheet.where(row), text)
