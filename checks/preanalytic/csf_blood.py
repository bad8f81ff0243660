"""Rule preanalytic.csf_blood: blood in CSF brings along what is measured."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("preanalytic.csf_blood", scope=Scope.RESULT, limits=["required"], by_row=True)
def csf_blood(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every CSF result of a sample with more red cells than its analyte bears.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``rbc_per_ul`` and the limit ``rbc``.
    limits : mapping of str to Limit
        ``required``: 1 if the red cell count must be known wherever a limit is, 0 if a missing one is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the limit; ``not_evaluable`` where the red cell count is required and missing.

    Notes
    -----
    A traumatic puncture adds serum and red cells: iron suffers first, NfL and GDNF last. Other matrices are silent.
    Analytes without a limit are silent. A value equal to the limit is inside. The number of the result plays no part,
    so censored results are judged too.

    References
    ----------
    .. [1] Source of each limit: the analyte's catalogue file.
    """
    results = run_input.results.filter((pl.col("matrix") == "csf") & pl.col("rbc").is_not_null())
    above = results.filter((pl.col("rbc_per_ul") > pl.col("rbc")).fill_null(False))
    missing = results.filter(pl.col("rbc_per_ul").is_null() & (limits["required"].value != 0))
    return [_above(row) for row in above.iter_rows(named=True)] + [
        _missing(row, limits["required"]) for row in missing.iter_rows(named=True)
    ]


def _above(row: ResultRow) -> Finding:
    limits = limits_of(row, "rbc")
    sentence = (
        f"The sample of {result_name(row)} holds {plain(row['rbc_per_ul'])} red cells per uL; "
        f"at most {plain(row['rbc'])} per uL are allowed."
    )
    observed = (float(row["rbc_per_ul"]), "/uL")
    return about_result("preanalytic.csf_blood", Verdict.WARN, row, sentence, evidence=Evidence(*observed, limits))


def _missing(row: ResultRow, required: Limit) -> Finding:
    sentence = f"The red cell count of {result_name(row)} is not known, and this profile requires it."
    evidence = Evidence(limits=[required])
    return about_result("preanalytic.csf_blood", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
