"""Rule range.flag: what an instrument or a laboratory system says against its own result is not lost."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from checks.result_rows import about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.result_marks import CORRECTS, EXPIRED, IN_DOUBT, SUPERSEDED

_SILENT = frozenset(
    {"", "0", "-", "ok", "none", "valid", "pass", "n", "l", "h", "ll", "hh", "a", "aa", "u", "d", "b", "w"}
)
_UNFINISHED = frozenset(
    {"preliminary", "pending", "partial", "not verified", "cannot be obtained", "cannot be done", "not asked for",
     "order only", "asked for", "doubtful", "needs review", "verified before it is final", "without a status",
     "order cancelled"}
)  # fmt: skip

_FETCH_AGAIN = "Get the file again from whoever wrote it, or compare the result with its source by eye."
_OF_ANOTHER_RULE = re.compile(f"{SUPERSEDED}|{CORRECTS}|{EXPIRED}")  # range.correction, reagents.expiry


@rule("range.flag", scope=Scope.RESULT, version=3, by_row=True)
def flag(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result that its instrument or laboratory system flagged, or that is not final.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``flag``, marks parted by commas, as the file wrote them.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each result that is said to be preliminary, pending or otherwise unfinished, or of which
        the file lets nobody be sure; ``warn`` for each with another mark.

    Notes
    -----
    Marks that compare a result with a reference interval or with an earlier result (H, L, HH, LL, A, AA, U, D, B, W)
    and marks of a good result (N, ok, valid) are silent: the ranges of the catalogue judge that. ``<`` and ``>`` mean
    beyond the scale of the instrument and are told. Results from wells carry no such mark; a mark of a well keeps the
    well out of the mean. A missing flag says nothing.

    References
    ----------
    .. [1] HL7 version 2.5.1, table 0078 (abnormal flags) and table 0085 (status of an observation).
    .. [2] CLSI LIS02-A2, fields 10.1.7 (abnormal flags) and 10.1.9 (status of a result).
    """
    flagged = run_input.results.filter(pl.col("flag") != "")
    found = ((row, _marks(str(row["flag"]))) for row in flagged.iter_rows(named=True))
    return [_finding(row, marks) for row, marks in found if marks]


def _marks(written: str) -> list[str]:
    marks = [mark.strip() for mark in written.split(",")]
    return [mark for mark in marks if mark.casefold() not in _SILENT and not _OF_ANOTHER_RULE.match(mark)]


def _finding(row: Mapping[str, object], marks: list[str]) -> Finding:
    doubts = [mark.removeprefix(f"{IN_DOUBT}: ") for mark in marks if mark.startswith(IN_DOUBT)]
    if doubts:
        sentence = f"Nobody can be sure of the result of {result_name(row)}: {'; '.join(doubts)}."
        return about_result("range.flag", Verdict.NOT_EVALUABLE, row, sentence, suggestion=_FETCH_AGAIN)
    unfinished = [mark for mark in marks if mark.casefold() in _UNFINISHED]
    quoted_marks = ", ".join(f"'{mark}'" for mark in unfinished or marks)
    if unfinished:
        sentence = f"The result of {result_name(row)} is not final: the file says {quoted_marks}."
        return about_result("range.flag", Verdict.NOT_EVALUABLE, row, sentence, suggestion="Wait for the final result.")
    sentence = f"The instrument flagged the result of {result_name(row)}: {quoted_marks}."
    return about_result("range.flag", Verdict.WARN, row, sentence, suggestion="Look up what the mark means.")
