"""Rule replicates.difference: the two wells of a duplicate must lie close together."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

SLACK_PERCENT = 1e-9
"""Slack on the limit in percent, so that a difference of exactly the limit is inside despite binary rounding."""


@rule("replicates.difference", scope=Scope.RESULT, limits=["difference_percent", "lloq_fraction"], by_row=True)
def difference(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every duplicate whose wells differ by more than a share of their mean.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``cv_percent``, ``n_replicates``, ``value`` and ``lloq``.
    limits : mapping of str to Limit
        ``difference_percent``: largest difference in percent of the mean, above 0.
        ``lloq_fraction``: difference that is always allowed, in LLOQs, 0 or more: near the LLOQ a percentage is
        stricter than the assay can be.

    Returns
    -------
    list of Finding
        ``warn`` for each duplicate that differs more; ``not_evaluable`` for each with a number but without a CV.

    Notes
    -----
    The difference of two wells is their CV times the square root of 2. Strictly above the limit fails. Single wells,
    three or more wells, and results without a number are silent. A censored result has no difference. Without a known
    LLOQ nothing is allowed beyond the percentage.

    References
    ----------
    .. [1] Bland JM, Altman DG. Measurement error. BMJ. 1996;313:744: SD of duplicates = difference / square root of 2.
    """
    most, near = limits["difference_percent"], limits["lloq_fraction"]
    numbered = pl.col("value").is_finite() & (pl.col("censor").fill_null("") == "")
    duplicates = run_input.results.filter(numbered & (pl.col("n_replicates") == 2)).with_columns(
        (pl.col("cv_percent") * math.sqrt(2)).alias("difference")
    )
    has_one = pl.col("difference").is_finite().fill_null(False)
    allowed = 100 * near.value * pl.col("lloq") / pl.col("value").abs()
    is_near = (pl.col("difference") <= allowed).fill_null(False)
    apart = duplicates.filter(has_one & (pl.col("difference") > most.value + SLACK_PERCENT) & ~is_near)
    silent = duplicates.filter(~has_one)
    return [_apart(row, [most, near]) for row in apart.iter_rows(named=True)] + [
        _without(row) for row in silent.iter_rows(named=True)
    ]


def _apart(row: ResultRow, limits: list[Limit]) -> Finding:
    sentence = (
        f"The two wells of {result_name(row)}{_in_wells(row)} differ by {row['difference']:.1f} % of their mean; "
        f"at most {plain(limits[0].value)} % is allowed."
    )
    evidence = Evidence(float(row["difference"]), "percent", limits)
    suggestion = "Two wells cannot tell which of them is wrong: repeat the sample."
    return about_result("replicates.difference", Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion)


def _without(row: ResultRow) -> Finding:
    sentence = f"The two wells of {result_name(row)}{_in_wells(row)} have no CV, so their difference is not known."
    return about_result("replicates.difference", Verdict.NOT_EVALUABLE, row, sentence)


def _in_wells(row: ResultRow) -> str:
    return f" ({row['wells']})" if row["wells"] else ""
