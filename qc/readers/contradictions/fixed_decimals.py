"""Cells and titles out of place that only the number of decimals shows: neighbours, and a ratio beside its parts.

A program that writes 935.082 and 0.99 in every row writes no row with 0.99 and 935.082: where both columns keep their
decimals in all other rows, the two cells changed places. Two columns with the same decimals say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.readers.text.decimals import exchanged, fixed_decimals, written_decimals
from qc.readers.text.kept_relations import ratios
from schemas.file_remark import FileRemark, RemarkKind

if TYPE_CHECKING:
    from qc.readers.account import Table
    from schemas.text_tables.sheet import Sheet

_MOST_WIDE = 40


def swapped_decimals(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the rows in which two neighbours are written with the decimals of each other's column."""
    width = min(table.header.width, _MOST_WIDE)
    written = [[written_decimals(row.cell(column)) for row in table.rows] for column in range(width)]
    for left in range(width - 1):
        if table.columns >> left & 0b11:
            for at in exchanged(written[left], written[left + 1]):
                row, titles = table.rows[at], (table.header.cell(left), table.header.cell(left + 1))
                text = f"'{row.cell(left)}' has the decimals of column '{titles[1]}', '{row.cell(left + 1)}' those of"
                sentence = f"{text} '{titles[0]}', as all other rows have them: are these two cells swapped?"
                yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row, left, titles[0]), sentence)


def misplaced_ratios(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the ratios that are written like one of their two parts while the other part is not.

    A ratio and its divisor may change their titles without a number to show it: both give the other.
    """
    for column, parts, _, _ in ratios(table.header) if table.header.width <= _MOST_WIDE else ():
        own, *both = (fixed_decimals([written_decimals(row.cell(at)) for row in table.rows]) for at in (column, *parts))
        if None not in (own, *both) and both[0] != both[1] and own in both:
            titles = [table.header.cell(at) for at in parts]
            text = f"'{titles[0]}' and '{titles[1]}' differ in their decimals, and this ratio has those of one of them"
            where = sheet.where(table.header, column, table.header.cell(column))
            yield FileRemark(RemarkKind.INSTRUMENT, where, f"{text}: did two titles change places?")
