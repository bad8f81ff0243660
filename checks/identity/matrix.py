"""Rule identity.matrix: a result must say the same matrix as the sample sheet."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.matrix", scope=Scope.RESULT, by_row=True)
def matrix(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result whose matrix differs from that of its sample.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``matrix``, ``sample_matrix`` and ``sample_known``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``reject`` for each result whose matrix is another than the sheet's; ``not_evaluable`` where the run or the
        sheet states none.

    Notes
    -----
    An unknown sample is left to ``identity.sample_known``. Censored results are judged like others.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are attributable.
    """
    known = run_input.results.filter(pl.col("sample_known").fill_null(False)).with_columns(
        pl.col("matrix", "sample_matrix").fill_null("")
    )
    is_stated = (pl.col("matrix") != "") & (pl.col("sample_matrix") != "")
    differing = known.filter(is_stated & (pl.col("matrix") != pl.col("sample_matrix")))
    unstated = known.filter(~is_stated)
    return [_differing(row) for row in differing.iter_rows(named=True)] + [
        _unstated(row) for row in unstated.iter_rows(named=True)
    ]


def _differing(row: ResultRow) -> Finding:
    sentence = (
        f"This {row['analyte']} result was measured as '{row['matrix']}', "
        f"but the sample sheet says '{row['sample_matrix']}'."
    )
    suggestion = "Look for swapped tubes, or a wrong matrix in the run's file or in the sample sheet."
    return about_result("identity.matrix", Verdict.REJECT, row, sentence, suggestion=suggestion)


def _unstated(row: ResultRow) -> Finding:
    place = "the run" if not row["matrix"] else "the sample sheet"
    sentence = f"The matrix of this {result_name(row)} result is not stated in {place}."
    return about_result("identity.matrix", Verdict.NOT_EVALUABLE, row, sentence)
