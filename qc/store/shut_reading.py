"""Statements that are not ours, on a connection that can neither write nor reach another file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.store.frames import query
from schemas.errors import ConfigError

if TYPE_CHECKING:
    import duckdb
    import polars as pl

_SHUT = ("SET enable_external_access = false", "SET lock_configuration = true")


def shut_query(con: duckdb.DuckDBPyConnection, statement: str) -> pl.DataFrame:
    """Shut a reading connection for good, and run a statement of a person on it.

    Raises
    ------
    ConfigError
        If the statement cannot be run, or gives no rows.
    """
    import duckdb

    for setting in _SHUT:
        con.execute(setting)
    try:
        return query(con, statement)
    except AttributeError as error:  # a statement without rows gives nothing to make a table of
        raise ConfigError("The statement cannot be run: it gives no rows.") from error
    except duckdb.Error as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigError(f"The statement cannot be run: {reason}") from error
