"""Units that stand in the header of a table: ``Result (ng/mL)``; beside a column of units they must agree with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any  # Any: cells of a row

from schemas.errors import Fault
from schemas.headers.cells import Cells
from schemas.headers.column_names import units_of
from schemas.headers.header import Header
from schemas.ucum import parse_unit


def header_unit(header: Header, cells: Cells) -> str:
    """Return the unit that the header states for its numbers; empty if it states none.

    Several that differ, and a column of units that says otherwise in a row, are faults.
    """
    units = units_of(header.row, header.columns)
    codes = {parse_unit(unit).code for unit in units.values()}
    if len(codes) > 1:
        titles = " and ".join(f"'{header.row.cell(header.columns[ours])}'" for ours in units)
        text = f"Columns {titles} are in different units; write all numbers of a result in one."
        cells.faults.append(Fault(header.sheet.where(header.row), text))
    unit = next(iter(units.values()), "")
    for row in header.rows if unit and "unit" in header.columns else ():
        written = cells.text(row, "unit")
        if written and parse_unit(written).code != parse_unit(unit).code:
            cells.refuse(row, "unit", f"The unit '{written}' is not that of the header, {unit}. Which one is right?")
    return unit


def with_header_units(
    rows: list[dict[str, Any]], units: Mapping[str, str], header: Header, cells: Cells
) -> list[dict[str, Any]]:
    """Return the rows of a sheet with the unit of its header where it has a unit and a row states none."""
    if not units or not rows or "unit" not in rows[0]:
        return rows
    unit = header_unit(header, cells)
    return [row | {"unit": row["unit"] or unit} for row in rows]
