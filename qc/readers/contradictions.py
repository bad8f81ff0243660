"""What the tables of a file say against themselves, asked of every table that a reader names in the account.

A mean that is not that of its wells, a ratio that is not that of its parts, a word of one column that stands in
another, a column that begins with its only gap: each is told, none is repaired. What no statement of the file
contradicts cannot be known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from qc.readers.text.kept_relations import broken_relations
from qc.readers.text.summaries import contradicted_summaries, groups_of, statistic_of
from schemas.file_remark import FileRemark, RemarkKind
from schemas.plates.plate import flag_of
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.value import ValueState, parse_value

if TYPE_CHECKING:
    from qc.readers.account import Account, Table
    from schemas.text_tables.sheet import Row, Sheet

_LEAST_ROWS = 3
"""Rows below it from which one gap at the head of a full column looks like a column that was shifted."""
_NEARLY_ALL = 0.9
"""Part of the other rows that must have as many cells as each other."""
_LEAST_USES = 2
"""Rows in which a word must stand in its own column before it is out of place in another."""
_MOST_WORDS_COLUMNS, _MOST_COLUMNS = 8, 20
"""Columns of words, and columns of any kind, that are compared with each other."""
_MOST_REMARKS = 20
_MOST_WIDE, _MOST_SHAPED = 40, 500
_MOST_KEPT = 4096
"""Cells whose nature is kept in mind; a plate has a few hundred that differ."""


def contradictions(account: Account) -> tuple[FileRemark, ...]:
    """Name what the tables of a file say against themselves.

    Parameters
    ----------
    account : Account
        What the reader said of its cells, with its tables.

    Returns
    -------
    tuple of FileRemark
        One for each place, at most twenty of a kind and table.
    """
    remarks: list[FileRemark] = []
    for marks in account.marks():
        for table in marks.compared:
            remarks += [*_numbers(marks.sheet, table), *_gaps(marks.sheet, table)][:_MOST_REMARKS]
            remarks += list(_strangers(marks.sheet, table))[:_MOST_REMARKS]
            _flag_only_gap(account, marks.sheet, table)
            remarks += list(_cut_below(marks.sheet, table, account.open_line))
        for table in marks.tables:
            remarks += list(_uneven(marks.sheet, table))[:_MOST_REMARKS]
            remarks += [*_words(marks.sheet, table), *_swaps(marks.sheet, table)][:_MOST_REMARKS]
    return tuple(remarks)


def _numbers(sheet: Sheet, table: Table) -> list[FileRemark]:
    mark = decimal_mark(cell for row in table.rows[:200] for cell in row.cells if cell[:1].isdigit())
    remarks = list(broken_relations(sheet, table.header, table.rows, mark=mark))
    if table.alike and any(map(statistic_of, table.header.cells)):
        groups = groups_of(table.rows, table.alike)
        remarks += contradicted_summaries(sheet, table.header, groups, names=table.alike, mark=mark)
    return remarks


def _gaps(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the columns that were read and of which only the first cell is empty."""
    sorts: dict[str, list[Row]] = {}
    for row in table.rows:
        sorts.setdefault(row.cell(table.sort) if table.sort >= 0 else "", []).append(row)
    for first, *rest in sorts.values():
        for column in range(table.header.width if len(rest) >= _LEAST_ROWS else 0):
            if table.columns >> column & 1 and not first.cell(column) and all(row.cell(column) for row in rest):
                title = table.header.cell(column)
                text = f"Only the first cell of column '{title}' is empty: were its cells shifted down by a row?"
                yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(first, column, title), text)


def _flag_only_gap(account: Account, sheet: Sheet, table: Table) -> None:
    # Told and no more: somebody may have left one cell empty, and what the cell lacks is judged where it is needed.
    columns = [column for column in range(table.header.width) if table.columns >> column & 1]
    filled = [column for column in columns if any(row.cell(column) for row in table.rows)]
    gaps = [(row, column) for row in table.rows for column in filled if not row.cell(column)]
    if len(gaps) == 1 and len(table.rows) > _LEAST_ROWS and gaps[0][0] is not table.rows[0] and table.sort < 0:
        row, column = gaps[0]
        beside = next(index for index in filled if row.cell(index))
        account.flag(sheet, row, beside, word=f"column '{table.header.cell(column)}' is empty in this row alone")


def _uneven(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the few rows of a text that have more or fewer cells than nearly all others, empty ones counted."""
    counts = Counter(len(row.cells) for row in table.rows)
    (usual, n), *_ = [*counts.most_common(1), (0, 0)]
    if sheet.name or len(table.rows) < _LEAST_ROWS or n < _NEARLY_ALL * (len(table.rows) - 1):
        return
    for row in table.rows:
        if len(row.cells) != usual:
            text = f"The row has {len(row.cells)} cells, the others have {usual}; its cells may be shifted."
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row), text)


def _cut_below(sheet: Sheet, table: Table, open_line: int) -> Iterator[FileRemark]:
    """Tell that a file ends in the line right below a table, without a line end."""
    if table.rows and table.rows[-1].line + 1 == open_line and not sheet.row_word:
        text = (
            "The file ends in this line, right below a table, and without a line end: was it cut in a row? Compare it."
        )
        yield FileRemark(RemarkKind.END, f"line {open_line}", text)


def _words(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the words that stand in a column once and in another one everywhere else.

    A word that looks like all others of the column in which it stands (well C1 beside a control C1), or whose row has a
    usual word in that other column too, is none: people choose short names, and write them into notes.
    """
    read = list(range(min(table.header.width, _MOST_WIDE)))
    counts = {column: Counter(row.cell(column) for row in table.rows) for column in read}
    for column in read:
        counts[column].pop("", None)
    repeated = [c for c in read if any(n >= _LEAST_USES and _is_word(w) for w, n in counts[c].items())]
    shapes = {column: _usual_shape(counts[column]) for column in read}
    for own, other in product(repeated[:_MOST_WORDS_COLUMNS], read[:_MOST_COLUMNS]):
        for word, n in counts[own].items():
            if own != other and n >= _LEAST_USES and counts[other].get(word) == 1 and _is_word(word):
                row = next(row for row in table.rows if row.cell(other) == word)
                if _shape(word) == shapes[other] or counts[own][row.cell(own)] >= _LEAST_USES:
                    continue
                titles = table.header.cell(own), table.header.cell(other)
                text = f"'{word}' stands here in column '{titles[1]}' and {n} times in column '{titles[0]}':"
                text = f"{text} is a cell out of place?"
                yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row, other, titles[1]), text)


def _swaps(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name neighbours in a row that each look like the column of the other, and unlike their own."""
    width = min(table.header.width, _MOST_WIDE)
    words = [Counter(row.cell(column) for row in table.rows) for column in range(width)]
    shapes = [_usual_shape(words[column]) for column in range(width)]
    for row in table.rows:
        for left in range(width - 1):
            a, b = row.cell(left), row.cell(left + 1)
            if not (a and b) or words[left][a] > 1 or words[left + 1][b] > 1 or a == b:
                continue
            is_shaped = shapes[left] != shapes[left + 1] and (_shape(b), _shape(a)) == (shapes[left], shapes[left + 1])
            is_named = words[left + 1][a] and words[left][b] and (_is_word(a) or _is_word(b))
            if is_shaped or is_named:
                text = f"'{a}' and '{b}' each look like the column of the other: are these two cells swapped?"
                yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(row), text)


def _usual_shape(words: Counter[str]) -> str:
    """Return the shape of nearly all cells of a column; empty if they have several, or if all are numbers."""
    counts = Counter[str]()
    for word, n in list(words.items())[:_MOST_SHAPED]:
        counts[_shape(word)] += n if word else 0
    counts.pop("", None)
    (usual, n), *_ = [*counts.most_common(1), ("", 0)]
    return usual if n >= max(_LEAST_ROWS, _NEARLY_ALL * (counts.total() - 1)) else ""


@lru_cache(maxsize=_MOST_KEPT)
def _shape(text: str) -> str:
    """Return a text with each run of letters as one, and each run of digits; ``0.0`` for a number."""
    if number_of(text, ".") is not None:
        return "0.0"
    return re.sub(r"[0-9]+", "0", re.sub(r"[^\W\d_]+", "a", text))


def _strangers(sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    """Name the only code in a column of decimals; a plain word (``Undetermined``) says why there is no number."""
    for column in range(min(table.header.width, _MOST_WIDE)):
        filled = [row for row in table.rows if row.cell(column)]
        odd = [row for row in filled[: _MOST_REMARKS * _MOST_REMARKS] if _is_code(row.cell(column))]
        if len(odd) != 1:
            continue
        decimals = [row for row in filled if any(mark in row.cell(column) for mark in ".,") and row is not odd[0]]
        if len(decimals) >= max(_LEAST_ROWS, len(filled) / 2):
            title = table.header.cell(column)
            text = (
                f"'{odd[0].cell(column)}' is the only cell of column '{title}' that is no number: is it out of place?"
            )
            yield FileRemark(RemarkKind.INSTRUMENT, sheet.where(odd[0], column, title), text)


# The wells and words of one plate are those of the next.
@lru_cache(maxsize=_MOST_KEPT)
def _is_code(text: str) -> bool:
    return any(map(str.isdigit, text)) and _is_word(text) and flag_of(text) == "not_a_number"


@lru_cache(maxsize=_MOST_KEPT)
def _is_word(text: str) -> bool:
    """Tell whether a cell is neither a number nor one of the words that stand for one."""
    return number_of(text, ".") is None and number_of(text, ",") is None and parse_value(text).state is ValueState.TEXT
