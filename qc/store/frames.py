"""Rows of a query as a polars frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def query(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> pl.DataFrame:
    """Run a query and return its rows.

    Parameters
    ----------
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


def table_columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, bool]:
    """Return the columns of one table, which is asked once for as long as the connection is open.

    Returns
    -------
    dict of str to bool
        By column, in the order of the table: whether it may be empty. No entry if there is no such table.

    Notes
    -----
    Only migrations change tables, in a connection of their own.
    """
    known = _COLUMNS.setdefault(con, {})
    if not known.get(table):
        known[table] = _asked_columns(con, table)
    return known[table]


_COLUMNS: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[str, dict[str, bool]]] = WeakKeyDictionary()


def _asked_columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, bool]:
    import duckdb

    try:
        rows = con.execute('SELECT name, NOT "notnull" FROM pragma_table_info(?) ORDER BY cid', [table]).fetchall()
    except duckdb.CatalogException:
        return {}
    return {str(name): bool(may_be_empty) for name, may_be_empty in rows}


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
