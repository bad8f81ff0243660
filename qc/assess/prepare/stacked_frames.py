"""Frames of several runs as one, told apart by a column: what is done to all rows alike is done once for all runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.prepare.stored_run import LoadedRun

OF_RUN = "of_run"
"""Column that says which of the runs a row is of, from 0."""


def stacked(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the frames one below the other.

    Parameters
    ----------
    frames : iterable of DataFrame
        One for each run, one at least, all with the same columns.

    Returns
    -------
    DataFrame
        Their rows in their order, with the column ``of_run`` in front.
    """
    import polars as pl

    return pl.concat(
        [frame.select(pl.lit(number, pl.Int64).alias(OF_RUN), pl.all()) for number, frame in enumerate(frames)]
    )


def parted(frame: pl.DataFrame, n_runs: int) -> list[pl.DataFrame]:
    """Return the rows of each run by themselves.

    Parameters
    ----------
    frame : DataFrame
        Rows of several runs, with the column ``of_run``.

    Returns
    -------
    list of DataFrame
        One for each run, without that column; a run without a row has every other column.
    """
    parts = frame.partition_by(OF_RUN, maintain_order=True, include_key=False, as_dict=True)
    none = frame.drop(OF_RUN).clear()
    return [parts.get((number,), none) for number in range(n_runs)]


def about_runs(runs: Sequence[LoadedRun]) -> pl.DataFrame:
    """Return what holds for every row of a run where the row is silent.

    Returns
    -------
    DataFrame
        ``of_run``, ``run_analyte``, ``run_matrix``, ``run_method``, ``run_unit``, ``run_reagent_lot`` and
        ``run_started_at``, one row a run.
    """
    import polars as pl

    names = ("analyte", "matrix", "method", "unit", "reagent_lot")
    texts = {f"run_{name}": [getattr(one.run, name) for one in runs] for name in names}
    started = pl.Series("run_started_at", [one.run.started_at for one in runs], pl.Datetime("us"))
    return pl.DataFrame(
        {OF_RUN: list(range(len(runs))), **texts}, schema_overrides=dict.fromkeys(texts, pl.String)
    ).with_columns(started)


def with_runs(frame: pl.DataFrame, runs: Sequence[LoadedRun]) -> pl.DataFrame:
    """Return stacked rows beside what holds for their runs.

    Parameters
    ----------
    frame : DataFrame
        Rows with the column ``of_run``.

    Returns
    -------
    DataFrame
        The rows in their order, with the columns of :func:`about_runs`.
    """
    return frame.join(about_runs(runs), on=OF_RUN, how="left", maintain_order="left")
