"""Grid maps: a matrix of names below column numbers, one or several plates a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from qc.readers.text.comments import comment_mark
from schemas.errors import Fault
from schemas.plates.grid import Grid, find_grids
from schemas.plates.map_well import MapWell, role_of_name
from schemas.plates.plate import row_letter
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account


def grid_wells(
    sheets: Sequence[Sheet], standards: Mapping[str, float], faults: list[Fault], account: Account
) -> list[MapWell]:
    """Read the wells of every grid.

    Parameters
    ----------
    standards : mapping of str to float
        Concentration by calibrator name.
    """
    grids = [grid for sheet in sheets for grid in find_grids(sheet)]
    by_name = {name.casefold(): conc for name, conc in standards.items()}
    wells: list[MapWell] = []
    for grid in grids:
        _tell(grid, account)
        wells += _wells(grid, grid.plate if len(grids) > 1 else "", by_name, faults)
    used = {well.name.casefold() for well in wells}
    faults += [
        Fault(f"key 'standards.{name}'", f"Calibrator '{name}' of the run sheet is in no well of the plate map.")
        for name in standards
        if grids and name.casefold() not in used
    ]
    return wells


def _tell(grid: Grid, account: Account) -> None:
    columns = range(grid.start - 1, grid.start + grid.n_columns)
    account.compare(grid.sheet, grid.header, [row for _, row in grid.rows], columns)
    tell_open_end(account, grid.sheet, [row for _, row in grid.rows])
    for _, row in grid.rows:
        for at, words in _notes_beside(grid, row):
            account.flag(grid.sheet, row, at, word=words)
    for row in (grid.header, *(row for _, row in grid.rows)):
        account.use(grid.sheet, row, *columns)


def _notes_beside(grid: Grid, row: Row) -> Iterator[tuple[int, str]]:
    """Yield what stands beside a row of a grid map: a remark on all its wells."""
    inside = range(grid.start - 1, grid.start + grid.n_columns)
    for at in [at for at in range(row.width) if at not in inside and row.cell(at)]:
        yield at, comment_mark(row.cell(at), grid.sheet.where(row), word="note of the map")


def tell_open_end(account: Account, sheet: Sheet, rows: Sequence[Row]) -> None:
    """Flag the last cell of a map with which its file ends, without a line end."""
    if rows and rows[-1].line == account.open_line:
        words = "the file ends without a line end: whether this cell is whole cannot be told"
        account.flag(sheet, rows[-1], max(rows[-1].width - 1, 0), word=words)


def _wells(grid: Grid, plate: str, standards: Mapping[str, float], faults: list[Fault]) -> list[MapWell]:
    if grid.sheet.name or len(grid.rows) != len({index for index, _ in grid.rows}):
        faults += grid.faults()
    wells = []
    for index, row in grid.rows:
        note = "; ".join(words for _, words in _notes_beside(grid, row))
        for column in range(grid.n_columns):
            name = row.cell(grid.start + column)
            if not name:
                continue
            conc = standards.get(name.casefold())
            role = "calibrator" if conc is not None else role_of_name(name)
            well = f"{row_letter(index)}{column + 1}"
            material = name if role == "control" else ""
            wells.append(
                MapWell(
                    well=well, line=row.line, role=role, name=name, plate=plate, conc=conc, material=material, note=note
                )
            )
    return wells
