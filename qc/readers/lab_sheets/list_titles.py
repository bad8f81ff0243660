"""Titles of a list of samples that stand above the cells of another column: told by what those cells are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from schemas.errors import Fault
from schemas.plates.plate import place_of, well_of
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row, Sheet

_WELLS = frozenset({"well", "wells", "well position", "well id", "wellid"})
_KIND = re.compile(r"(?<![a-z])(sample|specimen|unknown|patient|control|ctrl|qc|calibrator|cal|standard|std|blank|neg|"
                   r"pos|bridg|ipc|npc|buffer)", re.IGNORECASE)  # fmt: skip
"""Words of which one at least stands in a column that says of what kind the samples are."""
_LEAST_ROWS, _LEAST_NAMES = 6, 4
"""Rows of one and the same name, and other names in another column, from which the two are taken for each other."""
_ROWS = 16
"""Rows of the largest plate that a list of samples is of: 384 wells."""
_SO = "does its title stand above another column?"


def title_faults(
    sheet: Sheet, header: Row, rows: Sequence[Row], *, analyte: int | None, role: int | None, units: Sequence[int]
) -> Iterator[Fault]:
    """Name the columns whose cells cannot be what their titles say.

    Parameters
    ----------
    analyte, role : int, optional
        Columns of the test and of the kind of the sample.
    units : sequence of int
        Columns of units.

    Yields
    ------
    Fault
        Tests and units that are numbers, kinds of samples that are none, wells that are none.
    """
    for column, what in ((analyte, "test"), *((unit, "unit") for unit in units)):
        odd = [] if column is None else [row for row in rows if _is_number(row.cell(column))]
        if odd and column is not None:
            title = header.cell(column)
            text = f"'{odd[0].cell(column)}' is a number and stands where the {what} does: {_SO}"
            yield Fault(sheet.where(odd[0], column, title), text)
    kinds: list[tuple[int | None, Callable[[str], object], str]] = [(role, _KIND.search, "kind of a sample")]
    for column, is_kind, what in (*kinds, *_wells(header)):
        cells = [] if column is None else [row.cell(column) for row in rows if row.cell(column)]
        if cells and column is not None and not any(map(is_kind, cells)):
            text = f"No cell of column '{header.cell(column)}' names a {what}, the first one says '{cells[0]}': {_SO}"
            yield Fault(sheet.where(header, column, header.cell(column)), text)


def lone_name(header: Row, rows: Sequence[Row], sample: int, other: int | None) -> str:
    """Say that all rows are of one sample, and another column holds many names; empty where they are not.

    Parameters
    ----------
    sample : int
        Column of the sample.
    other : int, optional
        Column that names what was measured.
    """
    names = {row.cell(sample) for row in rows}
    others = {row.cell(other) for row in rows} if other is not None else set()
    if len(names) > 1 or len(rows) < _LEAST_ROWS or len(others) < max(_LEAST_NAMES, len(rows) // 3):
        return ""
    titles = f"'{header.cell(sample)}'", f"'{header.cell(other or 0)}'"
    return (
        f"all rows have one name in column {titles[0]} and {len(others)} in column {titles[1]}: are these two swapped"
    )


def _wells(header: Row) -> Iterator[tuple[int, Callable[[str], object], str]]:
    for column, title in enumerate(header.cells):
        if title.strip().casefold() in _WELLS:
            yield column, _is_well, "well"


def _is_well(cell: str) -> bool:
    well = well_of(cell)
    return bool(well) and place_of(well)[0] < _ROWS


def _is_number(cell: str) -> bool:
    return cell.strip() != "1" and number_of(cell, ".") is not None
