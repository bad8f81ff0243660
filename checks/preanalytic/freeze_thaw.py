"""Rule preanalytic.freeze_thaw: every thawing wears a sample."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("preanalytic.freeze_thaw", scope=Scope.RESULT, limits=["required"], by_row=True)
def freeze_thaw(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a sample that was thawed more often than its analyte bears.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``freeze_thaw_cycles`` and the limit ``freeze_thaw``.
    limits : mapping of str to Limit
        ``required``: 1 if the number of freeze-thaw cycles must be known wherever a limit is, 0 if a missing one is
        silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the limit; ``not_evaluable`` where the number of freeze-thaw cycles is required
        and missing.

    Notes
    -----
    Cycles are counted before this measurement.
    Analytes without a limit are silent. A value equal to the limit is inside. The number of the result plays no part,
    so censored results are judged too.

    References
    ----------
    .. [1] Source of each limit: the analyte's catalogue file.
    """
    results = run_input.results.filter(pl.col("freeze_thaw").is_not_null())
    above = results.filter((pl.col("freeze_thaw_cycles") > pl.col("freeze_thaw")).fill_null(False))
    missing = results.filter(pl.col("freeze_thaw_cycles").is_null() & (limits["required"].value != 0))
    return [_above(row) for row in above.iter_rows(named=True)] + [
        _missing(row, limits["required"]) for row in missing.iter_rows(named=True)
    ]


def _above(row: ResultRow) -> Finding:
    limits = limits_of(row, "freeze_thaw")
    sentence = (
        f"The sample of {result_name(row)} went through {plain(row['freeze_thaw_cycles'])} freeze-thaw cycles; "
        f"at most {plain(row['freeze_thaw'])} are allowed."
    )
    observed = (float(row["freeze_thaw_cycles"]), "1")
    return about_result("preanalytic.freeze_thaw", Verdict.WARN, row, sentence, evidence=Evidence(*observed, limits))


def _missing(row: ResultRow, required: Limit) -> Finding:
    sentence = f"The number of freeze-thaw cycles of {result_name(row)} is not known, and this profile requires it."
    evidence = Evidence(limits=[required])
    return about_result("preanalytic.freeze_thaw", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
