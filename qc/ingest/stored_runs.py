"""Runs of a delivery into the facts: new, or a correction that names the run it corrects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from qc.store.facts import insert, next_id
from schemas.run import Run

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection


def take_runs(
    con: Connection,
    runs: Sequence[Run],
    tables: Mapping[str, pl.DataFrame],
    *,
    source_id: int,
    older: Mapping[str, tuple[int, int]],
) -> int:
    """Write runs with their wells and reported results.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``wells`` and ``reported``, with a column ``run``.
    older : mapping of str to tuple of int
        The runs that are in already, as :func:`newest_versions` says.

    Returns
    -------
    int
        Number of rows. A run that is in already gets a new version.
    """
    first = next_id(con, "runs")
    run_ids = {run.run: first + offset for offset, run in enumerate(runs)}
    insert(con, "runs", _run_frame(runs, run_ids, older, source_id))
    # The older version stays with all its rows, for whoever asks what was judged then; it only stops to count.
    for run_id, _ in older.values():
        con.execute("UPDATE run_states SET is_superseded = true WHERE run_id = ?", [run_id])
    return sum(_take_rows(con, name, frame, run_ids) for name, frame in tables.items())


_NEWEST = """
    SELECT run, arg_max(run_id, version), max(version) FROM runs WHERE run IN (SELECT unnest(?)) GROUP BY run
"""


def newest_versions(con: Connection, runs: Sequence[Run]) -> dict[str, tuple[int, int]]:
    """Return which runs are in already.

    Returns
    -------
    dict of str to tuple of int
        Id and number of the newest version, by the name of each run that is in.
    """
    rows = con.execute(_NEWEST, [[run.run for run in runs]]).fetchall()
    return {str(run): (int(run_id), int(version)) for run, run_id, version in rows}


def _run_frame(
    runs: Sequence[Run], run_ids: Mapping[str, int], older: Mapping[str, tuple[int, int]], source_id: int
) -> pl.DataFrame:
    import polars as pl

    rows = []
    for run in runs:
        known = older.get(run.run)
        row = asdict(run)
        row |= {"run_id": run_ids[run.run], "version": known[1] + 1 if known else 1, "source_id": source_id}
        row |= {"supersedes": known[0] if known else None}
        rows.append(row)
    return pl.DataFrame(rows, schema_overrides={"supersedes": pl.Int64, "started_at": pl.Datetime("us")})


def _take_rows(con: Connection, table: str, frame: pl.DataFrame, run_ids: Mapping[str, int]) -> int:
    import polars as pl

    run_id = pl.col("run").replace_strict(dict(run_ids), return_dtype=pl.Int64).alias("run_id")
    insert(con, table, frame.with_columns(run_id).drop("run"))
    return frame.height
