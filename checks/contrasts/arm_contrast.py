"""The contrasts of an endpoint in a study of two arms: arm against arm, and the pairs within each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.arithmetic.refusal import Refusal
from checks.contrasts.arm_comparison import arm_comparison, planned_p, planned_shift
from checks.contrasts.contrast import Contrast, stated, tested_contrast
from checks.contrasts.endpoint import Endpoint
from checks.contrasts.pairing import Pairs, ReleaseRows, pair_up
from checks.contrasts.plan import Plan
from checks.contrasts.policy import TestedValues, apply_policy

HOW_SCORED = {
    "prentice_wilcoxon": "Changes are Prentice-Wilcoxon scores: limits differ, or much lies below one.",
    "sign_test": "Changes count by their certain direction alone: most lies below a limit.",
}
"""What the ladder of censored results makes of a change, by its rung."""


def arm_contrasts(released: ReleaseRows, endpoint: Endpoint, plan: Plan) -> list[Contrast]:
    """Test one endpoint by arm, unadjusted.

    Parameters
    ----------
    released : ReleaseRows
        Results of the release.
    endpoint : Endpoint
        Analyte and matrix.
    plan : Plan
        How to test, with two arms or none.

    Returns
    -------
    list of Contrast
        The changes of the second arm against those of the first, then the pairs within each; without arms the one
        contrast of the endpoint.
    """
    if not plan.arms:
        return [tested_contrast(pair_up(released, endpoint, plan), endpoint, plan)]
    both = pair_up(released.of_arms(*plan.arms), endpoint, plan)
    within = [
        replace(tested_contrast(pair_up(released.of_arms(arm), endpoint, plan), endpoint, plan), arm=arm)
        for arm in plan.arms
    ]
    return [_between(both, released, endpoint, plan), *within]


def _between(pairs: Pairs, released: ReleaseRows, endpoint: Endpoint, plan: Plan) -> Contrast:
    first, second = plan.arms
    frame = stated(pairs, endpoint, plan) | {"arm": f"{second} - {first}", "test": plan.arm_test}
    is_second = np.array([released.arms[subject] == second for subject in pairs.subjects], dtype=np.bool_)
    fewest = min(int(is_second.sum()), int((~is_second).sum()))
    if pairs.refusal is not None:
        return Contrast(**frame, reason=pairs.refusal.sentence)
    if fewest < plan.minimum_pairs:
        reason = f"One arm has {fewest} complete pairs; the plan asks for {plan.minimum_pairs} or more in each."
        return Contrast(**frame, reason=reason)
    values = apply_policy(pairs, plan)
    if isinstance(values, Refusal):
        return Contrast(**frame, reason=values.sentence)
    found = arm_comparison(values, is_second, plan)
    p_value = planned_p(found, plan)
    if isinstance(p_value, Refusal):
        return Contrast(**frame, values=values, between_arms=found, reason=p_value.sentence)
    shift = planned_shift(found, plan)
    frame |= {"values": values, "between_arms": found, "notes": _notes(values, plan)}
    return Contrast(**frame, p_value=p_value, shift=shift)


def _notes(values: TestedValues, plan: Plan) -> tuple[str, ...]:
    notes = []
    if values.n_censored and not values.is_invented:
        notes.append(HOW_SCORED.get(values.test, "Changes of pairs with a bound are re-censored pair by pair."))
    if plan.arm_test == "permutation":
        notes.append("The interval is Welch's, the p that of the permutation test: close to alpha they may differ.")
    return tuple(notes)
