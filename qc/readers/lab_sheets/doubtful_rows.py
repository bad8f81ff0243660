"""Rows of which a file lets nobody be sure: it may be cut within them, or a spreadsheet has spoilt their code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qc.readers.lab_sheets.unread_columns import remark_columns, remark_marks
from qc.readers.text.comments import comment_mark
from qc.readers.text.lost_digits import lost_digits
from schemas.errors import Fault
from schemas.headers.file_end import open_end
from schemas.result_marks import IN_DOUBT

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.headers.header import Header

CODES = ("sample", "material", "subject")
"""Columns whose cells are codes: a result, a sample or a person is found by them."""
_NO_END = "the file ends without a line end: whether this cell is whole cannot be told"
_SHORT = (
    "and the last cell is shorter than all others of its column: it was cut off. Fetch the file again; if it is whole, "
    "end its last line."
)
_STRUCK = "Delete what does not count, or take the line through it away."
_AS_TEXT = "Write the code as text: in a spreadsheet, format its cell as text before you type it."

Doubts = Mapping[int, Sequence[str]]
"""Marks of a result by the line of its row."""


def doubtful_rows(source: Source, header: Header, account: Account, faults: list[Fault]) -> Doubts:
    """Refuse or mark the rows of a table of which nobody can be sure.

    Parameters
    ----------
    faults : list of Fault
        What refuses the file is added to it: a last cell shorter than all others of its column, and in a sheet any
        code that has lost digits, since results would be given to the wrong sample or person.

    Returns
    -------
    mapping of int to sequence of str
        Marks of the results of a table, by line, with what columns of remarks say; every one is flagged in the account.
    """
    doubts: dict[int, list[str]] = {}
    _say_end(source, header, account, faults, doubts)
    for line, column, mark in remark_marks(header, remark_columns(header)):
        account.flag(header.sheet, line, column, word=mark)
        doubts.setdefault(line, []).append(mark)
    _say_what_people_marked(header, faults, doubts)
    codes = [index for title, index in header.columns.items() if title in CODES]
    for line, column, words in lost_digits(header.sheet, header.rows, codes):
        row = next(one for one in header.rows if one.line == line)
        if header.kind == "results":
            account.flag(header.sheet, row, column, word=words)
            doubts.setdefault(line, []).append(f"{IN_DOUBT}: {words}".replace(",", ";"))
        else:
            where = header.sheet.where(row, column, header.row.cell(column))
            faults.append(Fault(where, f"{words[:1].upper()}{words[1:]}. {_AS_TEXT}"))
    return doubts


def _say_what_people_marked(header: Header, faults: list[Fault], doubts: dict[int, list[str]]) -> None:
    """Hold the results of struck or commented cells; a sheet with a struck cell is refused, for it may not count."""
    sheet, row_by_line = header.sheet, {row.line: row for row in header.rows}
    for line, column, words in sheet.struck:
        if line in row_by_line and header.kind == "results":
            doubts.setdefault(line, []).append(f"{IN_DOUBT}: a cell is {words}")
        elif line in row_by_line:
            where = sheet.where(row_by_line[line], column, header.row.cell(column))
            faults.append(Fault(where, f"The cell is {words}. {_STRUCK}"))
    for line, column, text in sheet.comments:
        if line in row_by_line and header.kind == "results":
            doubts.setdefault(line, []).append(comment_mark(text, sheet.where(row_by_line[line], column)))


def _say_end(
    source: Source, header: Header, account: Account, faults: list[Fault], doubts: dict[int, list[str]]
) -> None:
    end = open_end(source.text, header.rows)
    if end is None:
        return
    if end.is_short:
        where = header.sheet.where(end.row, end.column, header.row.cell(end.column))
        faults.append(Fault(where, f"The file ends here without a line end, {_SHORT}"))
        return
    account.flag(header.sheet, end.row, end.column, word=_NO_END)
    if end.may_lack and end.column in {*header.columns.values(), *header.wide}:
        doubts.setdefault(end.row.line, []).append(f"{IN_DOUBT}: {_OPEN}")


_OPEN = "the file ends in this row without a line end; and longer cells stand above its last one"
