"""Whether the file of the ledger and its triggers are whole."""

from __future__ import annotations

import sqlite3

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
