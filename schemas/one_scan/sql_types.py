"""Which SQL types hold the values of a polars type, so that a stored column may be narrower than its model."""

from __future__ import annotations

from typing import Any  # a polars type is a class or an instance of it

import polars as pl

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
_SQL_TYPES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (pl.Int64, (*_INTEGERS, "UTINYINT", "USMALLINT", "UINTEGER")),
    (pl.Int32, (*_INTEGERS[:3], "UTINYINT", "USMALLINT")),
    (pl.Float64, ("DOUBLE", "FLOAT")),
    (pl.String, ("VARCHAR",)),
    (pl.Boolean, ("BOOLEAN",)),
    (pl.Date, ("DATE",)),
)
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def sql_types_of(dtype: Any) -> tuple[str, ...]:  # Any: see above
    """Return the SQL types that hold the values of a polars type.

    Parameters
    ----------
    dtype : polars data type
        Type of a model's column; None if it has none.

    Returns
    -------
    tuple of str
        Types as DuckDB writes them; empty if there is none.

    Examples
    --------
    >>> sql_types_of(pl.String)
    ('VARCHAR',)
    """
    if isinstance(dtype, pl.Datetime) or dtype is pl.Datetime:
        return _TIMES if getattr(dtype, "time_zone", None) is None else ()
    return next((types for known, types in _SQL_TYPES if dtype == known), ())
