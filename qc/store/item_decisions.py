"""What was decided, item by item, without reading the whole ledger: see :mod:`qc.store.decision_rows`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock

from qc.store.decision_rows import DECIDED_COLUMNS, DecidedRow, catch_up, is_current
from qc.store.ledger_reads import reading, translated
from qc.store.missing_store import missing_store

_COLUMNS = ", ".join(DECIDED_COLUMNS)
_MANY = 500  # values in one IN (...)
_COUNTS = "act <> 'comment' AND undone_by = 0"
# What counts comes in the order of the ledger within an item, so that the newest one is the last.
_NEWEST = f"SELECT {_COLUMNS} FROM decided WHERE {_COUNTS} ORDER BY item, seq"  # noqa: S608  constants
_CHANGED = "SELECT DISTINCT item FROM decided WHERE seq > ? UNION SELECT item FROM decided WHERE undone_by > ?"


class Decided:
    """Rows of the decisions of one ledger.

    Parameters
    ----------
    path : Path
        The SQLite file.
    wait_s : float
        Longest time to wait for other writers, in seconds.
    """

    def __init__(self, path: Path, wait_s: float) -> None:
        self._path = path
        self._wait_s = wait_s
        self._lock = Lock()
        self._up_to = (0, "")
        self._in_force: dict[str, DecidedRow] = {}

    def in_force(self) -> Mapping[str, DecidedRow]:
        """Return the decision on each item that counts; only what came since this was last asked is read.

        Returns
        -------
        mapping of str to tuple
            By item: the newest row that was not undone, comments left out.

        Raises
        ------
        StoreError
            If the ledger cannot be read.
        """
        with self._lock, self._current() as con:
            up_to = con.execute("SELECT seq, hash FROM decided_up_to").fetchone() or (0, "")
            if up_to != self._up_to:
                self._in_force = self._renewed(con)
                self._up_to = up_to
            return self._in_force

    def _renewed(self, con: sqlite3.Connection) -> dict[str, DecidedRow]:
        seq, known = self._up_to
        same = con.execute("SELECT 1 FROM entries WHERE seq = ? AND hash = ?", [seq, known]).fetchone()
        if not same:
            return {row[0]: row for row in con.execute(_NEWEST)}
        changed = [row[0] for row in con.execute(_CHANGED, [seq, seq])]
        rows_by_item = dict(self._in_force)
        for item in changed:
            rows_by_item.pop(item, None)
        return rows_by_item | {row[0]: row for row in _rows_on(con, changed, f"AND {_COUNTS}")}

    def on(self, items: Iterable[str]) -> list[DecidedRow]:
        """Return every decision and comment on some items, undone ones too.

        Returns
        -------
        list of tuple
            In the order of the ledger; within an entry, what it was said of stands before what it covers.

        Raises
        ------
        StoreError
            If the ledger cannot be read.
        """
        with self._current() as con:
            rows = list(_rows_on(con, items, ""))
        via = DECIDED_COLUMNS.index("via")
        return sorted(rows, key=lambda row: (row[1], row[via] != ""))

    def in_entry(self, seq: int) -> list[DecidedRow]:
        """Return the rows of one decision.

        Raises
        ------
        StoreError
            If the ledger cannot be read.
        """
        with self._current() as con:
            return con.execute(f"SELECT {_COLUMNS} FROM decided WHERE seq = ?", [seq]).fetchall()  # noqa: S608  constants

    def items_of(self, actor: str) -> frozenset[str]:
        """Return the items on which somebody has ever said something.

        Raises
        ------
        StoreError
            If the ledger cannot be read.
        """
        with self._current() as con:
            return frozenset(row[0] for row in con.execute("SELECT item FROM decided WHERE actor = ?", [actor]))

    def wells(self) -> frozenset[str]:
        """Return the wells on which anybody has ever said something.

        Raises
        ------
        StoreError
            If the ledger cannot be read.
        """
        with self._current() as con:
            return frozenset(row[0] for row in con.execute("SELECT DISTINCT item FROM decided WHERE item LIKE '%@%'"))

    @contextmanager
    def _current(self) -> Iterator[sqlite3.Connection]:
        if not self._path.is_file():
            raise missing_store("ledger", self._path)
        with reading(self._path, self._wait_s) as con:
            if is_current(con):
                yield con
                return
            apart = None if self._catch_up() else _made_apart(con)
        if apart is not None:
            with closing(apart), translated(self._path, self._wait_s):
                yield apart
            return
        with reading(self._path, self._wait_s) as con:
            yield con

    def _catch_up(self) -> bool:
        if not os.access(self._path, os.W_OK) or not os.access(self._path.parent, os.W_OK):
            return False
        con = sqlite3.connect(self._path, timeout=self._wait_s, isolation_level=None)
        with closing(con):
            con.execute("PRAGMA synchronous = FULL")
            con.execute("BEGIN IMMEDIATE")
            catch_up(con)
            con.execute("COMMIT")
        return True


def _made_apart(con: sqlite3.Connection) -> sqlite3.Connection:
    """Make the rows in memory, for somebody who may read the ledger but not write it."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    con.backup(copy)
    catch_up(copy)
    return copy


def _rows_on(con: sqlite3.Connection, items: Iterable[str], also: str) -> Iterator[DecidedRow]:
    wanted = sorted(set(items))
    for start in range(0, len(wanted), _MANY):
        part = wanted[start : start + _MANY]
        marks = ", ".join("?" * len(part))
        sql = f"SELECT {_COLUMNS} FROM decided WHERE item IN ({marks}) {also} ORDER BY item, seq"  # noqa: S608  constants
        yield from con.execute(sql, part)
