"""Rule range.detection: a result below the limit of quantitation is shown as what it is, and held by nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

_STATES = MappingProxyType(
    {
        "not_detected": "was not detected: {value} is not above the limit of blank, {lob}. It counts as below {bound}.",
        "detected": "was detected and not quantified: {value} is above the limit of blank, {lob}, and below {bound}.",
    }
)


@rule("range.detection", scope=Scope.RESULT, by_row=True)
def detection(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Show every result that is not detected, or detected and not quantified.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``detection``, ``value``, ``censor_limit`` and the limits of blank and detection.
    limits : mapping of str to Limit
        None are needed: the catalogue's limits stand in each result's row, with their source.

    Returns
    -------
    list of Finding
        ``warn`` for each result below the limit of quantitation of its method and reagent lot; ``not_evaluable`` for
        each whose limits contradict each other.

    Notes
    -----
    The number is kept; the result counts as a bound, and a planned test takes a detected result as more than one that
    was not. Without a limit of blank in the catalogue the rule is silent. It shows and never holds.

    References
    ----------
    .. [1] CLSI EP17-A2. Evaluation of Detection Capability for Clinical Laboratory Measurement Procedures. 2012.
    """
    is_crossed = (pl.col("lob") >= pl.col("lod")).fill_null(value=False)
    odd = run_input.results.filter(is_crossed)
    rows = run_input.results.filter(pl.col("detection").is_in(list(_STATES)) & ~is_crossed)
    return [_crossed(row) for row in odd.iter_rows(named=True)] + [_finding(row) for row in rows.iter_rows(named=True)]


def _crossed(row: ResultRow) -> Finding:
    sentence = f"The limit of blank of {result_name(row)}, {plain(row['lob'])}, is not below that of detection."
    evidence = Evidence(limits=limits_of(row, "lob", "lod"))
    return about_result(
        "range.detection",
        Verdict.NOT_EVALUABLE,
        row,
        sentence,
        evidence=evidence,
        suggestion="Mend the limits.",
    )


def _finding(row: ResultRow) -> Finding:
    used, unit = limits_of(row, "lob", "lod"), str(row["unit"])
    words = _STATES[str(row["detection"])].format(
        value=plain(row["value"]), lob=plain(row["lob"]), bound=f"{plain(row['censor_limit'])} {unit}"
    )
    evidence = Evidence(float(row["value"]), unit, used)
    return about_result("range.detection", Verdict.WARN, row, f"{result_name(row)} {words}", evidence=evidence)
