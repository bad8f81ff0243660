"""What becomes of the cells of a grid, and of the sections that plate readers write around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schemas.plates.grid import Grid
from schemas.text_tables.sheet import Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account

_SECTION = re.compile(
    r"(plate information|background information|basic assay information|plate type|meas|curve name|"
    r"procedure|protocol information|instrument|filters?|mirrors?|labels?|operations|auto export parameters)\s*:?\Z",
    re.IGNORECASE,
)
"""First cells of sections that hold settings or fitted curves, as EnVision, Kaleido and Gen5 write them."""


def tell_grid(grid: Grid, account: Account) -> None:
    """Say that the numbers of columns, the letters, the readings and the labels of a grid were read."""
    first, last = grid.start - 1, grid.start + grid.n_columns
    rows = [row for _, row in grid.rows]
    account.compare(grid.sheet, grid.header, rows, range(grid.start, last), is_loose=False)
    for row in (grid.header, *(row for _, row in grid.rows)):
        account.use(grid.sheet, row, *range(first, last + 1))


def leave_grid(grid: Grid, account: Account) -> None:
    """Say that a grid holds no signals."""
    for row in (grid.header, *(row for _, row in grid.rows)):
        account.leave(grid.sheet, row, reason="a layout, or a grid without a number")


def leave_sections(sheet: Sheet, account: Account) -> None:
    """Leave aside the sections of settings that plate readers write: from their title to the next blank line."""
    is_inside = False
    for row in sheet.rows:
        is_inside = not row.is_blank and (is_inside or bool(_SECTION.match(row.cell(0))))
        if is_inside:
            account.leave(sheet, row, reason="settings and curves of the reader")
