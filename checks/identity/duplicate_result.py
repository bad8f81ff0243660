"""Rule identity.duplicate_result: a sample has one result of an analyte, or a reason for more."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.duplicate_result", scope=Scope.RESULT, version=2)
def duplicate_result(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag a result whose sample has other results of the same analyte that nobody planned.

    Parameters
    ----------
    run_input : RunInput
        ``duplicates`` is looked at: number of other results by ordinal of the one that a person is asked about; a
        result that is not named has none.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``warn`` for the one result of each sample that is asked about; ``not_evaluable`` if a count is below 0.

    Notes
    -----
    Which of them counts is for a person to say: picking one by its value would be testing into compliance. Results
    without a number count as well, for they were measured. Dilutions and replicates that a plate map shows, repeats
    that somebody asked for, and what ``several_dilutions`` and ``several_results`` of the laboratory settle, are none.

    References
    ----------
    .. [1] FDA. Guidance for industry: investigating out-of-specification test results, rev. 1, 2022, section IV.
    """
    ordinals = [ordinal for ordinal, n_others in run_input.duplicates.items() if n_others != 0]
    rows = run_input.results.filter(pl.col("ordinal").is_in(ordinals))
    return [_finding(row, run_input.duplicates[int(row["ordinal"])]) for row in rows.iter_rows(named=True)]


def _finding(row: ResultRow, n_others: int) -> Finding:
    if n_others < 0:
        sentence = f"The number of other results beside this {result_name(row)} result is '{n_others}'."
        return about_result("identity.duplicate_result", Verdict.NOT_EVALUABLE, row, sentence)
    others = "1 other result" if n_others == 1 else f"{n_others} other results"
    sentence = f"The sample of this {result_name(row)} result has {others} of the same analyte."
    suggestion = (
        "Approve it, and the others are kept as evidence; reject it, and another takes its place: with a reason that "
        "does not look at the value. 'several_results' of qc.toml settles all of them beforehand."
    )
    observed = (float(n_others), "1")
    return about_result(
        "identity.duplicate_result", Verdict.WARN, row, sentence, evidence=Evidence(*observed), suggestion=suggestion
    )
