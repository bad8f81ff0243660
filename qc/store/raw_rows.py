"""The stored rows of the ledger as they are, byte by byte, also where they are no text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from qc.store.entry import ENTRY_COLUMNS

RawEntry = tuple[int, bytes, bytes, bytes, bytes, bytes, bytes, bytes]
"""Columns as stored: seq, at, actor, kind, object, body, prev_hash, hash."""


def raw_rows(con: sqlite3.Connection, *, after: int | None = None, until: int | None = None) -> Iterator[RawEntry]:
    """Read stored rows; from then on, text comes from this connection as bytes.

    Parameters
    ----------
    after : int or None
        Only rows with a higher number; None means from the lowest, whatever it is.
    until : int or None
        No row with a higher number; None means up to the newest.

    Yields
    ------
    tuple
        Rows by rising number, read as they are asked for.
    """
    con.text_factory = bytes
    bounds = [(text, value) for text, value in (("seq > ?", after), ("seq <= ?", until)) if value is not None]
    where = f"WHERE {' AND '.join(text for text, _ in bounds)}" if bounds else ""
    # By the rows themselves: an altered index must not decide what is seen.
    sql = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM entries NOT INDEXED {where} ORDER BY seq"  # noqa: S608  constants
    yield from con.execute(sql, [value for _, value in bounds])
