"""Rule preanalytic.time_to_freezer: a sample must not wait too long before it is frozen."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("preanalytic.time_to_freezer", scope=Scope.RESULT, limits=["required"])
def time_to_freezer(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a sample that waited longer before freezing than its analyte bears.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``freezing_hours`` and the limit ``hours_to_freezer``.
    limits : mapping of str to Limit
        ``required``: 1 if the time must be known wherever a limit is, 0 if a missing one is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the limit; ``not_evaluable`` where the time is required and missing, or below 0.

    Notes
    -----
    Time from collection to freezing, by the sample sheet.
    Analytes without a limit are silent. A time equal to the limit is inside. The number of the result plays no part,
    so censored results are judged too.

    References
    ----------
    .. [1] Source of each limit: the analyte's catalogue file.
    """
    results = run_input.results.filter(pl.col("hours_to_freezer").is_not_null())
    above = results.filter((pl.col("freezing_hours") > pl.col("hours_to_freezer")).fill_null(False))
    unknown = results.filter((pl.col("freezing_hours") < 0).fill_null(False))
    missing = results.filter(pl.col("freezing_hours").is_null() & (limits["required"].value != 0))
    return (
        [_above(row) for row in above.iter_rows(named=True)]
        + [_before(row) for row in unknown.iter_rows(named=True)]
        + [_missing(row, limits["required"]) for row in missing.iter_rows(named=True)]
    )


def _above(row: ResultRow) -> Finding:
    sentence = (
        f"The sample of {result_name(row)} was kept unfrozen for {plain(round(row['freezing_hours'], 1))} hours; "
        f"at most {plain(row['hours_to_freezer'])} are allowed."
    )
    evidence = Evidence(float(row["freezing_hours"]), "h", limits_of(row, "hours_to_freezer"))
    return about_result("preanalytic.time_to_freezer", Verdict.WARN, row, sentence, evidence=evidence)


def _before(row: ResultRow) -> Finding:
    sentence = f"The times of the sample of {result_name(row)} contradict each other, so that none can be judged."
    return about_result("preanalytic.time_to_freezer", Verdict.NOT_EVALUABLE, row, sentence)


def _missing(row: ResultRow, required: Limit) -> Finding:
    sentence = (
        f"How long the sample of {result_name(row)} was kept unfrozen is not known, and this profile requires it."
    )
    evidence = Evidence(limits=[required])
    return about_result("preanalytic.time_to_freezer", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
