"""Words that stand in one column and belong to another, codes among decimals or below the title of a mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from qc.readers.contradictions.cell_shapes import is_code, is_word, shape_of, usual_shape
from qc.readers.text.summaries import statistic_of
from schemas.file_remark import FileRemark, RemarkKind

if TYPE_CHECKING:
    from qc.readers.account import Table
    from schemas.text_tables.sheet import Sheet

_LEAST_ROWS = 3
_LEAST_USES = 2
"""Rows in which a word must stand in its own column before it is out of place in another."""
_MOST_WORDS_COLUMNS, _MOST_COLUMNS, _MOST_WIDE = 8, 20, 40
"""Columns of words, and columns of any kind, that are compared with each other."""
_MOST_LOOKED_AT = 400


def stray_words(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the words that stand in a column once and in another one everywhere else.

    A word that looks like all others of the column in which it stands (well C1 beside a control C1), or whose row has a
    usual word in that other column too, is none: people choose short names, and write them into notes. Two columns of
    which neither was read are not compared.
    """
    looked_at = range(min(table.header.width, _MOST_WIDE))
    counts = {column: Counter(row.cell(column) for row in table.rows) for column in looked_at}
    for column in looked_at:
        counts[column].pop("", None)
    repeated = [c for c in looked_at if any(n >= _LEAST_USES and is_word(w) for w, n in counts[c].items())]
    shapes = {column: usual_shape(counts[column]) for column in looked_at}
    for own, other in product(repeated[:_MOST_WORDS_COLUMNS], looked_at[:_MOST_COLUMNS]):
        is_read = table.columns >> own & 1 or table.columns >> other & 1
        for word, n in counts[own].items() if own != other and is_read else ():
            if n < _LEAST_USES or counts[other].get(word) != 1 or not is_word(word) or shape_of(word) == shapes[other]:
                continue
            row = next(row for row in table.rows if row.cell(other) == word)
            if row.cell(own) and (_is_own(row.cell(own), word, counts[own]) or _is_sparse(counts[other], table)):
                continue
            titles = table.header.cell(own), table.header.cell(other)
            text = f"'{word}' stands here in column '{titles[1]}' and {n} times in column '{titles[0]}':"
            where = sheet.where(row, other, titles[1])
            yield FileRemark(RemarkKind.INSTRUMENT, where, f"{text} is a cell out of place?")


def _is_own(cell: str, word: str, words: Counter[str]) -> bool:
    """Tell whether a cell is as good in its column as the word that would belong there."""
    return words[cell] >= _LEAST_USES or shape_of(cell) == shape_of(word)


def _is_sparse(words: Counter[str], table: Table) -> bool:
    """Tell whether a column is filled in fewer than half of the rows, as notes are."""
    return 2 * words.total() < len(table.rows)


def lonely_codes(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the only code in a column of decimals."""
    for column in range(min(table.header.width, _MOST_WIDE)):
        filled = [row for row in table.rows if row.cell(column)]
        odd = [row for row in filled[:_MOST_LOOKED_AT] if is_code(row.cell(column))]
        if len(odd) != 1 or 2 * len(filled) < len(table.rows):
            continue
        decimals = [row for row in filled if any(mark in row.cell(column) for mark in ".,") and row is not odd[0]]
        if len(decimals) >= max(_LEAST_ROWS, len(filled) / 2):
            title = table.header.cell(column)
            text = (
                f"'{odd[0].cell(column)}' is the only cell of column '{title}' that is no number: is it out of place?"
            )
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(odd[0], column, title), text)


def misnamed_summaries(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the columns that are called a mean or a spread and hold codes: titles that changed places."""
    for column, title in enumerate(table.header.cells[:_MOST_WIDE]):
        cells = [row.cell(column) for row in table.rows if row.cell(column)] if statistic_of(title) else []
        if len(cells) >= _LEAST_ROWS and all(map(is_code, cells)):
            text = f"Column '{title.strip()}' holds '{cells[0]}' and no number: does its title stand in its place?"
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(table.header, column, title.strip()), text)
