"""Judge one run by all rules of a profile; a rule that cannot speak or breaks becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from checks.control_sequences import analytes_of
from checks.crash import crash_finding
from checks.curve_results import of_own_results
from checks.followers import without_followers
from checks.judged_together import together
from checks.judgement_order import judgement_order
from checks.lifted_findings import lifted
from checks.profile import Profile
from checks.rule import Rule
from checks.run_input import RunInput
from checks.without_entry import is_without_basis
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class RuleRun:
    """Evidence that one rule looked at one run."""

    rule: str
    """Id of the rule."""
    version: int
    """Version of the rule."""
    n_findings: int
    """Number of findings it gave; 0 is the proof of a pass."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all rules of a profile say about one run."""

    findings: tuple[Finding, ...]
    """Findings in the order of judgement: curve, standards, controls, blanks, samples; then of rule id."""
    rule_runs: tuple[RuleRun, ...]
    """One entry for each rule that was asked."""


def judge(run_input: RunInput, profile: Profile, rules: Mapping[str, Rule]) -> Judgement:
    """Ask every rule of the profile about one run.

    Parameters
    ----------
    run_input : RunInput
        The run.
    profile : Profile
        Rules to ask, with their limits.
    rules : mapping of str to Rule
        All known rules by id.

    Returns
    -------
    Judgement
        All findings, and the evidence that each rule was asked.

    Notes
    -----
    A rule of the profile that is not known, or lacks a limit, gives a ``broken`` finding; so does a rule that
    raises anything but ``NotEvaluableError``, which gives ``not_evaluable``. The other rules go on.
    """
    return _judged(run_input, profile, rules, {})


def judge_all(run_inputs: Sequence[RunInput], profile: Profile, rules: Mapping[str, Rule]) -> list[Judgement]:
    """Ask every rule of the profile about several runs; those that judge by row are asked once for all of them.

    Parameters
    ----------
    run_inputs : sequence of RunInput
        The runs.
    profile : Profile
        Rules to ask, with their limits.
    rules : mapping of str to Rule
        All known rules by id.

    Returns
    -------
    list of Judgement
        By run: what :func:`judge` says of it.
    """
    said = _said_together(run_inputs, profile, rules) if len(run_inputs) > 1 else {}
    return [
        _judged(run_input, profile, rules, {rule_id: by_run[place] for rule_id, by_run in said.items()})
        for place, run_input in enumerate(run_inputs)
    ]


def _said_together(
    run_inputs: Sequence[RunInput], profile: Profile, rules: Mapping[str, Rule]
) -> dict[str, list[list[Finding]]]:
    every, judged = together(run_inputs), together([one.with_entry for one in run_inputs])
    said: dict[str, list[list[Finding]]] = {}
    for rule_id, limits in profile.limits_by_rule.items():
        rule = rules.get(rule_id)
        combined = every if rule is not None and rule.sees_all else judged
        if combined is None or rule is None or not rule.by_row or not set(rule.limits) <= set(limits):
            continue
        try:
            by_run = combined.judge(rule, limits)
        except Exception:  # noqa: BLE001, S112 - each run is asked alone, and the one that breaks the rule is told
            continue
        if by_run is not None:
            said[rule_id] = by_run
    return said


def _judged(
    run_input: RunInput, profile: Profile, rules: Mapping[str, Rule], said: Mapping[str, list[Finding]]
) -> Judgement:
    findings: list[Finding] = []
    rule_runs: list[RuleRun] = []
    for rule_id in sorted(_applicable_rule_ids(run_input, profile, rules), key=judgement_order):
        version = rules[rule_id].version if rule_id in rules else 0
        known = said.get(rule_id)
        own = (
            _ask(rule_id, run_input, profile, rules)
            if known is None
            else [replace(finding, version=version) for finding in known]
        )
        findings += lifted(own, run_input.results)
        rule_runs.append(RuleRun(rule_id, version, len(own)))
    independent_findings = without_followers(
        of_own_results(findings, run_input.wells, run_input.results),
        analytes_of(run_input.with_entry),
        _numberless(run_input.results),
        set(run_input.controls["analyte"]),
    )
    return Judgement((*independent_findings, *_unsaid(run_input, independent_findings)), tuple(rule_runs))


def _numberless(results: pl.DataFrame) -> set[str]:
    import polars as pl

    is_number = pl.col("value").is_finite().fill_null(False) & (pl.col("censor").fill_null("") == "")
    return set(results.filter(~is_number.any().over("analyte"))["analyte"])


def _unsaid(run_input: RunInput, findings: Sequence[Finding]) -> list[Finding]:
    """Hold a run with results that nothing can be judged of, where no rule of the profile says why."""
    if any(finding.scope is Scope.RUN for finding in findings):
        return []
    analytes = {str(finding.key["analyte"]) for finding in findings if "analyte" in finding.key}
    ordinals = {int(finding.key["result"]) for finding in findings if finding.scope is Scope.RESULT}
    without = run_input.results.filter(is_without_basis()).select("ordinal", "analyte").iter_rows()
    if all(ordinal in ordinals or analyte in analytes for ordinal, analyte in without):
        return []
    sentence = (
        "Results without a unit, sample or entry that is known cannot be judged, and no rule of the profile says so."
    )
    return [_about_run("profile.basis", Verdict.NOT_EVALUABLE, sentence)]


def _applicable_rule_ids(run_input: RunInput, profile: Profile, rules: Mapping[str, Rule]) -> list[str]:
    """Return the rules that have something to judge: all, unless nothing of the run has a basis, or it is empty."""
    with_entry = run_input.with_entry
    if not (run_input.results.height or run_input.controls.height or run_input.wells.height):
        return []  # every test of the run is set aside
    has_controls = with_entry.controls.height or with_entry.unplaced_analytes
    if with_entry.results.height or has_controls or not run_input.results.height:
        return list(profile.limits_by_rule)
    return [rule_id for rule_id in profile.limits_by_rule if rule_id in rules and rules[rule_id].sees_all]


def _ask(rule_id: str, run_input: RunInput, profile: Profile, rules: Mapping[str, Rule]) -> list[Finding]:
    rule = rules.get(rule_id)
    if rule is None:
        return [_about_run(rule_id, Verdict.BROKEN, f"Rule '{rule_id}' of profile '{profile.name}' is not known.")]
    limits = profile.limits_by_rule[rule_id]
    missing = [name for name in rule.limits if name not in limits]
    if missing:
        text = f"Profile '{profile.name}' gives no limit '{missing[0]}' for rule '{rule_id}'."
        return [_about_run(rule_id, Verdict.BROKEN, text)]
    try:
        seen = run_input if rule.sees_all else run_input.with_entry
        return [replace(finding, version=rule.version) for finding in rule.judge(seen, limits)]
    except NotEvaluableError as reason:
        if run_input.results.height and not seen.results.height:
            return []  # what no result gives a basis for is told by the rules that see all
        return [_about_run(rule_id, Verdict.NOT_EVALUABLE, str(reason), rule.version)]
    except Exception as error:  # noqa: BLE001 - a rule that breaks must not stop the others; the run is held
        return [crash_finding(rule_id, rule.version, error)]


def _about_run(rule_id: str, verdict: Verdict, sentence: str, version: int = 1) -> Finding:
    return Finding(rule_id, verdict, Scope.RUN, {}, sentence, version)
