"""What the tables of a file say against themselves, asked of every table that a reader names in the account.

A mean that is not that of its wells, a ratio that is not that of its parts, a word of one column that stands in
another, a column that begins with its only gap: each is told, none is repaired. What no statement of the file
contradicts cannot be known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.readers.contradictions.fixed_decimals import misplaced_ratios, swapped_decimals
from qc.readers.contradictions.gaps import first_gaps, flag_only_gap, lone_halves
from qc.readers.contradictions.row_ends import open_ends, shifted_readings, uneven_rows
from qc.readers.contradictions.stray_words import lonely_codes, misnamed_summaries, stray_words
from qc.readers.contradictions.swapped_cells import swapped_cells
from qc.readers.text.kept_relations import broken_relations
from qc.readers.text.summaries import contradicted_summaries, groups_of, statistic_of
from qc.readers.text.summary_titles import exchanged_means
from schemas.file_remark import FileRemark
from schemas.text_tables.numerals import decimal_mark

if TYPE_CHECKING:
    from qc.readers.account import Account, Table
    from schemas.text_tables.sheet import Sheet

_MOST_REMARKS = 20


def contradictions(account: Account) -> tuple[FileRemark, ...]:
    """Name what the tables of a file say against themselves; what is less than sure is flagged in the account.

    Parameters
    ----------
    account : Account
        What the reader said of its cells, with its tables.

    Returns
    -------
    tuple of FileRemark
        One for each place, at most twenty of a kind and table.
    """
    remarks = list(account.remarks)
    for marks in account.marks():
        for table in marks.compared:
            remarks += _of_cells(account, marks.sheet, table)
        for table in marks.tables:
            lone_halves(account, marks.sheet, table)
            remarks += [*stray_words(marks.sheet, table), *swapped_cells(account, marks.sheet, table)][:_MOST_REMARKS]
            remarks += [*swapped_decimals(marks.sheet, table), *misplaced_ratios(marks.sheet, table)]
    return tuple(remarks)


def _of_cells(account: Account, sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    yield from [*_numbers(account, sheet, table), *first_gaps(account, sheet, table)][:_MOST_REMARKS]
    rows = [*uneven_rows(sheet, table), *shifted_readings(sheet, table), *lonely_codes(sheet, table)]
    yield from [*misnamed_summaries(sheet, table), *rows][:_MOST_REMARKS]
    flag_only_gap(account, sheet, table)
    yield from open_ends(sheet, table, account.open_line)


def _numbers(account: Account, sheet: Sheet, table: Table) -> Iterator[FileRemark]:
    mark = decimal_mark(cell for row in table.rows[:200] for cell in row.cells if cell[:1].isdigit())
    doubts = broken_relations(table.header, table.rows, mark=mark)
    if table.alike and any(map(statistic_of, table.header.cells)):
        groups = groups_of(table.rows, table.alike)
        doubts += contradicted_summaries(table.header, groups, names=table.alike, mark=mark)
        doubts += exchanged_means(table.header, groups, names=table.alike, mark=mark)
    for doubt in doubts:
        if doubt.is_sure:
            yield doubt.remark(sheet, table.header)
        else:
            account.flag(sheet, doubt.row, doubt.column, word=doubt.text)
