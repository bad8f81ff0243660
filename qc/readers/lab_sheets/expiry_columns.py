"""Columns of a results table that say until when the reagents of a row may be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: cells of every type

from qc.readers.text.expiry import expiry_mark
from schemas.errors import Fault
from schemas.headers.cells import is_blank
from schemas.written_time import time_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from schemas.headers.header import Header
    from schemas.run import Run

_EXPIRY = re.compile(
    r"((reagents?|kit|lot|cartridge|calibrators?)( lot)? )?"
    r"(expiry|expires|expiration|exp|use by|verfall)( ?(date|on|datum))?\Z"
)


def expiry_columns(header: Header) -> tuple[int, ...]:
    """Return the columns, by index, of a table of results; one that is a column of ours is none of them."""
    if header.kind != "results":
        return ()
    # The word is also one for a column of the control sheet, which a table of results does not have.
    read = {*header.wide, *(index for ours, index in header.columns.items() if ours != "expires_on")}
    titles = {index: re.sub(r"[\s_\-.]+", " ", cell.casefold()).strip() for index, cell in enumerate(header.row.cells)}
    return tuple(index for index, title in titles.items() if index not in read and _EXPIRY.match(title))


def with_expiry_marks(
    rows: Sequence[dict[str, Any]], header: Header, runs: Sequence[Run], account: Account, faults: list[Fault]
) -> list[dict[str, Any]]:
    """Return rows with a mark where their reagents had expired before their run began.

    Parameters
    ----------
    faults : list of Fault
        Cells that are no date are added to it.
    """
    columns = expiry_columns(header)
    if not columns:
        return list(rows)
    began = {run.run: run.started_at for run in runs}
    cells = {row.line: row for row in header.rows}
    marked = []
    for row in rows:
        marks = []
        for index in columns:
            text = cells[row["line"]].cell(index)
            expires, sentence = (None, "") if is_blank(text) else time_of(text)
            if sentence:
                faults.append(Fault(header.sheet.where(cells[row["line"]], index, header.row.cell(index)), sentence))
            if mark := expiry_mark(expires, began.get(row["run"])):
                account.flag(header.sheet, row["line"], index, word=mark)
                marks.append(mark)
        marked.append(_with_marks(row, marks))
    return marked


def _with_marks(row: Mapping[str, Any], marks: Sequence[str]) -> dict[str, Any]:
    return {**row, "flag": ", ".join([*([row["flag"]] if row["flag"] else []), *dict.fromkeys(marks)])}
