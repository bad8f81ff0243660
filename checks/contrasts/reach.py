"""What the pairs that are left can show, and whether no relevant change was shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from checks.arithmetic.pairs.equivalence import Equivalence, equivalence
from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.pairs.paired_power import detectable_difference
from checks.arithmetic.pairs.signed_rank import smallest_two_sided_p
from checks.arithmetic.refusal import Refusal
from checks.contrasts.plan import Plan
from checks.contrasts.policy import TestedValues

FEWEST_FOR_POWER = 3  # pairs; below it an SD of differences is no ground for planning; no unit


@dataclass(frozen=True, slots=True)
class Reach:
    """What so many pairs can show."""

    smallest_p: float
    """Smallest two-sided p that an exact test of the moving pairs can give."""
    grid: float
    """Step of the two-sided p without ties."""
    sd_diff: float | Refusal
    """SD of the differences, in their unit or in natural logarithms."""
    detectable: float | Refusal
    """Smallest true mean difference that a t test at alpha finds with the power of the plan."""
    detectable_in_family: float | Refusal
    """The same at alpha over the size of the family, which the smallest p of a family has to pass."""
    equivalence: Equivalence | Refusal
    """Two one-sided tests of the log ratio against the margin of the plan."""


def reach_of(values: TestedValues, plan: Plan, n_tests: int) -> Reach:
    """Reckon what the pairs of a contrast can show.

    Parameters
    ----------
    values : TestedValues
        Numbers that were tested.
    plan : Plan
        Alpha, power and margin of equivalence.
    n_tests : int
        Size of the family, 1 or more.

    Returns
    -------
    Reach
        Numbers, or the refusals in their places.
    """
    n_moving = max(1, int(np.count_nonzero(values.differences)))
    spread = _spread(values)
    detectable: list[float | Refusal] = []
    for alpha in (plan.alpha, plan.alpha / max(1, n_tests)):
        if isinstance(spread, Refusal):
            detectable.append(spread)
        else:
            detectable.append(detectable_difference(values.differences.size, plan.target_power, spread, alpha))
    least = smallest_two_sided_p(n_moving)
    return Reach(least, least, spread, detectable[0], detectable[1], _equivalence(values, plan))


def _spread(values: TestedValues) -> float | Refusal:
    if values.n_censored and not values.is_invented:
        return Refusal("A value is censored, so the SD of the differences is not known.")
    if values.differences.size < FEWEST_FOR_POWER or is_constant(values.differences, values.scale):
        return Refusal("There are too few pairs, or they do not vary: there is no SD to plan with.")
    return float(values.differences.std(ddof=1))


def _equivalence(values: TestedValues, plan: Plan) -> Equivalence | Refusal:
    if values.n_censored and not values.is_invented:
        return Refusal("A value is censored, so a mean log ratio would rest on an invented number.")
    if values.before.size == 0 or min(float(values.before.min()), float(values.after.min())) <= 0:
        return Refusal("A value is zero or below, so the logarithm is not defined.")
    logs = np.log(values.after) - np.log(values.before)
    return equivalence(logs, log(plan.equivalence_ratio), scale=float(np.abs(np.log(values.after)).max()))
