"""Whether the rows of decisions are what the entries give: compared block by block while the entries are hashed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from pydantic_core import from_json

from qc.store.decision_rows import DECIDED_COLUMNS, DecidedRow, is_current, rows_of
from qc.store.raw_rows import RawEntry
from schemas.errors import Fault

_BLOCK = 5_000  # entries that are compared at a time
_ROWS = f"SELECT {', '.join(DECIDED_COLUMNS)} FROM decided"  # noqa: S608  constants
_UNDOINGS = "SELECT seq, body FROM entries NOT INDEXED WHERE kind = 'undo' ORDER BY seq"
_MEND = "`qc init` on the folder of the lab makes these rows anew."


class DerivedRows:
    """Rows of decisions within a part of the ledger.

    Parameters
    ----------
    con : Connection
        Open connection.
    after : int or None
        Number of the entry before the first; None from the lowest.
    until : int or None
        Number of the last entry; None up to the newest.
    """

    def __init__(self, con: sqlite3.Connection, after: int | None, until: int | None) -> None:
        self._con = con
        self._after = after
        self._until = until
        # Rows that do not go up to the newest entry are not believed by anybody: they are made anew at the next look.
        self._is_current = is_current(con)
        self._undone_by = _undone_by(con) if self._is_current else {}
        self.faults: list[Fault] = []
        """One for each row that is altered, missing or strange."""

    def watched(self, rows: Iterable[RawEntry]) -> Iterator[RawEntry]:
        """Hand entries on, and compare what is derived from them on the way.

        Parameters
        ----------
        rows : iterable of tuple
            Entries as stored, by rising number.
        """
        expected: list[DecidedRow] = []
        n_entries, after = 0, self._after
        for row in rows:
            yield row
            if not self._is_current:
                continue
            if row[3] == b"decision":
                expected += self._derived(row)
            n_entries += 1
            if n_entries == _BLOCK:
                self._compare(expected, after, row[0])
                expected, n_entries, after = [], 0, row[0]
        if self._is_current:
            self._compare(expected, after, self._until)

    def _derived(self, row: RawEntry) -> list[DecidedRow]:
        seq, at, actor, _, item, body, _, _ = row
        try:
            rows = rows_of(seq, at.decode(), actor.decode(), item.decode(), from_json(body))
        except (AttributeError, ValueError):
            return []  # no decision at all: its entry does not give its hash, or is a fault of its own
        if len(rows) > 1:
            rows.sort()
        undone_by = self._undone_by.get(seq, 0)
        return [(*one[:-1], undone_by) for one in rows] if undone_by else rows

    def _compare(self, expected: list[DecidedRow], after: int | None, until: int | None) -> None:
        bounds = [(text, value) for text, value in (("seq > ?", after), ("seq <= ?", until)) if value is not None]
        where = f" WHERE {' AND '.join(text for text, _ in bounds)}" if bounds else ""
        self._con.text_factory = str
        stored = self._con.execute(f"{_ROWS}{where} ORDER BY seq, item", [value for _, value in bounds]).fetchall()
        self._con.text_factory = bytes
        if stored == expected:
            return
        strange = set(stored) ^ set(expected)
        decided_items = sorted({(str(row[0]), int(row[1])) for row in strange}, key=lambda place: (place[1], place[0]))
        self.faults += [
            Fault(f"decisions kept by item, '{item}'", f"They are not what entry {seq} says. {_MEND}")
            for item, seq in decided_items
        ]


def _undone_by(con: sqlite3.Connection) -> dict[int, int]:
    undone: dict[int, int] = {}
    for seq, body in con.execute(_UNDOINGS):
        try:
            undone[int(from_json(body)["undoes"])] = seq
        except (KeyError, TypeError, ValueError):
            continue
    return undone
