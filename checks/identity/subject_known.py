"""Rule identity.subject_known: who gave a sample must stand in the subject sheet, where the study keeps one."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

_SUGGESTION = (
    "Hand in the subject sheet with every subject, or correct the subject in the sample sheet; 'qc doctor' names it."
)


@rule("identity.subject_known", scope=Scope.RESULT, by_row=True, sees_all=True)
def subject_known(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result whose sample names a subject that is not in the subject sheet.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``subject_known``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each such result: its limits by sex and age cannot be chosen, and a misspelt subject would
        part the pair.

    Notes
    -----
    Silent in a study without a subject sheet, for samples of nobody, and for samples that no sheet knows: these are
    left to ``identity.sample_known``. Censored results and results without a number are judged like others.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are attributable.
    """
    rows = run_input.results.filter(~pl.col("subject_known").fill_null(False))
    return [
        about_result(
            "identity.subject_known",
            Verdict.NOT_EVALUABLE,
            row,
            f"The subject of this {result_name(row)} result is not in the subject sheet: sex and year of birth are "
            "not known.",
            suggestion=_SUGGESTION,
        )
        for row in rows.iter_rows(named=True)
    ]
