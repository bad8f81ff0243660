"""From a measured run to a judged one: ask the rules."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qc.assess.judge.judged_run import JudgedRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from checks.engine import Judgement
    from checks.run_input import RunInput
    from qc.assess.controls.measured_run import MeasuredRun
    from qc.assess.links.repeats import RunRepeats
    from qc.assess.prepare.rule_set import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRun:
    """One measured run beside what links it to other runs."""

    measured: MeasuredRun
    """The run."""
    linked: pl.DataFrame
    """Results of the same subjects in other runs."""
    repeats: RunRepeats
    """What counts of its samples that have several results."""
    copied_plates: pl.DataFrame
    """Plates that share signals with plates of other runs."""
    set_aside: frozenset[int] = frozenset()
    """Ordinals of its own results that a person has set aside: its other results are not judged beside them."""
    reanalyses: pl.DataFrame | None = None
    """Samples of the run that an earlier run has reported, with both results; None if there are none."""
    late: Mapping[int, str] = field(default_factory=dict)
    """Results of samples that were rejected before they came in: the decision in words, by ordinal."""


def judge_measured(cases: Sequence[LinkedRun], rule_set: RuleSet) -> list[JudgedRun]:
    """Judge runs by the rules of their profiles; suites come later, for all runs of a chunk at once.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.

    Returns
    -------
    list of JudgedRun
        The runs with their findings, in their order. A profile that is not known gives a ``broken`` finding and nothing
        else.
    """
    from checks.engine import judge_all

    inputs = [_beside_others(one) for one in cases]
    profiles = {one.measured.profile.name: one.measured.profile for one in cases if one.measured.profile}
    said: dict[int, Judgement] = {}
    for name, profile in profiles.items():
        case_indices = [n for n, one in enumerate(cases) if one.measured.profile and one.measured.profile.name == name]
        said |= dict(
            zip(case_indices, judge_all([inputs[n] for n in case_indices], profile, rule_set.rules), strict=True)
        )
    return [
        _judged_run(one, run_input, said.get(n)) for n, (one, run_input) in enumerate(zip(cases, inputs, strict=True))
    ]


def _beside_others(case: LinkedRun) -> RunInput:
    own = case.measured.run_input
    run_input = replace(
        own,
        linked=case.linked,
        copied_plates=case.copied_plates,
        set_aside=case.set_aside,
        rejected_samples=case.late,
        **case.repeats.put_to(own),
    )
    return run_input if case.reanalyses is None else replace(run_input, reanalyses=case.reanalyses)


def _judged_run(case: LinkedRun, run_input: RunInput, said: Judgement | None) -> JudgedRun:
    measured = case.measured
    judged = JudgedRun(
        loaded=measured.loaded,
        results=run_input.results,
        controls=run_input.controls,
        curves=measured.curves,
        wells=measured.concentrations,
        findings=(),
        rule_runs=said.rule_runs if said else (),
        profile=measured.profile,
        repeats=case.repeats,
    )
    return judged.with_findings((*measured.failures, *(said.findings if said else ())))
