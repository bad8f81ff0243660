"""The columns of every table that a reader hands over: those of its table model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


@cache
def columns_of(table: str) -> Mapping[str, pl.DataType]:
    """Return the columns of a table.

    Parameters
    ----------
    table : str
        Key of ``schemas.tables.models.MODELS``.

    Returns
    -------
    mapping of str to DataType
        Type by column, in order.
    """
    from schemas.tables.check import columns
    from schemas.tables.models import MODELS

    return columns(MODELS[table]())


def frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Build a table with exactly its columns.

    Parameters
    ----------
    table : str
        Key of ``schemas.tables.models.MODELS``.
    rows : sequence of mapping
        Rows; text that is missing becomes empty, any other missing value null.

    Returns
    -------
    DataFrame
        Table with the columns of its model, in their order.
    """
    import polars as pl

    series = []
    for column, dtype in columns_of(table).items():
        default = "" if dtype == pl.String else None
        series.append(pl.Series(column, [row.get(column, default) for row in rows], dtype=dtype))
    return pl.DataFrame(series)
