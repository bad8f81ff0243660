"""Control results that targets of short lots rest on: of all runs, later ones too, whatever rules said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.lot_targets import looks_at_later_runs
from qc.assess.controls.excluded_controls import exclusions_by

if TYPE_CHECKING:
    import polars as pl

    from checks.readings import ExcludedControls
    from qc.assess.controls.earlier_controls import EarlierControls
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


def short_lot_results(prepared: Sequence[PreparedRun], controls: EarlierControls) -> ShortLotResults | None:
    """Return what targets of short lots rest on, where any run has such a lot.

    Parameters
    ----------
    prepared : sequence of PreparedRun
        The runs of the chunk: what their controls read is known before any of them is judged.
    controls : EarlierControls
        Controls of all other runs that were judged, and what people have decided.

    Returns
    -------
    ShortLotResults or None
        None where no lot of these runs looks at later ones.
    """
    import polars as pl

    if not any(looks_at_later_runs(row) for run in prepared for row in run.sheet.iter_rows(named=True)):
        return None
    others = controls.rows.select(*_COLUMNS, "instrument")
    rows = pl.concat(
        [others, *(_rows_of(run) for run in prepared if run.loaded.run.started_at)], how="vertical_relaxed"
    )
    return ShortLotResults(rows, exclusions_by(rows, (), controls.states))


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
