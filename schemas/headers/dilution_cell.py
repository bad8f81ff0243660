"""Cells that hold a dilution: one that cannot be read refuses the file, for results are multiplied by it."""

from __future__ import annotations

from schemas.errors import Fault
from schemas.headers.cells import is_blank
from schemas.text_tables.sheet import Row, Sheet
from schemas.written_dilution import dilution_as_written, dilution_hint


def dilution_cell(sheet: Sheet, row: Row, place: int | None, faults: list[Fault], *, mark: str = ".") -> float | None:
    """Read a cell that holds a dilution.

    Parameters
    ----------
    sheet, row : Sheet, Row
        Where the cell stands.
    place : int or None
        Index of the column; None if there is none.
    faults : list of Fault
        A cell that is no dilution is added to it.
    mark : str
        Decimal mark of the file.

    Returns
    -------
    float or None
        Factor above 0, without unit; None for an empty cell, no column, and after a fault.
    """
    text = "" if place is None else row.cell(place)
    if is_blank(text):
        return None
    factor = dilution_as_written(text, mark)
    if factor is None:
        faults.append(Fault(sheet.where(row, place, "dilution"), dilution_hint(text)))
    return factor
