"""Rows of a query as a polars frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def query(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> pl.DataFrame:
    """Run a query and return its rows.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    sql : str
        Statement of ours; what comes from outside goes into ``values``.
    values : sequence of object, or mapping of str to object
        Values of the ``?`` in the statement, or of its ``$name``.

    Returns
    -------
    DataFrame
        Rows, with their types even where there are none.
    """
    import polars as pl

    frame = pl.from_arrow(
        con.sql(sql, params=dict(values) if isinstance(values, Mapping) else list(values)).to_arrow_table()
    )
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"Expected a table, got {type(frame).__name__}.")
    return frame


def first_row(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> tuple[Any, ...] | None:
    """Run a query and return its first row.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection; every row is fetched, so that it is free for the next query.
    sql : str
        Statement of ours; what comes from outside goes into ``values``.
    values : sequence of object
        Values of the ``?`` in the statement.

    Returns
    -------
    tuple or None
        Row; None if there is none.
    """
    rows = con.execute(sql, list(values)).fetchall()
    return rows[0] if rows else None
