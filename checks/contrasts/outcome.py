"""The planned test and estimate of one set of pairs: the one calculation that every sensitivity analysis repeats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues, censored_signs
from checks.arithmetic.censoring.prentice_wilcoxon import PrenticeWilcoxon, prentice_wilcoxon
from checks.arithmetic.censoring.shift_interval import ranked_shift, scored_shift
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.sign_flip import SignFlip, sign_flip
from checks.arithmetic.pairs.sign_test import SignTest, sign_test
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal
from checks.contrasts.pairing import Pairs
from checks.contrasts.plan import Plan
from checks.contrasts.policy import TestedValues, apply_policy

Floats = npt.NDArray[np.float64]
TEST_WORDS = {
    "signed_rank": "exact signed rank",
    "sign_flip": "exact sign-flip test of the mean",
    "paired_t": "paired t test",
    "sign_test": "sign test",
    "prentice_wilcoxon": "paired Prentice-Wilcoxon, signs flipped exactly",
    "mann_whitney": "exact Mann-Whitney test of the changes of two arms",
    "permutation": "exact permutation test of the mean changes of two arms",
    "ancova": "analysis of covariance of two arms on the baseline",
}
"""Tests by name, in words."""
Test = SignedRank | SignFlip | PairedT | SignTest


@dataclass(frozen=True, slots=True)
class Estimate:
    """Size of the change with its interval."""

    estimate: float
    """Difference in the unit of the values, or ratio."""
    ci_low: float
    """Lower limit."""
    ci_high: float
    """Upper limit."""
    conf_achieved: float
    """Level that the interval has, 0 to 1."""
    is_attainable: bool
    """False where so few pairs cannot reach the level asked for."""
    no_change: float
    """What no change is: 0 for a difference, 1 for a ratio."""
    conf_asked: float
    """Level that the plan asks for; a reachable interval has at least that."""

    @property
    def level_percent(self) -> float:
        """Return the level to print: what was asked for where it is reached, else what is reached."""
        return 100 * self.conf_asked if self.is_attainable else round(100 * self.conf_achieved, 1)

    @property
    def direction(self) -> int:
        """Return 1 for a rise, -1 for a fall, 0 for neither."""
        return (self.estimate > self.no_change) - (self.estimate < self.no_change)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Planned test and estimate of one set of pairs."""

    values: TestedValues
    """Numbers that were tested."""
    tested: Test
    """The test, with both its directions."""
    p_value: float
    """p in the direction of the plan."""
    shift: Estimate | Refusal
    """The estimate, or why there is none."""

    @property
    def simulation(self) -> str:
        """Return what was drawn where the signs were too many to count; empty for an exact p."""
        return "" if not isinstance(self.tested, SignFlip) or self.tested.is_exact else self.tested.method


def outcome_of(pairs: Pairs, plan: Plan) -> Outcome | Refusal:
    """Test pairs by the plan, unadjusted.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs.
    plan : Plan
        How to test.

    Returns
    -------
    Outcome or Refusal
        A refusal in the words of whatever stood in the way.
    """
    found = values_and_test(pairs, plan)
    if isinstance(found, Refusal):
        return found
    values, tested = found
    return Outcome(values, tested, p_of(tested, plan), estimate_of(values, tested, plan))


def values_and_test(pairs: Pairs, plan: Plan) -> tuple[TestedValues, Test] | Refusal:
    """Test pairs by the plan without an estimate, which takes longer than the test.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs.
    plan : Plan
        How to test.

    Returns
    -------
    tuple of TestedValues and Test, or Refusal
        Numbers that were tested, and the test.
    """
    if pairs.refusal is not None:
        return pairs.refusal
    if pairs.n_pairs < plan.minimum_pairs:
        return Refusal(f"There are {pairs.n_pairs} complete pairs; the plan asks for {plan.minimum_pairs} or more.")
    values = apply_policy(pairs, plan)
    if isinstance(values, Refusal):
        return values
    tested = test_of(values, plan)
    return tested if isinstance(tested, Refusal) else (values, tested)


def test_of(values: TestedValues, plan: Plan) -> Test | Refusal:
    """Run the test that stands in the values.

    Parameters
    ----------
    values : TestedValues
        Numbers after the policy.
    plan : Plan
        Policy for zeros and level of the intervals.

    Returns
    -------
    SignedRank, SignFlip, PairedT, SignTest or Refusal
        Outcome.
    """
    differences = values.differences
    if values.test == "prentice_wilcoxon":
        scored = prentice_wilcoxon(*values.reported)
        return scored.exact if isinstance(scored, PrenticeWilcoxon) else scored
    if values.test == "sign_test":
        return _signs(values)
    if values.test == "sign_flip":
        return sign_flip(differences)
    if values.test == "paired_t":
        return paired_t(differences, scale=1.0 if plan.scale == "log" else values.scale, conf=plan.confidence)
    return signed_rank(differences, zeros=plan.zeros)


def p_of(tested: Test, plan: Plan) -> float:
    """Return the p in the direction of the plan.

    Parameters
    ----------
    tested : SignedRank, SignFlip, PairedT or SignTest
        Outcome of a test.
    plan : Plan
        Direction.

    Returns
    -------
    float
        p, 0 to 1.
    """
    return {"two_sided": tested.p_two, "less": tested.p_less, "greater": tested.p_greater}[plan.alternative]


def estimate_of(values: TestedValues, tested: Test, plan: Plan) -> Estimate | Refusal:
    """Estimate the size of the change.

    Parameters
    ----------
    values : TestedValues
        Numbers after the policy.
    tested : SignedRank, SignFlip, PairedT or SignTest
        Their test.
    plan : Plan
        Estimator, scale and level.

    Returns
    -------
    Estimate or Refusal
        A refusal where the signs alone were used, and for a mean of censored values.

    Notes
    -----
    With censored values estimate and interval are the shifts that the test itself does not reject.
    """
    if not values.is_estimable:
        return Refusal("So much lies below the limit that only directions were tested: there is no size to give.")
    found: HodgesLehmann | PairedT | Refusal
    if plan.estimator == "mean":
        if values.n_censored and not values.is_invented:
            return Refusal("A value is censored, so a mean would rest on an invented number.")
        scale = 1.0 if plan.scale == "log" else values.scale
        found = paired_t(values.differences, scale=scale, conf=plan.confidence)
    else:
        found = _median_shift(values, tested, plan)
    if isinstance(found, Refusal):
        return found
    if isinstance(found, PairedT):
        return _scaled((found.mean_diff, found.ci_low, found.ci_high), plan.confidence, True, plan)
    return _scaled((found.estimate, found.ci_low, found.ci_high), found.conf_achieved, found.is_attainable, plan)


def _median_shift(values: TestedValues, tested: Test, plan: Plan) -> HodgesLehmann | Refusal:
    if values.n_censored and not values.is_invented:
        before, after = (on_scale(visit, plan) for visit in values.reported)
        if isinstance(tested, SignedRank):
            return ranked_shift(before, after, tested, conf=plan.confidence)
        if isinstance(tested, SignFlip):
            return scored_shift(before, after, tested, conf=plan.confidence)
    return hodges_lehmann(values.differences, conf=plan.confidence)


def on_scale(values: CensoredValues, plan: Plan) -> CensoredValues:
    """Return values on the scale of the plan.

    Parameters
    ----------
    values : CensoredValues
        Values of one visit.
    plan : Plan
        Scale.

    Returns
    -------
    CensoredValues
        The values with their bounds, or their natural logarithms.
    """
    if plan.scale != "log":
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = None if values.lower is None else np.nan_to_num(np.log(values.lower), nan=-np.inf)
    return replace(values, number=np.log(values.number), lower=lower)


def _scaled(ends: tuple[float, float, float], level: float, is_attainable: bool, plan: Plan) -> Estimate:
    estimate, low, high = (exp(end) for end in ends) if plan.scale == "log" else ends
    no_change = 1.0 if plan.scale == "log" else 0.0
    return Estimate(estimate, low, high, level, is_attainable, no_change, plan.confidence)


def _signs(values: TestedValues) -> SignTest | Refusal:
    if not values.n_censored or values.is_invented:
        n_pos, n_neg = int((values.differences > 0).sum()), int((values.differences < 0).sum())
        return sign_test(n_pos, n_neg, int(values.differences.size) - n_pos - n_neg)
    before, after = values.reported
    return censored_signs(before, after, pair_differences(before.number, after.number, decimals=values.decimals))


def signs_of(values: TestedValues) -> Floats:
    """Return the certain direction of each pair.

    Parameters
    ----------
    values : TestedValues
        Numbers after the policy.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        1 for a rise, -1 for a fall, 0 where it is not certain, or nothing moved.
    """
    before, after = values.reported
    is_open = before.is_censored | after.is_censored
    directions = np.sign(pair_differences(before.number, after.number, decimals=values.decimals))
    certain = (after.least >= before.most).astype(float) - (before.least >= after.most).astype(float)
    return np.where(is_open, certain, directions)
