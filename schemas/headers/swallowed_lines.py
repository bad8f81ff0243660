"""Lines that a stray quote has swallowed: a quoted cell that holds whole rows of its own table."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

_MOST_FAULTS = 20


def swallowed_lines(sheet: Sheet) -> list[Fault]:
    """Name each cell of a text that holds a line break and delimiters: rows that nobody would read.

    Parameters
    ----------
    sheet : Sheet
        Sheet of a text.

    Returns
    -------
    list of Fault
        At most twenty; a cell of several lines without a delimiter is a remark of several lines, and none.
    """
    faults = [fault for row, end in _long_rows(sheet) for fault in _swallowing(sheet, row, end)]
    return faults[:_MOST_FAULTS]


def _long_rows(sheet: Sheet) -> Iterator[tuple[Row, int]]:
    """Yield the rows that stand on more than one line, with their last line."""
    if not sheet.delimiter or sheet.row_word:
        return
    for row, below in zip(sheet.rows, sheet.rows[1:], strict=False):
        if below.line > row.line + 1:
            yield row, below.line - 1
    for row in sheet.rows[-1:]:
        n_breaks = sum(len(cell.splitlines()) - 1 for cell in row.cells if cell)
        if n_breaks:
            yield row, row.line + n_breaks


def _swallowing(sheet: Sheet, row: Row, end: int) -> Iterator[Fault]:
    for column, cell in enumerate(row.cells):
        if sheet.delimiter in cell and len(cell.splitlines()) > 1:
            text = (
                f"A quote opens here and closes in line {end}, so that one cell holds these lines whole. "
                "Delete the stray quote, or write the remark on one line."
            )
            yield Fault(sheet.where(row, column), text)
