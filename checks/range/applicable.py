"""Rule range.applicable: the method must be fit for this analyte in this matrix."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("range.applicable", scope=Scope.RESULT, by_row=True)
def applicable(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a method that must not be used for its analyte in its matrix.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``applicable`` and ``applicable_sentence``, which the catalogue decides.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``reject`` for each result that is not applicable; ``not_evaluable`` where the catalogue could not decide.

    Notes
    -----
    Censored results and results without a number are judged like others: a wrong method makes no right bound.

    References
    ----------
    .. [1] The source of each restriction stands in the analyte's catalogue file, table ``applicability``.
    """
    rows = run_input.results.filter(~pl.col("applicable").fill_null(False))
    return [_finding(row) for row in rows.iter_rows(named=True)]


def _finding(row: ResultRow) -> Finding:
    if row["applicable"] is None:
        sentence = f"The catalogue does not say whether {result_name(row)} may be measured like this."
        return about_result("range.applicable", Verdict.NOT_EVALUABLE, row, sentence)
    by = f" by method '{row['method']}'" if row["method"] else ""
    sentence = str(row["applicable_sentence"] or "") or f"{result_name(row)} must not be measured{by}."
    return about_result(
        "range.applicable", Verdict.REJECT, row, sentence, suggestion="State the method, or measure again."
    )
