"""Sheets into the facts: a changed row is a new version, the old one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.store.facts import insert
from qc.store.frames import query
from qc.store.tables import newest_view
from schemas.tables.sheets import SHEETS

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection


def take_sheet(con: Connection, sheet: str, frame: pl.DataFrame, *, source_id: int) -> int:
    """Write the rows of a sheet that are new or have changed.

    Parameters
    ----------
    sheet : str
        Table of the sheet: one of ``qc.store.tables.SHEET_TABLES``.
    frame : DataFrame
        Rows of the sheet; each key once.

    Returns
    -------
    int
        Number of rows that were written; rows equal to their newest version are left out.
    """
    import polars as pl

    keys = list(SHEETS[sheet].key)
    columns = [column for column in frame.columns if column != "line"]
    known = query(con, f"SELECT * FROM {newest_view(sheet)}")  # noqa: S608 - a view of ours
    known = known.with_columns(pl.col(column).cast(frame.schema[column]) for column in columns)
    # A sheet is handed in whole again and again: only rows that say something new become versions.
    changed = frame.select(columns).join(known, on=columns, how="anti", nulls_equal=True)
    versions = known.select(*keys, pl.col("version").cast(pl.Int64))
    changed = changed.join(versions, on=keys, how="left").with_columns(
        (pl.col("version").fill_null(0) + 1).alias("version"), pl.lit(source_id).alias("source_id")
    )
    insert(con, sheet, changed)
    return changed.height
