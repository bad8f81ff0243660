"""The write-ahead log beside the ledger: what was committed stands there first, and moves into the file now and then.

A commit syncs the log to the disk, once. Moving it into the file takes two more syncs, and SQLite does that whenever
the last connection closes; here it is done when the log has grown, and when whoever wrote has ended.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

LONGEST_LOG_BYTES = 2 << 20
"""Length of the log at which it is moved into the file: about seventy acts."""


def settle(path: Path) -> None:
    """Move the log into the file; where another process is at work there, it is left to the next one.

    Parameters
    ----------
    path : Path
        The SQLite file; that it is not there any more is no fault.
    """
    # What was committed is safe in either place, so that nothing is lost if this cannot be done now.
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", 0, uri=True)) as con:
        con.execute("PRAGMA synchronous = FULL")
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def settle_if_long(path: Path) -> None:
    """Move the log into the file if it has grown beyond :data:`LONGEST_LOG_BYTES`."""
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size >= LONGEST_LOG_BYTES:
        settle(path)
