"""Rule range.dilution: a sample must have been diluted as its method asks for."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("range.dilution", scope=Scope.RESULT, by_row=True)
def dilution(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a plate whose sample was diluted less than its method asks for.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``dilution``, ``plate`` and the limit ``least_dilution``.
    limits : mapping of str to Limit
        None are needed: the catalogue's limit stands in each result's row.

    Returns
    -------
    list of Finding
        ``warn`` for each result below; ``not_evaluable`` for a result of a plate without a dilution.

    Notes
    -----
    A table of results need not say how its samples were diluted, so a dilution of 1 there is silent. A dilution equal
    to the limit is enough. Censored results are judged like others.

    References
    ----------
    .. [1] The source of each limit stands with it in the analyte's catalogue file and in each finding.
    """
    limited_results = run_input.results.filter(pl.col("least_dilution").is_not_null())
    with_dilution = limited_results.filter((pl.col("plate") != "") | (pl.col("dilution") != 1))
    unknown = with_dilution.filter(pl.col("dilution").is_null() | ~pl.col("dilution").is_finite())
    below = with_dilution.filter((pl.col("dilution") < pl.col("least_dilution")).fill_null(False))
    return [_unknown(row) for row in unknown.iter_rows(named=True)] + [
        _below(row) for row in below.iter_rows(named=True)
    ]


def _below(row: ResultRow) -> Finding:
    least = plain(row["least_dilution"])
    sentence = f"{result_name(row)} was diluted {plain(row['dilution'])} fold; its method asks for {least} at least."
    evidence = Evidence(float(row["dilution"]), "1", limits_of(row, "least_dilution"))
    suggestion = "Look at the plate map, and measure again at a higher dilution if it is right."
    return about_result("range.dilution", Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion)


def _unknown(row: ResultRow) -> Finding:
    sentence = f"The dilution of {result_name(row)} is not known, and its method asks for one."
    evidence = Evidence(limits=limits_of(row, "least_dilution"))
    return about_result("range.dilution", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
