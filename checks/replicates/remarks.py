"""Rule replicates.remarks: what the instrument says of a well reaches whoever decides about its result."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from checks.replicates.well_words import STANDARDS, counting, remark_words, wells_of
from checks.result_rows import about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

_RULE = "replicates.remarks"
_FAILURE = re.compile(r"\b(errors?|fail(s|ed|ure)?|invalid)\b", re.IGNORECASE)
"""Words by which an instrument says that it could not measure."""


@rule(_RULE, scope=Scope.RESULT)
def remarks(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of whose wells the instrument says something: a warning, an error, a status, a note.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at (``role``, ``remark``, ``flag``, ``signal``) beside ``results``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``warn`` for each such result, with the words of the instrument and the wells, ``not_evaluable`` where they
        speak of an error, a failure or something invalid; one of scope analyte for calibrators, blanks and controls, on
        which all its results rest.

    Notes
    -----
    Wells that carry a flag, or that a person has rejected, play no part: they count in no result. Beyond that words are
    not weighed: a program cannot tell which of them matter. Flags of reported results are those of ``range.flag``.
    Numbers play no part, so censored results are judged too.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are complete, with what belongs to them.
    """
    if not run_input.wells.height or not (run_input.wells["remark"].fill_null("") != "").any():
        return []
    standards = counting(run_input.wells, *STANDARDS).group_by("analyte", maintain_order=True)
    words_by_analyte = {str(analyte): remark_words(own.to_dicts()) for (analyte,), own in standards}
    text = "The instrument says of calibrators, blanks or controls: {}."
    findings = [
        Finding(_RULE, _verdict(words), Scope.ANALYTE, {"analyte": analyte}, text.format(words))
        for analyte, words in words_by_analyte.items()
        if words
    ]
    rows = wells_of(run_input.results, counting(run_input.wells, "sample"))
    for result in run_input.results.filter(pl.col("ordinal").is_in(list(rows))).iter_rows(named=True):
        words = remark_words(rows[int(result["ordinal"])])
        if words:
            sentence = f"The instrument says of {result_name(result)}: {words}."
            findings.append(about_result(_RULE, _verdict(words), result, sentence))
    return findings


def _verdict(words: str) -> Verdict:
    return Verdict.NOT_EVALUABLE if _FAILURE.search(words) else Verdict.WARN
