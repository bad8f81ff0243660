"""The stored rows of the ledger as they are, and whether its file and its triggers are whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from qc.store.chain import RawEntry
from qc.store.entry import ENTRY_COLUMNS
from schemas.errors import Fault

TRIGGERS = {
    "entries_are_never_changed": "BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'The ledger is append-only'); END",
    "entries_are_never_deleted": "BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'The ledger is append-only'); END",
    # Also refuses INSERT OR REPLACE, which deletes without asking the trigger above.
    "entries_follow_each_other": (
        "BEFORE INSERT ON entries WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries) "
        "BEGIN SELECT RAISE(ABORT, 'The ledger has no gaps'); END"
    ),
}
"""Triggers of the ledger by their names."""


def damage(con: sqlite3.Connection) -> list[Fault]:
    """Say whether the file is whole and its triggers are the ones that were made.

    Parameters
    ----------
    con : Connection
        Open connection.

    Returns
    -------
    list of Fault
        One for each trigger that is missing or altered, and for damage of the file.
    """
    stored = dict(con.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    faults = [
        Fault(f"trigger {name}", "It is missing or altered: the ledger could be changed since.")
        for name, text in TRIGGERS.items()
        if stored.get(name) != f"CREATE TRIGGER {name} {text}"
    ]
    strange = sorted(set(stored) - set(TRIGGERS))
    faults += [Fault(f"trigger {name}", "It is not one of the ledger's own.") for name in strange]
    checks = [str(row[0]) for row in con.execute("PRAGMA integrity_check(5)")]
    return faults + [Fault("ledger", f"The file is damaged: {text}.") for text in checks if text != "ok"]


def raw_rows(con: sqlite3.Connection, *, after: int | None = None, until: int | None = None) -> Iterator[RawEntry]:
    """Read the stored rows as they are, also where their bytes are no text.

    Parameters
    ----------
    con : Connection
        Open connection.
    after : int or None
        Only rows with a higher number; None means from the lowest, whatever it is.
    until : int or None
        No row with a higher number; None means up to the newest.

    Yields
    ------
    tuple
        Rows by rising number, read as they are asked for.
    """
    con.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
    bounds = [(text, value) for text, value in (("seq > ?", after), ("seq <= ?", until)) if value is not None]
    where = f"WHERE {' AND '.join(text for text, _ in bounds)}" if bounds else ""
    # By the rows themselves: an altered index must not decide what is seen.
    sql = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM entries NOT INDEXED {where} ORDER BY seq"  # noqa: S608  constants
    yield from con.execute(sql, [value for _, value in bounds])
