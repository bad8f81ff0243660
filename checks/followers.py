"""Findings that only follow from another one: the cause is told alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from schemas.finding import Finding, Scope, Verdict

_CAUSES = ("controls.life", "controls.short_lots", "controls.present")
"""Rules that say why the controls of an analyte cannot be judged."""
_GROUPS = ("controls", "westgard")
_OF_NUMBERS = ("identity.copied_block", "range.heap", "range.negative", "range.scale", "range.two_scales")
"""Rules that judge the numbers of a run or an analyte together: where none is there, another rule says why."""
_NO_NUMBER = ("range.value", "range.unit", "range.catalogue")
"""Rules that say of a result, or of all of an analyte, why there is no number to judge."""


def without_followers(
    findings: Sequence[Finding],
    analytes: Collection[str],
    numberless: Collection[str] = (),
    controlled: Collection[str] = (),
) -> list[Finding]:
    """Leave out what follows from controls that no rule can judge, and from results that all lack a number.

    Parameters
    ----------
    findings : sequence of Finding
        What all rules say of one run.
    analytes : collection of str
        Every analyte of the run that is judged.
    numberless : collection of str
        Those of them of which no result has a number that is no bound.
    controlled : collection of str
        Those of them of which controls were measured, with or without a number.

    Returns
    -------
    list of Finding
        The findings in their order, but for those of other rules on controls that could not be judged, where the cause
        holds the same analyte: ``controls.life`` or ``controls.short_lots`` where
        the lot has no target that counts, else ``controls.present``. A
        finding of the whole run is left out only where a cause holds each of its analytes. Controls that were measured
        lack a number where their analyte lacks a unit: that is told alone.
    """
    if numberless and any(finding.rule in _NO_NUMBER for finding in findings):
        is_bare = set(analytes) <= set(numberless)
        findings = [finding for finding in findings if not _lacks_numbers(finding, numberless, is_bare=is_bare)]
    of_lots = _held_by("controls.life", findings) | _held_by("controls.short_lots", findings)
    analytes_with_cause = of_lots | _held_by("controls.present", findings)
    if not analytes_with_cause:
        return list(findings)
    is_whole = set(analytes) <= analytes_with_cause
    rest = [one for one in findings if not _follows(one, of_lots, analytes_with_cause, is_whole=is_whole)]
    without_unit = _said_by("range.unit", findings) & set(controlled) & set(numberless)
    return [finding for finding in rest if not _lacks_unit(finding, without_unit)]


def _lacks_numbers(finding: Finding, numberless: Collection[str], *, is_bare: bool) -> bool:
    if finding.verdict is not Verdict.NOT_EVALUABLE or finding.rule not in _OF_NUMBERS:
        return False
    return is_bare if finding.scope is Scope.RUN else str(finding.key.get("analyte", "")) in numberless


def _lacks_unit(finding: Finding, without_unit: Collection[str]) -> bool:
    is_missing = finding.rule == "controls.present" and finding.scope is Scope.ANALYTE
    return is_missing and str(finding.key.get("analyte", "")) in without_unit


def _said_by(rule: str, findings: Sequence[Finding]) -> set[str]:
    return {str(one.key["analyte"]) for one in findings if one.rule == rule and one.scope is Scope.ANALYTE}


def _held_by(rule: str, findings: Sequence[Finding]) -> set[str]:
    return {
        str(finding.key["analyte"])
        for finding in findings
        if finding.rule == rule and finding.verdict is Verdict.NOT_EVALUABLE and "analyte" in finding.key
    }


def _follows(
    finding: Finding, of_lots: Collection[str], analytes_with_cause: Collection[str], *, is_whole: bool
) -> bool:
    is_of_controls = finding.rule.partition(".")[0] in _GROUPS
    if finding.rule == "controls.reagent_lot" and str(finding.key.get("analyte", "")) in of_lots:
        return True  # there is no chart yet that a new lot could break
    if finding.verdict is not Verdict.NOT_EVALUABLE or not is_of_controls:
        return False
    if finding.scope is Scope.RUN:
        return is_whole
    analyte = str(finding.key.get("analyte", ""))
    if finding.rule == "controls.present":
        return analyte in of_lots and finding.scope is Scope.ANALYTE
    return finding.rule not in _CAUSES and analyte in analytes_with_cause
