"""Rule identity.sample_known: a result must belong to a sample that the study knows."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.sample_known", scope=Scope.RESULT, by_row=True, sees_all=True)
def sample_known(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result whose sample is not in the sample sheet.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``sample_known``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each result of an unknown sample: without the sheet nobody knows whose it is.

    Notes
    -----
    Censored results and results without a number are judged like others. A sheet that comes later mends it: the run
    is then assessed again.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are attributable.
    """
    rows = run_input.results.filter(~pl.col("sample_known").fill_null(False))
    suggestion = "Hand in the sample sheet, or look for a misspelt code in the run's file{at_line}."
    return [
        about_result(
            "identity.sample_known",
            Verdict.NOT_EVALUABLE,
            row,
            f"The sample of this {result_name(row)} result is not in the sample sheet.",
            suggestion=suggestion.format(at_line=f", line {row['line']}" if row["line"] else ""),
        )
        for row in rows.iter_rows(named=True)
    ]
