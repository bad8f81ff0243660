"""The connection to the facts that a room is handed, and an empty one in memory; only the store opens a file."""

from __future__ import annotations

from typing import TypeAlias

import duckdb

Connection: TypeAlias = duckdb.DuckDBPyConnection


def in_memory() -> Connection:
    """Return a connection to nothing: what is put into it is gone when it closes."""
    return duckdb.connect(":memory:")
