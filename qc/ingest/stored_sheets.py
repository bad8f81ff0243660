"""Sheets into the facts: a changed row is a new version, the old one stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qc.store.facts import insert
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection

KEYS: Mapping[str, tuple[str, ...]] = {
    "subjects": ("study", "subject"),
    "samples": ("study", "sample"),
    "controls": ("material", "level", "lot", "analyte", "matrix"),
    "events": ("happened_at", "event", "analyte", "instrument"),
    "bridgings": ("kind", "bridged_from", "bridged_to", "analyte", "matrix"),
}
"""Columns that name a row of each sheet."""


def take_sheet(con: Connection, sheet: str, frame: pl.DataFrame, *, source_id: int) -> int:
    """Write the rows of a sheet that are new or have changed.

    Parameters
    ----------
    sheet : str
        ``subjects``, ``samples``, ``controls``, ``events`` or ``bridgings``.
    frame : DataFrame
        Rows of the sheet; each key once.

    Returns
    -------
    int
        Number of rows that were written; rows equal to their newest version are left out.
    """
    import polars as pl

    keys = list(KEYS[sheet])
    columns = [column for column in frame.columns if column != "line"]
    known = query(con, _NEWEST[sheet])
    known = known.with_columns(pl.col(column).cast(frame.schema[column]) for column in columns)
    changed = frame.select(columns).join(known, on=columns, how="anti", nulls_equal=True)
    versions = known.select(*keys, pl.col("version").cast(pl.Int64))
    changed = changed.join(versions, on=keys, how="left").with_columns(
        (pl.col("version").fill_null(0) + 1).alias("version"), pl.lit(source_id).alias("source_id")
    )
    insert(con, sheet, changed)
    return changed.height


_NEWEST = {
    "subjects": "SELECT * FROM latest_subjects",
    "samples": "SELECT * FROM latest_samples",
    "controls": "SELECT * FROM latest_controls",
    "events": "SELECT * FROM latest_events",
    "bridgings": "SELECT * FROM latest_bridgings",
}
