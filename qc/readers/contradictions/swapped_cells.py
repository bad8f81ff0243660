"""Neighbours in a row that each look like the column of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.readers.contradictions.cell_shapes import is_word, shape_of, usual_shape
from schemas.file_remark import FileRemark, RemarkKind

if TYPE_CHECKING:
    from qc.readers.account import Account, Table
    from schemas.text_tables.sheet import Sheet

_MOST_WIDE = 40
_LEAST_USES = 2
"""Rows of the other column in which each of two swapped words must stand."""


def swapped_cells(account: Account, sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name neighbours in a row that each look like the column of the other, and unlike their own.

    Columns of which neither was read are not looked at, and columns that share their words (who measured, who looked
    it over) hold none that is out of place. Words of one shape are flagged and no more: the two may be of one kind.
    """
    width = min(table.header.width, _MOST_WIDE)
    words = [Counter(row.cell(column) for row in table.rows) for column in range(width)]
    shapes = [usual_shape(words[column]) for column in range(width)]
    for left in range(width - 1):
        if not table.columns >> left & 0b11:
            continue
        own, next_ = words[left : left + 2]
        shared = {word for word in own.keys() & next_.keys() if word}
        for row in table.rows:
            a, b = row.cell(left), row.cell(left + 1)
            if not (a and b) or own[a] > 1 or next_[b] > 1 or a == b:
                continue
            is_shaped = shapes[left] != shapes[left + 1] and [shape_of(b), shape_of(a)] == shapes[left : left + 2]
            least = min(_LEAST_USES, len(table.rows) - 1) if len(table.rows) > 1 else _LEAST_USES
            is_named = shared == {a, b} and min(next_[a], own[b]) >= least and (is_word(a) or is_word(b))
            text = f"'{a}' and '{b}' each look like the column of the other: are these two cells swapped"
            if is_shaped or (is_named and shape_of(a) != shape_of(b)):
                yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row), f"{text}?")
            elif is_named:
                account.flag(sheet, row, left, word=text)
