"""Rule replicates.outlier: of three or more wells that disagree, name the one that stands apart."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.arithmetic.precision.grubbs import grubbs
from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("replicates.outlier", scope=Scope.RESULT, limits=["alpha", "least_cv_percent"])
def outlier(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Name the well that stands apart in each result of three or more wells that scatter too much.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` (signals) and ``results`` are looked at.
    limits : mapping of str to Limit
        ``alpha``: probability of a false alarm of Grubbs' test, two-sided, above 0 and below 1.
        ``least_cv_percent``: CV below which no well is called an outlier, in percent.

    Returns
    -------
    list of Finding
        ``warn`` for each result with an outlying well, which the sentence names. Nothing is left out by itself.

    Raises
    ------
    NotEvaluableError
        If a result of the run claims three or more wells and the run has none.

    Notes
    -----
    Judged are signals. Flagged wells and wells without a signal do not count. Duplicates are silent: of two wells
    nobody knows which is wrong. A censored result is judged like any other.

    References
    ----------
    .. [1] Grubbs FE. Procedures for detecting outlying observations in samples. Technometrics. 1969;11:1-21.
    """
    many = run_input.results.filter(pl.col("n_replicates") >= 3)
    if not run_input.wells.height:
        if many.filter(pl.col("plate") != "").height:
            raise NotEvaluableError("The wells of these results are not in the run, so no outlier can be named.")
        return []
    scattered = many.filter((pl.col("cv_percent") > limits["least_cv_percent"].value).fill_null(False))
    if not scattered.height:
        return []
    wells = _signals(run_input.wells)
    found = [_said(row, wells, limits) for row in scattered.iter_rows(named=True)]
    return [finding for finding in found if finding is not None]


def _signals(wells: pl.DataFrame) -> pl.DataFrame:
    counts = (pl.col("role") == "sample") & (pl.col("flag") == "") & pl.col("signal").is_not_null()
    return wells.filter(counts).select(
        "plate", "well", "analyte", pl.col("name").alias("sample"), pl.col("dilution").fill_null(1.0), "signal"
    )


def _said(row: ResultRow, wells: pl.DataFrame, limits: Mapping[str, Limit]) -> Finding | None:
    keys = ("plate", "analyte", "sample", "dilution")
    own = wells.filter(*(pl.col(key) == row[key] for key in keys))
    found = grubbs(own["signal"].to_list(), limits["alpha"].value)
    if found is None or not found.is_outlying:
        return None
    sentence = (
        f"Of the {own.height} wells of {result_name(row)}, well {own['well'][found.index]} stands apart: "
        f"{plain(found.statistic)} SD from their mean, at most {plain(found.critical)} is expected."
    )
    evidence = Evidence(found.statistic, "SD", [limits["alpha"], limits["least_cv_percent"]])
    suggestion = "Look at this well; reject it with a reason, or repeat the sample."
    return about_result("replicates.outlier", Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion)
