"""The planned tests under other choices, to see whether the conclusion ever changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from checks.arithmetic.pairs.leave_one_out import MOST_PAIRS_LEFT_OUT
from checks.arithmetic.refusal import Refusal
from checks.contrasts.choices import choices
from checks.contrasts.family import Family
from checks.contrasts.outcome import Estimate, Outcome, outcome_of, p_of, test_of, values_and_test
from checks.contrasts.pairing import Pairs
from checks.contrasts.plan import Plan
from checks.contrasts.tipping import Flags, Tipping, tipping, weightiest
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class Variant(JsonModel):
    """One contrast under one other choice."""

    json_keys = "analysis kind n_pairs p_value p_adjusted estimate ci_low ci_high holds changes reason=why_not_tested"

    analysis: str
    """What was done otherwise, in words."""
    kind: str
    """Name of the choice in the plan."""
    n_pairs: int
    """Pairs that it rests on."""
    p_value: float | None = None
    """p, unadjusted."""
    p_adjusted: float | None = None
    """p under the correction of the plan, every other contrast as it is."""
    estimate: float | None = None
    """Estimate, on the scale of the analysis."""
    ci_low: float | None = None
    """Lower limit."""
    ci_high: float | None = None
    """Upper limit."""
    holds: bool | None = None
    """Whether it holds at alpha; None where nothing could be tested."""
    changes: bool = False
    """Whether the conclusion is another than that of the plan."""
    reason: str = ""
    """Why nothing could be tested; empty if it was."""

    @property
    def why_not_tested(self) -> str | None:
        """Return why nothing could be tested; None if it was."""
        return self.reason or None


@dataclass(frozen=True, slots=True)
class Sensitivity(JsonModel):
    """One contrast under all other choices."""

    json_keys = "conclusion_changes=changes tipping analyses=variants"

    variants: tuple[Variant, ...]
    """Analyses, in the order of the plan."""
    tipping: Tipping | None
    """How many pairs would have to be left out; None where the plan does not leave out."""

    @property
    def changes(self) -> bool:
        """Return whether the conclusion ever changes."""
        return any(variant.changes for variant in self.variants)


def sensitivity(pairs: Pairs, plan: Plan, main: Outcome, family: Family, place: int) -> Sensitivity:
    """Repeat a contrast under every other choice that the plan names.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs.
    plan : Plan
        Plan of this contrast.
    main : Outcome
        What the plan itself gave.
    family : Family
        Every p of the family.
    place : int
        Place of this contrast in it.

    Returns
    -------
    Sensitivity
        Analyses that say something, and the tipping count.
    """
    main_holds = family.holds(family.adjusted()[place])
    variants = [
        _variant(name, kind, chosen, other, main, family, place, main_holds)
        for name, kind, chosen, other in choices(pairs, plan, main)
    ]
    turned = None
    if "leave_one_out" in plan.sensitivity:
        variants += _leave_one_out(pairs, plan, main, family, place, main_holds)
        turned = _turned(plan, main, family, place, main_holds)
    return Sensitivity(tuple(variants), turned)


def _variant(
    words: str, kind: str, pairs: Pairs, plan: Plan, main: Outcome, family: Family, place: int, main_holds: bool
) -> Variant:
    found = outcome_of(pairs, plan)
    if isinstance(found, Refusal):
        return Variant(words, kind, pairs.n_pairs, reason=found.sentence)
    adjusted = family.adjusted_with(place, found.p_value)
    holds = family.holds(adjusted)
    shift = found.shift if isinstance(found.shift, Estimate) else None
    turned = main_holds and holds and shift is not None and _direction(main) * shift.direction < 0
    return Variant(
        analysis=f"{words}, {found.simulation}" if found.simulation else words,
        kind=kind,
        n_pairs=pairs.n_pairs,
        p_value=found.p_value,
        p_adjusted=adjusted,
        estimate=shift.estimate if shift else None,
        ci_low=shift.ci_low if shift else None,
        ci_high=shift.ci_high if shift else None,
        holds=holds,
        changes=holds is not main_holds or turned,
    )


def _direction(main: Outcome) -> int:
    return main.shift.direction if isinstance(main.shift, Estimate) else 0


def _leave_one_out(
    pairs: Pairs, plan: Plan, main: Outcome, family: Family, place: int, main_holds: bool
) -> list[Variant]:
    n, plan = pairs.n_pairs, replace(plan, minimum_pairs=2)
    if n > MOST_PAIRS_LEFT_OUT:
        return _weightiest_left_out(pairs, plan, main, family, place, main_holds)
    found = [
        (is_kept, p_of(tested[1], plan))
        for is_kept in ~np.eye(n, dtype=np.bool_)
        if not isinstance(tested := values_and_test(pairs.only(is_kept), plan), Refusal)
    ]
    if not found:
        return []
    worst = max if main_holds else min
    is_kept, p_value = worst(found, key=lambda one: one[1])
    outcome = outcome_of(pairs.only(is_kept), plan)
    adjusted = [family.adjusted_with(place, p) for _, p in found]
    n_changed = sum(family.holds(p) is not main_holds for p in adjusted)
    shift = outcome.shift if isinstance(outcome, Outcome) and isinstance(outcome.shift, Estimate) else None
    p_adjusted = family.adjusted_with(place, p_value)
    return [
        Variant(
            analysis=f"each pair left out in turn ({n_changed} of {len(found)} change it)",
            kind="leave_one_out",
            n_pairs=n - 1,
            p_value=p_value,
            p_adjusted=p_adjusted,
            estimate=shift.estimate if shift else None,
            ci_low=shift.ci_low if shift else None,
            ci_high=shift.ci_high if shift else None,
            holds=family.holds(p_adjusted),
            changes=n_changed > 0,
        )
    ]


def _weightiest_left_out(
    pairs: Pairs, plan: Plan, main: Outcome, family: Family, place: int, main_holds: bool
) -> list[Variant]:
    words = f"the pair that it leans on most left out (beyond {MOST_PAIRS_LEFT_OUT} pairs not each in turn)"
    out = weightiest(main.values.differences, is_held=main_holds)
    if out is None:
        return [Variant(words, "leave_one_out", pairs.n_pairs, reason="No pair speaks against the conclusion.")]
    is_kept = np.arange(pairs.n_pairs) != out
    return [_variant(words, "leave_one_out", pairs.only(is_kept), plan, main, family, place, main_holds)]


def _turned(plan: Plan, main: Outcome, family: Family, place: int, main_holds: bool) -> Tipping:
    def holds(is_kept: Flags) -> bool | None:
        if int(is_kept.sum()) < 2:
            return None
        tested = test_of(main.values.only(is_kept), plan)
        if isinstance(tested, Refusal):
            return None
        return family.holds(family.adjusted_with(place, p_of(tested, plan)))

    is_ranked = main.values.test == "signed_rank"
    return tipping(main.values.differences, holds, is_held=main_holds, is_ranked=is_ranked)
