"""Rows that begin or end elsewhere than the others: a cell too many or too few, readings in other columns, the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.file_remark import FileRemark, RemarkKind

if TYPE_CHECKING:
    from qc.readers.account import Table
    from schemas.text_tables.sheet import Sheet

_LEAST_ROWS = 3
_NEARLY_ALL = 0.9
"""Part of the other rows that must have as many cells as each other."""


def uneven_rows(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the few rows of a text that have more or fewer cells than nearly all others, empty ones counted."""
    if table.is_loose:
        return
    counts = Counter(len(row.cells) for row in table.rows)
    (usual, n), *_ = [*counts.most_common(1), (0, 0)]
    if sheet.name or len(table.rows) < _LEAST_ROWS or n < _NEARLY_ALL * (len(table.rows) - 1):
        return
    for row in table.rows:
        if len(row.cells) != usual:
            text = f"The row has {len(row.cells)} cells, the others have {usual}; its cells may be shifted."
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row), text)


def shifted_readings(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the rows of a grid with a reading where no other row has one, and none where all others have one."""
    columns = [at for at in range(table.header.width) if table.columns >> at & 1 and table.header.cell(at).isdecimal()]
    rows = [row for row in table.rows if any(row.cell(at) for at in columns)]
    n_filled = {at: sum(bool(row.cell(at)) for row in rows) for at in columns}
    odd = [at for at in columns if n_filled[at] == 1]
    nearly_full = [at for at in columns if n_filled[at] == len(rows) - 1 > _LEAST_ROWS]
    for row in rows if odd and nearly_full else ():
        here = [table.header.cell(at) for at in odd if row.cell(at)]
        there = [table.header.cell(at) for at in nearly_full if not row.cell(at)]
        if here and there:
            text = f"Only this row has a reading in column {here[0]}, and all others have one in column {there[0]}:"
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row), f"{text} its readings may be shifted.")


def open_ends(sheet: Sheet, table: Table, open_line: int) -> Iterator[FileRemark]:
    """Tell that a file ends without a line end: in the line right below a table, or in a row that lacks cells."""
    last = table.rows[-1] if table.rows else None
    if last and last.line == open_line and len(last.cells) < table.header.width and not sheet.row_word:
        text = f"The last row has {len(last.cells)} of {table.header.width} cells and no line end: it was cut."
        yield FileRemark(RemarkKind.END, f"line {open_line}", f"{text} Export it again.")
    if table.rows and table.rows[-1].line + 1 == open_line and not sheet.row_word:
        text = (
            "The file ends in this line, right below a table, and without a line end: was it cut in a row? Compare it."
        )
        yield FileRemark(RemarkKind.END, f"line {open_line}", text)
