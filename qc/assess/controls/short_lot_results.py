"""Control results that targets of short lots rest on: of all runs, later ones too, whatever rules said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.lot_targets import looks_at_later_runs

if TYPE_CHECKING:
    import polars as pl

    from checks.readings import ExcludedControls
    from qc.assess.prepare.prepared_run import PreparedRun

_COLUMNS = ("run_id", "run", "started_at", "position", "analyte", "matrix", "material", "level", "lot", "value")


@dataclass(frozen=True, slots=True)
class ShortLotResults:
    """Control results of all runs that have a time."""

    rows: pl.DataFrame
    """Results with run and instrument."""
    excluded: ExcludedControls
    """Those that a person has set aside, with the reason."""

    def of_instrument(self, instrument: str) -> pl.DataFrame:
        """Return the results of one instrument."""
        import polars as pl

        return self.rows.filter(pl.col("instrument") == instrument)


def results_of_all_runs(prepared: Sequence[PreparedRun], others: pl.DataFrame) -> pl.DataFrame | None:
    """Return what targets of short lots rest on, where any run has such a lot.

    Parameters
    ----------
    prepared : sequence of PreparedRun
        The runs of the chunk: what their controls read is known before any of them is judged.
    others : DataFrame
        Controls of all other runs that were judged.

    Returns
    -------
    DataFrame or None
        Results with run and instrument; None where no lot of these runs looks at later ones.
    """
    import polars as pl

    if not any(looks_at_later_runs(row) for run in prepared for row in run.sheet.iter_rows(named=True)):
        return None
    own = [_rows_of(run) for run in prepared if run.loaded.run.started_at]
    return pl.concat([others.select(*_COLUMNS, "instrument"), *own], how="vertical_relaxed")


def _rows_of(prepared: PreparedRun) -> pl.DataFrame:
    import polars as pl

    run = prepared.loaded.run
    return prepared.controls.select(
        pl.lit(prepared.loaded.run_id, pl.Int64).alias("run_id"),
        pl.lit(run.run).alias("run"),
        pl.lit(run.started_at, pl.Datetime("us")).alias("started_at"),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("position"),
        *("analyte", "matrix", "material", "level", "lot"),
        pl.col("number").alias("value"),
        pl.lit(run.instrument).alias("instrument"),
    )
