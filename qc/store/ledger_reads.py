"""Reading the ledger by the library of Python alone: whoever only looks does not wait for SQLAlchemy to load.

A connection that cannot write leaves the write-ahead log where it is when it closes. So looking costs no sync of the
disk, and a writer that closes while such a connection is open costs none beyond that of its commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from qc.store.disk_full import with_cause
from qc.store.read_only import is_read_only
from schemas.errors import StoreBusyError, StoreError

_COLUMNS = "seq, at, actor, kind, object, body, prev_hash, hash"


def connected(path: Path, wait_s: float) -> sqlite3.Connection:
    """Return a connection that cannot write, nor move what was written from the write-ahead log into the file.

    Parameters
    ----------
    wait_s : float
        Longest time to wait for a lock, in seconds.
    """
    log = path.with_name(f"{path.name}-wal")
    # SQLite would make a log to read a file that has none; in a copy that nobody can write it needs none.
    is_still = is_read_only(path) and not (log.exists() and log.stat().st_size)
    how = "mode=ro&immutable=1" if is_still else "mode=ro"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{how}", timeout=wait_s, isolation_level=None, uri=True)


@contextmanager
def reading(path: Path, wait_s: float) -> Iterator[sqlite3.Connection]:
    """Open the ledger on one unchanging view; writers are not kept waiting.

    Parameters
    ----------
    wait_s : float
        Longest time to wait for a lock, in seconds.

    Raises
    ------
    StoreBusyError
        If another process holds the file beyond the deadline.
    StoreError
        If it cannot be read.
    """
    with translated(path, wait_s), closing(connected(path, wait_s)) as con:
        con.execute("BEGIN")
        yield con


def copied(path: Path, target: Path, wait_s: float) -> None:
    """Write a copy of the ledger by SQLite's own way: one moment of it, whatever others write meanwhile.

    Raises
    ------
    StoreBusyError
        If another process holds the file beyond the deadline.
    StoreError
        If it cannot be read, or the copy not be written.
    """
    with translated(path, wait_s), closing(connected(path, wait_s)) as con, closing(sqlite3.connect(target)) as copy:
        con.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def translated(path: Path, wait_s: float) -> Iterator[None]:
    """Turn what the library of SQLite says into what the caller must do.

    Parameters
    ----------
    wait_s : float
        How long was waited for a lock, in seconds.

    Raises
    ------
    StoreBusyError
        If another process holds the file beyond the deadline.
    StoreError
        If it cannot be used.
    """
    try:
        yield
    except sqlite3.Error as error:
        if "locked" in str(error) or "busy" in str(error):
            text = f"The ledger '{path.name}' is being written by another process; waited {wait_s:g} s."
            raise StoreBusyError(f"{text} Try again later.") from error
        cause = with_cause(error, path)
        reason = cause.strerror if isinstance(cause, OSError) else error
        raise StoreError(f"The ledger '{path.name}' cannot be used: {reason}.") from cause


def rows(
    con: sqlite3.Connection,
    *,
    after: int,
    until: int | None,
    kinds: Sequence[str] | None,
    objects: Sequence[str] | None,
) -> list[tuple[Any, ...]]:
    """Return stored rows, oldest first.

    Parameters
    ----------
    after : int
        Only rows with a higher number.
    until : int or None
        No row with a higher number; None means up to the newest.
    kinds : sequence of str or None
        Only these kinds; None means all.
    objects : sequence of str or None
        Only what is about these; None means all.
    """
    parts, values = ["seq > ?"], [after, *([] if until is None else [until])]
    parameters: list[object] = list(values)
    if until is not None:
        parts.append("seq <= ?")
    for column, wanted in (("kind", kinds), ("object", objects)):
        if wanted is not None:
            parts.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            parameters += wanted
    # Our own columns; everything that is looked for is a parameter.
    sql = f"SELECT {_COLUMNS} FROM entries WHERE {' AND '.join(parts)} ORDER BY seq"  # noqa: S608
    return con.execute(sql, parameters).fetchall()


def newest(con: sqlite3.Connection) -> tuple[int, str] | None:
    """Return number and hash of the newest row.

    Returns
    -------
    tuple or None
        None if there is none.
    """
    row = con.execute("SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else None


def newest_row(con: sqlite3.Connection, kind: str) -> tuple[Any, ...] | None:
    """Return the newest stored row of a kind; None if there is none."""
    sql = f"SELECT {_COLUMNS} FROM entries WHERE kind = ? ORDER BY seq DESC LIMIT 1"  # noqa: S608  our own columns
    found = con.execute(sql, [kind]).fetchall()
    return found[0] if found else None
