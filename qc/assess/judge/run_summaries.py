"""Run summaries: one small row for each analyte and matrix of a run, for the suites to judge."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from checks.without_entry import is_without_entry
from schemas.finding import Scope

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.judged_run import JudgedRun


BOOKKEEPING = frozenset({"identity.duplicate_result", "identity.sample_known", "range.correction"})
"""Rules about sheets and shape, not about a measurement: what they say makes no run doubtful as a whole."""


def summarise(judged: JudgedRun, set_aside: Collection[int] = ()) -> pl.DataFrame:
    """Summarise one judged run.

    Parameters
    ----------
    set_aside : collection of int
        Ordinals of results that a person has rejected, or wants repeated: they are not counted as flagged any more,
        and still among all results, so that no decision makes a share of flagged results larger.

    Returns
    -------
    DataFrame
        Columns of ``run_summaries`` but for ``assessment_id``, and ``is_plate``, ``method``, ``n_with_result`` and
        ``min_controls_per_level``; one row for each analyte and matrix. Results that are kept as evidence beside
        another of their sample are not counted. Medians leave out results without a number; they are null where none
        has one.
    """
    import polars as pl

    holding = [f for f in judged.findings if f.scope is Scope.RESULT and judged.holds(f) and f.rule not in BOOKKEEPING]
    flagged = {int(f.key["result"]) for f in holding} - set(set_aside)
    # What the catalogue has no entry for is told as such, and judged by no suite.
    results = judged.results.filter(~is_without_entry()).with_columns(
        pl.col("ordinal").is_in(sorted(flagged)).alias("is_flagged"),
        (~pl.col("ordinal").is_in(sorted(judged.repeats.evidence))).alias("counts"),
    )
    counts = pl.col("counts")
    has_number = counts & pl.col("value").is_not_null() & pl.col("value").is_finite()
    positive = pl.col("value").filter(counts & (pl.col("value") > 0))
    table = results.group_by("analyte", "matrix", maintain_order=True).agg(
        pl.col("sample").n_unique().alias("n_with_result"),
        counts.sum().alias("n_results"),
        (has_number & (pl.col("censor") == "")).sum().alias("n_with_number"),
        (counts & (pl.col("censor") == "<")).sum().alias("n_below_lloq"),
        (counts & (pl.col("censor") == ">")).sum().alias("n_above_uloq"),
        (counts & pl.col("is_flagged")).sum().alias("n_flagged"),
        pl.col("n_replicates").min().alias("min_replicates"),
        pl.col("cv_percent").median().alias("median_cv_percent"),
        positive.log10().median().alias("median_log10"),
        pl.col("method").first().alias("method"),
    )
    levels = (
        judged.controls.filter(pl.col("value").is_not_null())
        .group_by("analyte", "matrix", "material", "level")
        .len("n_controls")
        .group_by("analyte", "matrix")
        .agg(
            pl.len().alias("n_control_levels"),
            pl.col("n_controls").sum().alias("n_control_results"),
            pl.col("n_controls").min().alias("min_controls_per_level"),
        )
    )
    # A run may hold serum and CSF: each analyte is asked of the samples of its own matrix alone.
    samples = results.group_by("matrix").agg(pl.col("sample").n_unique().alias("n_samples"))
    numbers = ["n_results", "n_with_number", "n_below_lloq", "n_above_uloq", "n_flagged", "n_control_levels"]
    numbers += ["n_control_results", "min_controls_per_level", "min_replicates", "n_samples"]
    return (
        table.join(levels, on=["analyte", "matrix"], how="left", maintain_order="left")
        .join(samples, on="matrix", how="left", maintain_order="left")
        .with_columns(
            pl.lit(judged.loaded.run_id, pl.Int64).alias("run_id"),
            pl.lit(value=judged.loaded.wells.height > 0).alias("is_plate"),
        )
        .with_columns(pl.col(name).fill_null(0).cast(pl.Int32) for name in numbers)
    )
