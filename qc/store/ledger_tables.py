"""The table of the ledger in SQLite, its triggers, and connections that begin and commit as a ledger must."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from qc.store.decision_rows import make_anew
from qc.store.entry import ENTRY_COLUMNS
from qc.store.ledger_checks import TRIGGERS
from qc.store.ledger_reads import translated


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
        con.execute("PRAGMA wal_autocheckpoint = 0")  # `ledger_log` does it

    @sa.event.listens_for(engine, "begin")
    def _begin(con: sa.Connection) -> None:
        con.exec_driver_sql(str(con.get_execution_options().get("begin", "BEGIN")))

    return engine


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Run the body in a transaction that alone may write from its first moment; roll back on any error."""
    with engine.execution_options(begin="BEGIN IMMEDIATE").begin() as con:
        yield con


@contextmanager
def translated_engine(path: Path, wait_s: float) -> Iterator[None]:
    """Turn what SQLAlchemy says into what the caller must do.

    Parameters
    ----------
    wait_s : float
        How long was waited for a lock, in seconds.
    """
    try:
        with translated(path, wait_s):
            yield
    except sa.exc.DBAPIError as error:
        with translated(path, wait_s):
            raise error.orig if isinstance(error.orig, sqlite3.Error) else error from error


def raw_connection(con: sa.Connection) -> sqlite3.Connection:
    """Return the connection of the driver below one of SQLAlchemy, inside the same transaction."""
    return con.connection.driver_connection  # type: ignore[return-value]  # SQLAlchemy names a protocol


def create(engine: sa.Engine) -> None:
    """Make the table and the triggers where they are missing, and the rows of decisions anew."""
    with engine.execution_options(begin="PRAGMA journal_mode = WAL").connect() as con:
        con.begin()  # the mode can only change outside a transaction, so none is begun
    with writing(engine) as con:
        entries_table().metadata.create_all(con)
        for index in entries_table().indexes:
            index.create(con, checkfirst=True)  # a ledger of an older program lacks some
        make_anew(raw_connection(con))
        for name, text in TRIGGERS.items():
            con.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {text}")
