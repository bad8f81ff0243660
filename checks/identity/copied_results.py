"""Rule identity.copied_results: results of one visit do not repeat those of another one."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import own_and_linked
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.copied_results", scope=Scope.ANALYTE, limits=["min_equal", "equal_percent"])
def copied_results(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every analyte in which most subjects have exactly the same number at two visits.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: the same subject, analyte and matrix at other visits.
    limits : mapping of str to Limit
        ``min_equal``: fewest subjects with equal numbers, 1 or more.
        ``equal_percent``: smallest share of the subjects with two visits, in percent.

    Returns
    -------
    list of Finding
        ``warn`` for each analyte and matrix in which two visits agree so, whichever they are.

    Raises
    ------
    NotEvaluableError
        If the run has results and no sample of them is in the sample sheet.

    Notes
    -----
    Numbers are compared in canonical units. Censored results are left out: many may lie below one limit.

    References
    ----------
    .. [1] Simonsohn U. Just post it: the lesson from two cases of fabricated data. Psychol Sci. 2013;24:1875-88. The
       limits are Assaygate's proposal.
    """
    rows = own_and_linked(run_input)
    own = rows.filter(pl.col("ordinal").is_not_null())
    if run_input.results.height and not own.height:
        raise NotEvaluableError("No sample of this run is known, so that its visits cannot be compared.")
    key = ["subject", "analyte", "matrix"]
    others = rows.filter(pl.col("number").is_not_null()).select(*key, pl.col("visit").alias("other"), "number")
    pairs = own.filter(pl.col("number").is_not_null()).join(others, on=key, suffix="_other")
    pairs = pairs.filter(pl.col("visit") != pl.col("other"))
    is_equal = (pl.col("number") == pl.col("number_other")).any().alias("is_equal")
    subjects = pairs.group_by("analyte", "matrix", "visit", "other", "subject", maintain_order=True).agg(is_equal)
    counted = subjects.group_by("analyte", "matrix", "visit", "other", maintain_order=True).agg(
        pl.col("is_equal").sum().alias("n_equal"), pl.len().alias("n_subjects")
    )
    share = 100 * pl.col("n_equal") / pl.col("n_subjects")
    copied = counted.filter((pl.col("n_equal") >= limits["min_equal"].value) & (share >= limits["equal_percent"].value))
    worst = copied.group_by("analyte", "matrix", maintain_order=True).agg(pl.col("n_equal", "n_subjects").max())
    return [_copied(row, limits) for row in worst.iter_rows(named=True)]


def _copied(row: Mapping[str, object], limits: Mapping[str, Limit]) -> Finding:
    return Finding(
        "identity.copied_results",
        Verdict.WARN,
        Scope.ANALYTE,
        {"analyte": str(row["analyte"]), "matrix": str(row["matrix"])},
        f"{row['n_equal']} of {row['n_subjects']} subjects have exactly the same number at two visits.",
        limits=(limits["min_equal"], limits["equal_percent"]),
        suggestion="Look for a column that was pasted twice.",
    )
