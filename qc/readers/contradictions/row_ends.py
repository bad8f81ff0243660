"""Rows of a text that end elsewhere than the others: a cell too many or too few, or the end of the file."""

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
    counts = Counter(len(row.cells) for row in table.rows)
    (usual, n), *_ = [*counts.most_common(1), (0, 0)]
    if sheet.name or len(table.rows) < _LEAST_ROWS or n < _NEARLY_ALL * (len(table.rows) - 1):
        return
    for row in table.rows:
        if len(row.cells) != usual:
            text = f"The row has {len(row.cells)} cells, the others have {usual}; its cells may be shifted."
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row), text)


def open_ends(sheet: Sheet, table: Table, open_line: int) -> Iterator[FileRemark]:
    """Tell that a file ends in the line right below a table, without a line end."""
    if table.rows and table.rows[-1].line + 1 == open_line and not sheet.row_word:
        text = (
            "The file ends in this line, right below a table, and without a line end: was it cut in a row? Compare it."
        )
        yield FileRemark(RemarkKind.END, f"line {open_line}", text)
