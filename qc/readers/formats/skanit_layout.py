"""What the sheet ``Layout definitions`` of a SkanIt workbook says sits in the wells of each plate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from schemas.errors import Fault
from schemas.plates.plate import row_index
from schemas.plates.plate_words import ExportWell
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

_SHEET = "Layout definitions"
_ROLES = (
    (re.compile(r"(std|standard|cal)", re.IGNORECASE), "calibrator"),
    (re.compile(r"(blank|blk)", re.IGNORECASE), "blank"),
    (re.compile(r"(ctrl|control|contr)", re.IGNORECASE), "control"),
    (re.compile(r"un[0-9]+\Z", re.IGNORECASE), "sample"),
)
_RATIO = re.compile(r"1:([0-9]+(?:[.,][0-9]+)?)\Z")
"""SkanIt writes 1:1 below every unknown that nobody has diluted: the second number is the factor."""

Used = list[tuple[Sheet, Row]]


def layout_of(sheets: Sequence[Sheet], faults: list[Fault]) -> tuple[dict[str, list[ExportWell]], Used]:
    """Read the layouts of all plates.

    Parameters
    ----------
    sheets : sequence of Sheet
        Sheets of the workbook.
    faults : list of Fault
        A cell below a name that stands below no name is added to it.

    Returns
    -------
    tuple of dict and list
        Wells by name of the plate, and the rows that were read; empty without such a sheet. Below a name stand its
        group, and a dose in the unit of the layout or a dilution such as ``1:10``.
    """
    found: dict[str, list[ExportWell]] = {}
    used: Used = []
    sheet = next((sheet for sheet in sheets if sheet.name == _SHEET), None)
    columns: dict[int, int] = {}
    plate, letter = "", Row(0, ())
    for row in sheet.rows if sheet else ():
        if row.cell(0) == "Name" and row.cell(1):
            plate, columns = row.cell(1), {}
            found[plate] = []
        elif plate and not row.cell(0) and row.cell(1) == "1" and not columns:
            columns = {place: int(cell) for place, cell in enumerate(row.cells) if cell.strip().isdecimal()}
        elif columns and row_index(row.cell(0)) is not None:
            letter = row
            named = {f"{row.cell(0).upper()}{column}": row.cell(place) for place, column in columns.items()}
            found[plate] += [named_well(well, name, row.line) for well, name in named.items() if name]
        elif columns and letter.line and not row.is_blank and not row.cell(0):
            found[plate] = [_with(one, row, letter, columns) for one in found[plate]]
            odd = [place for place in range(row.width) if row.cell(place) and not letter.cell(place)]
            text = "'{}' stands below a well that has no name."
            faults += [Fault(sheet.where(row, place), text.format(row.cell(place))) for place in odd if sheet]
        else:
            continue
        used += [(sheet, row)] if sheet else []
    if sheet is not None:
        faults += _undiluted(sheet, found)
        faults += [] if any(found.values()) else [Fault(f"sheet '{_SHEET}'", "The sheet holds no layout of a plate.")]
    return found, used


def _undiluted(sheet: Sheet, found: dict[str, list[ExportWell]]) -> list[Fault]:
    """Name the unknowns below which no dilution stands: SkanIt writes one below each, so a line is lost."""
    text = "Well {} of plate '{}' is an unknown without a dilution, which SkanIt writes below each: is a line lost?"
    return [
        Fault(sheet.where(Row(one.line, ())), text.format(one.well, plate))
        for plate, wells in found.items()
        for one in wells
        if one.role == "sample" and one.dilution is None
    ]


def named_well(well: str, name: str, line: int) -> ExportWell:
    """Return a well whose role its name tells: SkanIt calls them Std, Un, Blank and Ctrl with a number.

    Parameters
    ----------
    well, name : str
        Well such as ``A1``, and what the workbook calls its content.
    line : int
        Row of the sheet.
    """
    role = next((role for form, role in _ROLES if form.match(name)), "")
    return ExportWell(well=well, line=line, name=name, role=role)


def _with(one: ExportWell, row: Row, letter: Row, columns: dict[int, int]) -> ExportWell:
    """Add the dose or the dilution that stands below a name; another word is its group."""
    place = next((p for p, column in columns.items() if one.well == f"{letter.cell(0).upper()}{column}"), None)
    text = "" if place is None else row.cell(place)
    ratio, number = _RATIO.match(text), number_of(text, ".")
    if ratio:
        return replace(one, dilution=number_of(ratio[1], "."))
    if number is not None and one.role == "calibrator":
        return replace(one, conc=number)
    return one
