"""Columns that say until when the reagents of a row may be used."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any  # Any: cells of every type

from qc.readers.text.expiry import expiry_mark
from schemas.errors import Fault
from schemas.headers.cells import is_blank
from schemas.written_time import last_day_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from schemas.headers.header import Header
    from schemas.run import Run
    from schemas.text_tables.sheet import Row, Sheet

_EXPIRY = re.compile(
    r"((reagents?|reagenz(ien)?|assay|kit|lot|cartridge|bead|panel|calibrators?)[ -]?(lot )?)?"
    r"(expiry|expires|expiration|exp|use by|verfall|verfalls|ablauf|haltbar|verwendbar|haltbarkeit|péremption|"
    r"date de péremption|caducidad|valid until|gültig bis|best before|use before)"
    r"( ?(date|on|datum|tag|bis))?\Z"
)


def expiry_columns(header: Header) -> tuple[int, ...]:
    """Return the columns, by index, of a table of results; one that is a column of ours is none of them."""
    if header.kind != "results":
        return ()
    # The word is also one for a column of the control sheet, which a table of results does not have.
    read = {*header.wide, *(index for ours, index in header.columns.items() if ours != "expires_on")}
    return expiry_titles(header.row, read)


def expiry_titles(header: Row, read: Collection[int]) -> tuple[int, ...]:
    """Return the columns, by index, whose title says so, but for those that are read as something else."""
    titles = [re.sub(r"[\s_\-.]+", " ", cell.casefold()).strip() for cell in header.cells]
    return tuple(index for index, title in enumerate(titles) if index not in read and _EXPIRY.match(title))


def expiry_marks(
    sheet: Sheet, row: Row, columns: Sequence[int], began: datetime | None, account: Account, faults: list[Fault]
) -> list[str]:
    """Return the marks of one row, each once.

    Parameters
    ----------
    began : datetime or None
        When the run of the row began; None if that is not known.
    faults : list of Fault
        Cells that are no date are added to it.
    """
    marks = []
    for index in columns:
        text = row.cell(index)
        expires, sentence = (None, "") if is_blank(text) else last_day_of(text)
        if sentence:
            faults.append(Fault(sheet.where(row, index), sentence))
        if mark := expiry_mark(expires, began):
            account.flag(sheet, row, index, word=mark)
            marks.append(mark)
    return list(dict.fromkeys(marks))


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
    began, lines = {run.run: run.started_at for run in runs}, {row.line: row for row in header.rows}
    marks = {
        (line, run): expiry_marks(header.sheet, lines[line], columns, began.get(run), account, faults)
        for line, run in dict.fromkeys((row["line"], row["run"]) for row in rows)
    }
    return [with_marks(row, marks[row["line"], row["run"]]) for row in rows]


def with_marks(row: Mapping[str, Any], marks: Sequence[str]) -> dict[str, Any]:
    """Return a row of results with more marks behind those of its instrument."""
    return {**row, "flag": ", ".join([*([row["flag"]] if row["flag"] else []), *marks])}
