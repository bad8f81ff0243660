"""A column with one empty cell: at its head, where its cells may have been shifted down, or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.file_remark import FileRemark, RemarkKind

if TYPE_CHECKING:
    from qc.readers.account import Account, Table
    from schemas.text_tables.sheet import Row, Sheet

_LEAST_ROWS = 3
"""Rows below it from which one gap at the head of a full column looks like a column that was shifted."""
_MOST_HALVES = 2
"""Rows with one of two cells, of which the one may have been moved from the other."""
_LEAST_ROWS_TO_HOLD = 7
"""Rows from which it is held against the file: as many as a plate has below its first; in fewer it is often chance."""


def first_gaps(account: Account, sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the columns that were read and of which only the first cell is empty.

    Beside other gaps, or above few rows, it is flagged and no more: people leave cells empty.
    """
    is_only_one = len(_gaps(table)) == 1
    sorts: dict[str, list[Row]] = {}
    for row in table.rows:
        sorts.setdefault(row.cell(table.sort) if table.sort >= 0 else "", []).append(row)
    for first, *rest in sorts.values():
        for column in range(table.header.width if len(rest) >= _LEAST_ROWS else 0):
            if table.columns >> column & 1 and not first.cell(column) and all(row.cell(column) for row in rest):
                title = table.header.cell(column)
                text = f"nly the first cell of column '{title}' is empty: were its cells shifted down by a row"
                if len(rest) >= _LEAST_ROWS_TO_HOLD and (is_only_one or table.sort >= 0):
                    yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(first, column, title), f"O{text}?")
                else:
                    account.flag(sheet, first, _beside(first), word=f"o{text}")


def flag_only_gap(account: Account, sheet: Sheet, table: Table) -> None:
    """Flag the only gap of a table, beside it.

    It is told and no more: somebody may have left one cell empty, and what it lacks is judged where it is needed.
    """
    gaps = _gaps(table)
    if len(gaps) == 1 and len(table.rows) > _LEAST_ROWS and gaps[0][0] is not table.rows[0] and table.sort < 0:
        row, column = gaps[0]
        word = f"column '{table.header.cell(column)}' is empty in this row alone"
        account.flag(sheet, row, _beside(row), word=word)


def lone_halves(account: Account, sheet: Sheet, table: Table) -> None:
    """Flag the rows that have one of two neighbouring cells where other rows have both or neither."""
    for left in range(table.header.width - 1):
        if table.columns >> left & 0b11 != 0b11:
            continue
        pairs = [(bool(row.cell(left)), bool(row.cell(left + 1))) for row in table.rows]
        halves = [at for at, pair in enumerate(pairs) if pair[0] != pair[1]]
        if halves and len(halves) <= _MOST_HALVES and {(True, True), (False, False)} <= set(pairs):
            row = table.rows[halves[0]]
            titles = table.header.cell(left), table.header.cell(left + 1)
            word = f"all other rows have both '{titles[0]}' and '{titles[1]}' or neither: is a cell out of place"
            account.flag(sheet, row, left if pairs[halves[0]][0] else left + 1, word=word)


def _gaps(table: Table) -> list[tuple[Row, int]]:
    """Return the empty cells of columns that were read, but for columns that are empty."""
    columns = [column for column in range(table.header.width) if table.columns >> column & 1]
    filled = [column for column in columns if any(row.cell(column) for row in table.rows)]
    return [(row, column) for row in table.rows for column in filled if not row.cell(column)]


def _beside(row: Row) -> int:
    """Return a column of a row that is not empty: nothing can be said of an empty cell."""
    return next((column for column in range(row.width) if row.cell(column)), 0)
