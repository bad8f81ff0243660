"""What rows that nobody read look like: data that should have been read, or the lines that stand around a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from schemas.headers.column_names import known_titles, positions
from schemas.headers.header import kind_of
from schemas.headers.row_words import kind_of_words
from schemas.text_tables.sheet import Row

_NUMBER = re.compile(r"[<>=~*\u2264\u2265\s]*[+\-\u2212]?([0-9]+([.,][0-9]+)*|[.,][0-9]+)([eE][+\-]?[0-9]+)?\s*[%*]?\Z")
_WELL = re.compile(r"[A-Pa-p]0?[1-9][0-9]?\Z")
_NAMED = frozenset({"summary", "signature", "remark"})
"""Lines that may hold numbers and are no data."""
_NUMBERS_OF_DATA = 3
"""Numbers in a row from which it looks like data, whatever stands beside them."""
_ROWS_OF_DATA = 3
"""Rows in a row with a number in the same place from which they look like data."""


def looks_of(rows: Sequence[Row], *, is_above: bool) -> str:
    """Tell whether rows look like data.

    Parameters
    ----------
    rows : sequence of Row
        Rows that follow each other, none blank.
    is_above : bool
        Whether they stand above all that was read, where settings are listed by name and number.

    Returns
    -------
    str
        Beginning of a sentence, ``It looks like a second table``; empty if they do not.
    """
    if any(_is_known_header(row) for row in rows):
        return "It looks like a second table"
    if any(_is_data(row) for row in rows):
        return "It looks like a second table" if len(rows) > 1 else "It looks like a row of data"
    return "It looks like a list of numbers" if _is_list(rows, least_cells=3 if is_above else 2) else ""


def _is_known_header(row: Row) -> bool:
    if row.width < 2:
        return False
    maps = positions(row, known_titles("map"))
    return bool(kind_of(positions(row, known_titles("tidy")))) or ("well" in maps and len(maps) > 1)


def _is_data(row: Row) -> bool:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    if kind_of_words(filled[0]) in _NAMED:
        return False
    n_numbers = sum(bool(_NUMBER.match(cell)) for cell in filled)
    n_wells = sum(bool(_WELL.match(cell)) for cell in filled[:3])
    return n_numbers >= _NUMBERS_OF_DATA or (n_wells > 0 and n_numbers > 0)


def _is_list(rows: Sequence[Row], *, least_cells: int) -> bool:
    """Tell whether some rows below each other have a number in the same place and hold the same number of cells."""
    alike = 0
    before: tuple[int, int] | None = None
    for row in rows:
        if kind_of_words(_first(row)) in _NAMED:
            alike, before = 0, None
            continue
        filled = [index for index, cell in enumerate(row.cells) if cell.strip()]
        numbers = [index for index in filled if _NUMBER.match(row.cells[index].strip())]
        shape = (len(filled), numbers[0]) if numbers else None
        alike = alike + 1 if shape is not None and shape == before else 1 if shape else 0
        before = shape
        if alike >= _ROWS_OF_DATA and (len(filled) == 1 or len(filled) >= least_cells):
            return True
    return False


def named_look(rows: Sequence[Row], *, is_above: bool) -> str:
    """Name what rows around a table are.

    Parameters
    ----------
    rows : sequence of Row
        Rows that follow each other, none blank.
    is_above : bool
        Whether they stand above all that was read.

    Returns
    -------
    str
        ``signature``, ``closing line``, ``remark``, or where they stand.
    """
    default = "above what was read" if is_above else "below what was read"
    return kind_of_words(_first(rows[0])) or default


def _first(row: Row) -> str:
    return next((cell.strip() for cell in row.cells if cell.strip()), "")
