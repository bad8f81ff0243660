"""Rule preanalytic.storage: a sample must not lie too long in the freezer."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("preanalytic.storage", scope=Scope.RESULT, limits=["required"])
def storage(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a sample that was stored longer than its analyte bears.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``stored_days`` and the limit ``storage_days``.
    limits : mapping of str to Limit
        ``required``: 1 if the time must be known wherever a limit is, 0 if a missing one is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the limit; ``not_evaluable`` where the time is required and missing, or below 0.

    Notes
    -----
    Time from freezing (from collection, where that is not known) to the start of the run.
    Analytes without a limit are silent. A time equal to the limit is inside. The number of the result plays no part,
    so censored results are judged too.

    References
    ----------
    .. [1] Source of each limit: the analyte's catalogue file.
    """
    results = run_input.results.filter(pl.col("storage_days").is_not_null())
    above = results.filter((pl.col("stored_days") > pl.col("storage_days")).fill_null(False))
    unknown = results.filter((pl.col("stored_days") < 0).fill_null(False))
    missing = results.filter(pl.col("stored_days").is_null() & (limits["required"].value != 0))
    return (
        [_above(row) for row in above.iter_rows(named=True)]
        + [_before(row) for row in unknown.iter_rows(named=True)]
        + [_missing(row, limits["required"]) for row in missing.iter_rows(named=True)]
    )


def _above(row: ResultRow) -> Finding:
    sentence = (
        f"The sample of {result_name(row)} was stored for {plain(round(row['stored_days'], 1))} days; "
        f"at most {plain(row['storage_days'])} are allowed."
    )
    evidence = Evidence(float(row["stored_days"]), "d", limits_of(row, "storage_days"))
    return about_result("preanalytic.storage", Verdict.WARN, row, sentence, evidence=evidence)


def _before(row: ResultRow) -> Finding:
    sentence = f"The times of the sample of {result_name(row)} contradict each other, so that none can be judged."
    return about_result("preanalytic.storage", Verdict.NOT_EVALUABLE, row, sentence)


def _missing(row: ResultRow, required: Limit) -> Finding:
    sentence = f"How long the sample of {result_name(row)} was stored is not known, and this profile requires it."
    evidence = Evidence(limits=[required])
    return about_result("preanalytic.storage", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
