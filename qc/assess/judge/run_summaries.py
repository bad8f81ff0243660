"""Run summaries: one small row for each analyte and matrix of a run, for the suites to judge."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from checks.without_entry import is_without_basis
from schemas.finding import Scope

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.judged_run import JudgedRun
    from schemas.finding import Finding


BOOKKEEPING = frozenset(
    {"identity.duplicate_result", "identity.sample_known", "identity.subject_known", "range.correction"}
)
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
        has one. In the median of a run, of which its drift is judged, each sample stands: by what counts of it, or else
        by what is kept as evidence, so that a run of repeats alone is judged too.
    """
    import polars as pl

    flagged = {int(f.key["result"]) for f in judged.findings if _flags(judged, f)} - set(set_aside)
    # What has no basis to be judged on is told as such, and judged by no suite.
    results = judged.results.filter(~is_without_basis()).with_columns(
        pl.col("ordinal").is_in(sorted(flagged)).alias("is_flagged"),
        (~pl.col("ordinal").is_in(sorted(judged.repeats.evidence))).alias("counts"),
    )
    counts = pl.col("counts")
    has_number = counts & pl.col("value").is_not_null() & pl.col("value").is_finite()
    stands = counts | ~counts.any().over("sample", "analyte", "matrix")
    positive = pl.col("value").filter(pl.col("stands") & (pl.col("value") > 0))
    table = (
        results.with_columns(stands.alias("stands"))
        .group_by("analyte", "matrix", maintain_order=True)
        .agg(
            pl.col("sample").n_unique().alias("n_known"),
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
    # A code that no sheet knows may be a known one misspelt: it adds no sample, and its result may be that of any that
    # lacks one, in whatever matrix.
    unknown = judged.results.filter(pl.col("sample_known").not_())
    strangers = unknown.group_by("analyte").agg(pl.col("sample").n_unique().alias("n_strange"))
    numbers = ["n_results", "n_with_number", "n_below_lloq", "n_above_uloq", "n_flagged", "n_control_levels"]
    numbers += ["n_control_results", "min_controls_per_level", "min_replicates", "n_samples"]
    return (
        table.join(levels, on=["analyte", "matrix"], how="left", maintain_order="left")
        .join(samples, on="matrix", how="left", maintain_order="left")
        .join(strangers, on="analyte", how="left", maintain_order="left")
        .with_columns(
            pl.min_horizontal(pl.col("n_known") + pl.col("n_strange").fill_null(0), "n_samples").alias("n_with_result"),
            pl.lit(judged.loaded.run_id, pl.Int64).alias("run_id"),
            pl.lit(value=judged.loaded.wells.height > 0).alias("is_plate"),
        )
        .with_columns(pl.col(name).fill_null(0).cast(pl.Int32) for name in numbers)
        .drop("n_known", "n_strange")
    )


def _flags(judged: JudgedRun, finding: Finding) -> bool:
    # What is said of a curve makes those of other curves no more doubtful.
    is_own = finding.scope is Scope.RESULT and "curve" not in finding.key and finding.rule not in BOOKKEEPING
    return is_own and judged.holds(finding)


def with_all(judged: JudgedRun, summary: pl.DataFrame) -> pl.DataFrame:
    """Count the results that no suite judges in a summary too.

    Returns
    -------
    DataFrame
        ``n_results`` counts every result that is not kept as evidence; what cannot be judged has rows without numbers.
    """
    import polars as pl

    keys = ["analyte", "matrix"]
    counting = judged.results.filter(~pl.col("ordinal").is_in(sorted(judged.repeats.evidence)))
    counts = counting.group_by(keys, maintain_order=True).agg(pl.len().cast(pl.Int32).alias("n_all"))
    if counts["n_all"].sum() == summary["n_results"].sum():
        return summary
    joined = counts.join(summary, on=keys, how="left", maintain_order="left")
    counted = [name for name in summary.columns if name.startswith(("n_", "min_")) and name != "n_results"]
    zeros = [pl.col(name).fill_null(0) for name in counted]
    of_run = [pl.col("run_id").fill_null(judged.loaded.run_id), pl.col("is_plate").fill_null(value=False)]
    return joined.with_columns(*zeros, *of_run, n_results=pl.col("n_all")).select(summary.columns)


def analytes_without_basis(judged: JudgedRun) -> frozenset[str]:
    """Return the analytes of which no result can be judged."""
    import polars as pl

    is_without = judged.results.group_by("analyte").agg(is_without_basis().all().alias("is_without"))
    return frozenset(is_without.filter(pl.col("is_without"))["analyte"].to_list())
