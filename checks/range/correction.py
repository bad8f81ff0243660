"""Rule range.correction: a result that its sender has corrected or withdrawn is no longer a result."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from checks.result_rows import about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.result_marks import CORRECTS, SUPERSEDED

_ELSEWHERE = "an earlier result that this file does not hold"


@rule("range.correction", scope=Scope.RESULT, by_row=True)
def correction(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every result that its sender has corrected or withdrawn, and show what corrects it.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``flag``, with the marks of ``schemas.result_marks``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``reject`` for each result that a later line of its file replaces or withdraws; ``warn`` for each that corrects
        one; ``not_evaluable`` where the earlier result stands in another file.

    Notes
    -----
    A result that is replaced does not count as a duplicate of the one that corrects it. A missing flag says nothing.

    References
    ----------
    .. [1] HL7 version 2.5.1, table 0085: C corrects, D deletes, W says that the earlier result was wrong.
    .. [2] CLSI LIS02-A2, field 10.1.9: C is a correction of results that were sent before.
    """
    marked = run_input.results.filter(pl.col("flag").str.contains(f"{SUPERSEDED}|{CORRECTS}"))
    return [_finding(row, _marks(str(row["flag"]))) for row in marked.iter_rows(named=True)]


def _marks(written: str) -> list[str]:
    marks = [mark.strip() for mark in written.split(",")]
    return [mark for mark in marks if re.match(f"{SUPERSEDED}|{CORRECTS}", mark)]


def _finding(row: Mapping[str, object], marks: list[str]) -> Finding:
    words = "; ".join(marks)
    superseded = [mark for mark in marks if re.match(SUPERSEDED, mark)]
    if superseded:
        sentence = f"This result of {result_name(row)}, '{row['text']}', no longer stands: it is {words}."
        suggestion = "Reject it; the file says which result takes its place, if any."
        return about_result("range.correction", Verdict.REJECT, row, sentence, suggestion=suggestion)
    sentence = f"This result of {result_name(row)}, '{row['text']}', {words}."
    if _ELSEWHERE in words:
        suggestion = "Look for the run that holds the earlier result, and reject it there."
        return about_result("range.correction", Verdict.NOT_EVALUABLE, row, sentence, suggestion=suggestion)
    suggestion = "Approve it, and reject the result that it corrects."
    return about_result("range.correction", Verdict.WARN, row, sentence, suggestion=suggestion)
