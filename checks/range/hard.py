"""Rule range.hard: a result must be possible at all."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.range.range_of_results import contradicts_itself, is_outside, observed_of, observed_text
from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("range.hard", scope=Scope.RESULT, by_row=True)
def hard(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result outside the hard plausibility range of its analyte, matrix, method, age and sex.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``value``, ``censor``, ``censor_limit``, ``hard_low``, ``hard_high``.
    limits : mapping of str to Limit
        None are needed: the catalogue's limits stand in each result's row, with their source.

    Returns
    -------
    list of Finding
        ``reject`` for each result outside; ``not_evaluable`` for each analyte and matrix without a hard limit, and
        for each result whose limits contradict each other.

    Notes
    -----
    A limit itself is inside. A bound is judged by what it proves: ``>1000`` is outside if the high limit is 1000 or
    less, ``<0.5`` if the low limit is 0.5 or more; else it may be inside and nothing is said. A result without a
    number is left to ``range.value``.

    References
    ----------
    .. [1] The source of each limit stands with it in the analyte's catalogue file and in each finding.
    """
    results = run_input.results
    odd = results.filter(contradicts_itself("hard_low", "hard_high"))
    sound = results.filter(~contradicts_itself("hard_low", "hard_high"))
    outside = sound.filter(is_outside("hard_low", "hard_high"))
    return (
        _without_limits(results)
        + [_contradiction(row) for row in odd.iter_rows(named=True)]
        + [_outside(row) for row in outside.iter_rows(named=True)]
    )


def _without_limits(results: pl.DataFrame) -> list[Finding]:
    bare = results.filter(pl.col("hard_low").is_null() & pl.col("hard_high").is_null())
    pairs = bare.select("analyte", "matrix").unique(maintain_order=True)
    return [
        Finding(
            "range.hard",
            Verdict.NOT_EVALUABLE,
            Scope.ANALYTE,
            {"analyte": row["analyte"]},
            f"The catalogue sets no hard plausibility range for {result_name(row)}, so its results cannot be judged.",
            suggestion="Add a hard range to the analyte's catalogue file.",
        )
        for row in pairs.iter_rows(named=True)
    ]


def _contradiction(row: ResultRow) -> Finding:
    sentence = f"The hard range of {result_name(row)} is from {plain(row['hard_low'])} to {plain(row['hard_high'])}."
    limits = limits_of(row, "hard_low", "hard_high")
    return about_result(
        "range.hard",
        Verdict.NOT_EVALUABLE,
        row,
        sentence,
        evidence=Evidence(limits=limits),
        suggestion="Mend the limits.",
    )


def _outside(row: ResultRow) -> Finding:
    limits = limits_of(row, "hard_low", "hard_high")
    ends = " and ".join(f"{limit.name} {plain(limit.value)} {limit.unit}" for limit in limits)
    sentence = f"{result_name(row)} of {observed_text(row)} lies outside what is possible: {ends}."
    suggestion = "Look for a unit, dilution or matrix error."
    observed = observed_of(row)
    return about_result(
        "range.hard", Verdict.REJECT, row, sentence, evidence=Evidence(*observed, limits), suggestion=suggestion
    )
