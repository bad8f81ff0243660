"""Which stored runs and samples rest on rows of a sheet: as they were measured, whether judged or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection

# `asked` holds keys of rows with their number `i`.
_SAMPLES = """
    WITH wanted AS ({wanted}), measured AS (
        SELECT run_id, name AS sample FROM wells WHERE role = 'sample' AND name IN (SELECT sample FROM wanted)
        UNION SELECT run_id, sample FROM reported WHERE role = 'sample' AND sample IN (SELECT sample FROM wanted)
    )
    SELECT DISTINCT w.i, r.run_id, r.study, w.sample, '' AS analyte
    FROM wanted w JOIN measured m USING (sample) JOIN runs r ON r.run_id = m.run_id AND r.study = w.study
"""
# A lot gives its target to the lots that follow it and its scatter to those that are pooled with it; a run that names
# neither level nor lot may mean any.
_CONTROLS = """
    WITH measured AS (
        SELECT DISTINCT run_id, material, level, lot FROM wells WHERE role = 'control'
        UNION SELECT DISTINCT run_id, material, level, lot FROM reported WHERE role = 'control'
    ), lots AS (
        SELECT i, material, level, lot, analyte FROM asked
        UNION SELECT a.i, f.material, f.level, f.lot, f.analyte
        FROM asked a JOIN latest_controls f ON f.material = a.material AND f.level = a.level AND f.follows = a.lot
            AND f.follows <> ''
        UNION SELECT a.i, p.material, p.level, p.lot, p.analyte
        FROM asked a JOIN latest_controls p USING (material, level, analyte) WHERE p.target_from = 'pooled'
    )
    SELECT DISTINCT l.i, m.run_id, r.study, '' AS sample, l.analyte
    FROM lots l JOIN measured m ON m.material = l.material AND m.level IN ('', l.level) AND m.lot IN ('', l.lot)
        JOIN runs r ON r.run_id = m.run_id
"""
_EVENTS = """
    SELECT DISTINCT a.i, r.run_id, r.study, '' AS sample, a.analyte
    FROM asked a JOIN runs r ON r.started_at >= a.happened_at AND a.instrument IN ('', r.instrument)
"""
_BRIDGINGS = """
    WITH named AS (
        SELECT run_id, 'platform' AS kind, platform AS name FROM runs
        UNION SELECT run_id, 'calibrator_lot', calibrator_lot FROM runs
        UNION SELECT run_id, 'method', method FROM runs
        UNION SELECT DISTINCT run_id, 'method', method FROM reported
    )
    SELECT DISTINCT a.i, n.run_id, r.study, '' AS sample, a.analyte
    FROM asked a JOIN named n ON n.kind = a.kind AND n.name IN (a.bridged_from, a.bridged_to)
        JOIN runs r ON r.run_id = n.run_id
"""
_TOUCHED: Mapping[str, str] = {
    "samples": _SAMPLES.format(wanted="SELECT i, study, sample FROM asked"),
    "subjects": _SAMPLES.format(
        wanted="SELECT a.i, s.study, s.sample FROM asked a JOIN latest_samples s USING (study, subject)"
    ),
    "controls": _CONTROLS,
    "events": _EVENTS,
    "bridgings": _BRIDGINGS,
}


def touched_runs(con: Connection, sheet: str, keys: pl.DataFrame) -> pl.DataFrame:
    """Return what rests on rows of a sheet.

    Parameters
    ----------
    keys : DataFrame
        Keys of rows; all columns of the sheet's key.

    Returns
    -------
    DataFrame
        ``i`` (number of the key, from 0), ``run_id``, ``study``, and ``sample`` and ``analyte``, which are empty where
        the whole run is meant. A key on which nothing rests is not there.
    """
    con.register("asked", keys.with_row_index("i").to_arrow())
    try:
        return query(con, _TOUCHED[sheet])
    finally:
        con.unregister("asked")
