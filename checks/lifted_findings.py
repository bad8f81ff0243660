"""Findings at their true level: what holds for all results of an analyte in a run is said once, of the analyte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.finding import Finding, Scope

if TYPE_CHECKING:
    import polars as pl

_NAMED_BY: Mapping[str, tuple[str, str]] = {
    "range.unit": ("unit", "unit_text"),
    "range.applicable": ("method", "method"),
}
"""What else names the finding of an analyte: a word of its key, and the column that it stands in."""
_OF_ONE_SAMPLE = ("identity.", "preanalytic.", "consistency.")
"""Groups of rules that speak about one tube or one person: that two say the same is no property of the analyte."""
_Words = tuple[str, str, str]


def lifted(findings: Sequence[Finding], results: pl.DataFrame) -> list[Finding]:
    """Say of an analyte what is said of each of its results in the same words.

    Parameters
    ----------
    findings : sequence of Finding
        What one rule says of one run.
    results : DataFrame
        Results of the run (columns of JudgedResults).

    Returns
    -------
    list of Finding
        The findings in their order; those of two or more results, all that the analyte has in the run, with one verdict
        in one sentence, are one finding of the analyte in the place of the first. What is said of a tube or a person
        stays with each.
    """
    said = _by_result(findings)
    # A rule that says something else each time, or not of every result, has nothing to lift: most have not.
    if len(said) < 2 or len(said) == len({_words(finding) for finding in said.values()}):
        return list(findings)
    first, rest = {}, set()
    for (analyte,), own in results.group_by("analyte", maintain_order=True):
        ordinals = own["ordinal"].to_list()
        told = [said[ordinal] for ordinal in ordinals if ordinal in said]
        if len(ordinals) == len(told) > 1 and len({_words(finding) for finding in told}) == 1:
            first[ordinals[0]] = _of_analyte(told[0], str(analyte), own)
            rest |= set(ordinals[1:])
    return [
        first.get(ordinal, finding) if ordinal is not None else finding
        for finding in findings
        if (ordinal := _ordinal(finding)) not in rest
    ]


def _by_result(findings: Iterable[Finding]) -> dict[int, Finding]:
    return {ordinal: finding for finding in findings if (ordinal := _ordinal(finding)) is not None}


def _ordinal(finding: Finding) -> int | None:
    is_of_sample = finding.rule.startswith(_OF_ONE_SAMPLE)
    return int(finding.key["result"]) if finding.scope is Scope.RESULT and not is_of_sample else None


def _words(finding: Finding) -> _Words:
    return finding.verdict.value, finding.sentence, finding.suggestion


def _of_analyte(finding: Finding, analyte: str, own: pl.DataFrame) -> Finding:
    key = {"analyte": analyte}
    if finding.rule in _NAMED_BY:
        word, column = _NAMED_BY[finding.rule]
        key[word] = str(own[column][0] or "")
    sentence = f"{finding.sentence} So it is with all {own.height} results of {analyte} in this run."
    return replace(finding, scope=Scope.ANALYTE, key=key, sentence=sentence, observed=None, unit="")
