"""Columns of a results table that have no title of ours: a remark is a mark of its result, a misspelt one is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qc.readers.text.comments import comment_mark
from qc.readers.text.remark_columns import is_remark, says_something
from schemas.file_remark import FileRemark, RemarkKind
from schemas.headers.column_names import bare
from schemas.names import nearest_word

if TYPE_CHECKING:
    from schemas.headers.header import Header

_JUDGES = re.compile(r"(qc|quality|alarms?|exceptions?|validity|invalid)( (flag|status|result|check|code|word))?\Z")
"""Titles, in lower case, of columns in which a result is judged by whoever wrote the table."""
_MISSPELT = 0.8
"""Share of letters in common, in order, from which one title is the other one misspelt."""
_MEND = "Mend the header, or say in words.toml of the lab what the column is."


def remark_columns(header: Header) -> dict[int, str]:
    """Return the columns in which a table of results says something of its results, by index, with their titles."""
    if header.kind != "results":
        return {}
    read = {*header.columns.values(), *header.wide}
    titles = {index: " ".join(cell.split()) for index, cell in enumerate(header.row.cells) if index not in read}
    return {index: title for index, title in titles.items() if is_remark(title) or _judges(title)}


def _judges(title: str) -> bool:
    return bool(_JUDGES.match(re.sub(r"[\s_\-]+", " ", title.casefold())))


def remark_marks(header: Header, columns: Mapping[int, str]) -> Iterator[tuple[int, int, str]]:
    """Yield what such columns say against results.

    Yields
    ------
    tuple of int, int and str
        Line, column and mark: ``error: E34 short sample``.
    """
    for row in header.rows:
        for index, title in columns.items():
            if says_something(row.cell(index)):
                yield row.line, index, comment_mark(row.cell(index), header.sheet.where(row), word=title.casefold())


def misspelt_columns(header: Header, titles: Mapping[str, str], used: set[int]) -> tuple[FileRemark, ...]:
    """Name the columns of a table of results that are filled, not read, and spelt much like one that would be.

    Parameters
    ----------
    titles : mapping of str to str
        Our title by bare title.
    used : set of int
        Columns that are read.
    """
    if header.kind != "results":
        return ()
    lacking = {word: ours for word, ours in titles.items() if ours not in header.columns}
    found = []
    for index, cell in enumerate(header.row.cells):
        near = nearest_word(bare(cell), lacking, likeness=_MISSPELT) if index not in used else ""
        if near and any(row.cell(index) for row in header.rows):
            text = f"Column '{cell.strip()}' is not read; is '{lacking[near]}' meant? {_MEND}"
            found.append(FileRemark(RemarkKind.INSTRUMENT, header.sheet.where(header.row), text))
    return tuple(found)
