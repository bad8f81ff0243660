"""The table of the ledger in SQLite, its triggers, and connections that begin and commit as a ledger must."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from qc.store.chain import RawEntry
from schemas.errors import Fault

ENTRY_COLUMNS = ("seq", "at", "actor", "kind", "object", "body", "prev_hash", "hash")
_TRIGGERS = {
    "entries_are_never_changed": "BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'The ledger is append-only'); END",
    "entries_are_never_deleted": "BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'The ledger is append-only'); END",
    # Also refuses INSERT OR REPLACE, which deletes without asking the trigger above.
    "entries_follow_each_other": (
        "BEFORE INSERT ON entries WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries) "
        "BEGIN SELECT RAISE(ABORT, 'The ledger has no gaps'); END"
    ),
}


@cache
def entries_table() -> sa.Table:
    """Return the one table of the ledger.

    Returns
    -------
    Table
        Table ``entries``.
    """
    texts = [sa.Column(name, sa.Text, nullable=False) for name in ENTRY_COLUMNS[1:]]
    number = sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False)
    indexes = (sa.Index("entries_by_object", "object"), sa.Index("entries_by_kind", "kind", "seq"))
    return sa.Table("entries", sa.MetaData(), number, *texts, *indexes, sqlite_strict=True)


def engine_of(path: Path, wait_s: float) -> sa.Engine:
    """Return an engine that opens the file for each use, waits for other writers and syncs each commit to the disk.

    Parameters
    ----------
    path : Path
        The SQLite file.
    wait_s : float
        Longest time to wait for a lock, in seconds.

    Returns
    -------
    Engine
        Engine without a pool.
    """
    url = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": wait_s})

    @sa.event.listens_for(engine, "connect")
    def _prepare(con: Any, _: object) -> None:  # Any: a connection of the driver
        con.isolation_level = None  # transactions begin where we say, not where the driver guesses
        con.execute("PRAGMA synchronous = FULL")

    @sa.event.listens_for(engine, "begin")
    def _begin(con: sa.Connection) -> None:
        con.exec_driver_sql(str(con.get_execution_options().get("begin", "BEGIN")))

    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Run the body in a transaction that alone may write from its first moment; roll back on any error.

    Parameters
    ----------
    engine : Engine
        Engine of the ledger.

    Yields
    ------
    Connection
        Connection inside the transaction.
    """
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as con:
        yield con


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Run the body on one unchanging view of the ledger; writers are not kept waiting.

    Parameters
    ----------
    engine : Engine
        Engine of the ledger.

    Yields
    ------
    Connection
        Connection inside the transaction.
    """
    with engine.connect() as con, con.begin():
        yield con


def create(engine: sa.Engine) -> None:
    """Make the table and the triggers where they are missing.

    Parameters
    ----------
    engine : Engine
        Engine of the ledger.
    """
    with engine.execution_options(begin="PRAGMA journal_mode = WAL").connect() as con:
        con.begin()  # the mode can only change outside a transaction, so none is begun
    with writing(engine) as con:
        entries_table().metadata.create_all(con)
        for index in entries_table().indexes:
            index.create(con, checkfirst=True)  # a ledger of an older program lacks some
        for name, text in _TRIGGERS.items():
            con.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {text}")


def damage(engine: sa.Engine) -> list[Fault]:
    """Say whether the file is whole and its triggers are the ones that were made.

    Parameters
    ----------
    engine : Engine
        Engine of the ledger.

    Returns
    -------
    list of Fault
        One for each trigger that is missing or altered, and for damage of the file.
    """
    with reading(engine) as con:
        found = con.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        checks = [str(row[0]) for row in con.exec_driver_sql("PRAGMA integrity_check(5)")]
    stored: dict[str, str] = {row[0]: row[1] for row in found}
    faults = [
        Fault(f"trigger {name}", "It is missing or altered: the ledger could be changed since.")
        for name, text in _TRIGGERS.items()
        if stored.get(name) != f"CREATE TRIGGER {name} {text}"
    ]
    strange = sorted(set(stored) - set(_TRIGGERS))
    faults += [Fault(f"trigger {name}", "It is not one of the ledger's own.") for name in strange]
    return faults + [Fault("ledger", f"The file is damaged: {text}.") for text in checks if text != "ok"]


@contextmanager
def raw_rows(path: Path) -> Iterator[Iterable[RawEntry]]:
    """Read the stored rows as they are, also where their bytes are no text.

    Parameters
    ----------
    path : Path
        The SQLite file.

    Yields
    ------
    iterable of tuple
        Rows by rising number, read as they are asked for.
    """
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), poolclass=sa.NullPool)

    @sa.event.listens_for(engine, "connect")
    def _tolerate(con: Any, _: object) -> None:  # Any: a connection of the driver
        con.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")

    with engine.connect() as con:
        cursor: sqlite3.Cursor = con.connection.cursor()  # type: ignore[assignment]  # SQLAlchemy names a protocol
        # By the rows themselves: an altered index must not decide what is seen.
        cursor.execute(f"SELECT {', '.join(ENTRY_COLUMNS)} FROM entries NOT INDEXED ORDER BY seq")  # noqa: S608  constants
        try:
            yield cursor
        finally:
            cursor.close()
