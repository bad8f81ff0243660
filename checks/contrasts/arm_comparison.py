"""Changes of one arm against those of the other: the planned test, and the others beside it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import erfc, exp, sqrt

import numpy as np
import numpy.typing as npt

from checks.arithmetic.arms.baseline_model import BaselineModel, baseline_model
from checks.arithmetic.arms.label_swap import LabelSwap, label_swap, rank_sum
from checks.arithmetic.arms.mean_change import MeanChange, mean_change
from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.arithmetic.censoring.pair_limits import recensor_in_pairs
from checks.arithmetic.censoring.prentice_wilcoxon import score_rises
from checks.arithmetic.censoring.shift_interval import ShiftedPairs, inverted, without_noise
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann
from checks.arithmetic.pairs.signed_rank import average_ranks
from checks.arithmetic.refusal import Refusal
from checks.contrasts.outcome import Estimate, on_scale, signs_of
from checks.contrasts.plan import Plan
from checks.contrasts.policy import TestedValues
from schemas.json_model import JsonModel

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
MOST_COUNTED = 40  # subjects up to which each shift is tested exactly, beyond by the normal approximation; no unit
CENSORED = Refusal("A value is censored, so a mean would rest on an invented number.")


@dataclass(frozen=True, slots=True)
class ArmComparison(JsonModel):
    """Changes of two arms, by every test that a plan can name."""

    json_keys = "arms n_first n_second mann_whitney hodges_lehmann superiority permutation mean_change ancova"

    arms: tuple[str, ...]
    """The arms, the one to compare with first."""
    n_first: int
    """Pairs of the first arm."""
    n_second: int
    """Pairs of the second arm."""
    mann_whitney: LabelSwap | Refusal
    """Exact test of the ranks of the changes, or of what the ladder of censored results leaves of them."""
    hodges_lehmann: HodgesLehmann | Refusal
    """Shift of the changes of the second arm that this test rejects least, with its interval."""
    superiority: float | None
    """Chance that a change of the second arm is the larger one of two, ties halved."""
    permutation: LabelSwap | Refusal
    """Permutation test of the mean change."""
    mean_change: MeanChange | Refusal
    """Difference of the mean changes with Welch's interval."""
    ancova: BaselineModel | Refusal
    """Second arm minus first at the same baseline."""


def arm_comparison(values: TestedValues, is_second: Flags, plan: Plan) -> ArmComparison:
    """Compare the changes of two arms.

    Parameters
    ----------
    values : TestedValues
        Pairs of both arms after the policy of the plan.
    is_second : ndarray of bool, shape (n_pairs,)
        Which pairs are of the second arm.
    plan : Plan
        Arms, scale and level.

    Returns
    -------
    ArmComparison
        Tests, or the refusals in their places.

    Notes
    -----
    A score is made from a subject's own two results and limits, so that the exact tests hold their size whatever is
    censored: the change of a pair re-censored at its limits, its Prentice-Wilcoxon score, or its certain direction.
    """
    scores = _scores(values)
    ranked = rank_sum(scores, is_second)
    is_whole = not values.n_censored or values.is_invented
    changes = values.differences
    before, after = _measured(values, plan)
    return ArmComparison(
        arms=plan.arms,
        n_first=int((~is_second).sum()),
        n_second=int(is_second.sum()),
        mann_whitney=ranked,
        hodges_lehmann=ranked if isinstance(ranked, Refusal) else _shift(values, is_second, ranked, plan),
        superiority=None if isinstance(ranked, Refusal) else _superiority(ranked),
        permutation=label_swap(changes, is_second) if is_whole else CENSORED,
        mean_change=mean_change(changes, is_second, conf=plan.confidence) if is_whole else CENSORED,
        ancova=baseline_model(before, after, is_second, conf=plan.confidence) if is_whole else CENSORED,
    )


def planned_p(found: ArmComparison, plan: Plan) -> float | Refusal:
    """Return the p of the planned test in the direction of the plan.

    Parameters
    ----------
    found : ArmComparison
        Tests of the two arms.
    plan : Plan
        Test and direction.

    Returns
    -------
    float or Refusal
        p, or why the planned test could not be made.
    """
    tested: LabelSwap | BaselineModel | Refusal = getattr(found, plan.arm_test)
    if isinstance(tested, Refusal):
        return tested
    return {"two_sided": tested.p_two, "less": tested.p_less, "greater": tested.p_greater}[plan.alternative]


def planned_shift(found: ArmComparison, plan: Plan) -> Estimate | None:
    """Return the estimate that belongs to the planned test.

    Parameters
    ----------
    found : ArmComparison
        Tests of the two arms.
    plan : Plan
        Test, scale and level.

    Returns
    -------
    Estimate or None
        Second arm minus first; on logs a ratio of the two changes. None where there is no size to give.
    """
    name = {"mann_whitney": "hodges_lehmann", "permutation": "mean_change", "ancova": "ancova"}[plan.arm_test]
    shift: HodgesLehmann | MeanChange | BaselineModel | Refusal = getattr(found, name)
    if isinstance(shift, Refusal):
        return None
    level, is_attainable = plan.confidence, True
    if isinstance(shift, HodgesLehmann):
        level, is_attainable = shift.conf_achieved, shift.is_attainable
    ends = (shift.estimate, shift.ci_low, shift.ci_high)
    is_log = plan.scale == "log"
    low, middle, high = sorted(exp(end) if is_log else end for end in ends)
    return Estimate(middle, low, high, level, is_attainable, 1.0 if is_log else 0.0, plan.confidence)


def _scores(values: TestedValues) -> Floats:
    if values.is_invented or not values.n_censored:
        return values.differences
    if values.test == "prentice_wilcoxon":
        return np.round(score_rises(*values.reported), 12)
    if values.test == "sign_test":
        return signs_of(values)
    return values.differences


def _measured(values: TestedValues, plan: Plan) -> tuple[Floats, Floats]:
    if plan.scale == "log" and min(float(values.before.min()), float(values.after.min())) > 0:
        return np.log(values.before), np.log(values.after)
    return values.before, values.after


def _superiority(ranked: LabelSwap) -> float:
    n = ranked.n_second
    return (ranked.total_second - n * (n + 1) / 2) / (n * ranked.n_first)


def _shift(values: TestedValues, is_second: Flags, ranked: LabelSwap, plan: Plan) -> HodgesLehmann | Refusal:
    if not values.is_estimable:
        return Refusal("So much lies below the limit that only directions were tested: there is no size to give.")
    is_scored = values.test == "prentice_wilcoxon" and not values.is_invented and values.n_censored > 0
    before, after = _own(values)
    before, after = on_scale(before, plan), on_scale(after, plan)
    numbers = np.concatenate([before.number, after.number])
    differences = score_rises if is_scored else partial(_moved, numbers=numbers)
    return inverted(
        ShiftedPairs(
            before,
            after,
            differences,
            partial(_excess, is_second=is_second),
            partial(_p_of_ranks, is_second=is_second),
            ranked.p_two,
            is_second.astype(np.float64),
        ),
        plan.confidence,
    )


def _own(values: TestedValues) -> tuple[CensoredValues, CensoredValues]:
    if not values.is_invented:
        return values.reported
    nowhere = np.zeros(values.before.size, dtype=np.bool_)
    return CensoredValues(values.before, nowhere, nowhere), CensoredValues(values.after, nowhere, nowhere)


def _moved(before: CensoredValues, after: CensoredValues, numbers: Floats) -> Floats:
    pairs = recensor_in_pairs(before, after)
    return without_noise(pairs.after - pairs.before, numbers)


def _excess(scores: Floats, is_second: Flags) -> Floats:
    # Ranks of the second arm about the mean rank: they sum to 0 where the arms lie alike.
    ranks = average_ranks(np.round(scores, 12))
    return np.where(is_second, ranks - (scores.size + 1) / 2, 0.0)


def _p_of_ranks(scores: Floats, is_second: Flags) -> float:
    if scores.size <= MOST_COUNTED:
        tested = rank_sum(np.round(scores, 12), is_second)
        return 1.0 if isinstance(tested, Refusal) else tested.p_two
    ranks, n_second = average_ranks(np.round(scores, 12)), int(is_second.sum())
    n_first = scores.size - n_second
    variance = n_first * n_second * float(ranks.var(ddof=1)) / scores.size
    excess = float(ranks[is_second].sum()) - n_second * (scores.size + 1) / 2
    return erfc(abs(excess) / sqrt(2 * variance)) if variance > 0 else 1.0
