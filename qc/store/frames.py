"""Rows of a query as a polars frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def query(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> pl.DataFrame:
    """Run a query and return its rows.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    sql : str
        Statement of ours; what comes from outside goes into ``values``.
    values : sequence of object
        Values of the ``?`` in the statement.

    Returns
    -------
    DataFrame
        Rows, with their types even where there are none.
    """
    import polars as pl

    frame = pl.from_arrow(con.execute(sql, list(values)).to_arrow_table())
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"Expected a table, got {type(frame).__name__}.")
    return frame
