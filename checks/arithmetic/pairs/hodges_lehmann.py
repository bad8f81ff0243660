"""Hodges-Lehmann shift with its exact interval and the level that the interval really has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.decimal_steps import DecimalSteps, decimal_steps
from checks.arithmetic.pairs.signed_rank import MOST_PAIRS, sign_flip_distribution
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
_SLACK = 1e-12  # relative, against rounding in the cumulated chances; no unit


@dataclass(frozen=True, slots=True)
class HodgesLehmann:
    """Shift of the pairs with its interval."""

    estimate: float
    """Median of all Walsh averages, in the unit of the differences."""
    ci_low: float
    """Lower limit of the interval, in the same unit."""
    ci_high: float
    """Upper limit of the interval, in the same unit."""
    conf_achieved: float
    """Level that the interval has without ties, 0 to 1; with ties it is at least that."""
    is_attainable: bool
    """False where so few pairs cannot reach the level asked for: the interval is then the widest there is."""


def hodges_lehmann(differences: Floats, *, conf: float = 0.95) -> HodgesLehmann | Refusal:
    """Estimate the shift of the pairs, zeros kept.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete pairs, zeros among them, in any one unit; finite.
    conf : float
        Level asked for, above 0 and below 1.

    Returns
    -------
    HodgesLehmann or Refusal
        A refusal if there is no pair, or beyond 1000 pairs.

    Notes
    -----
    The limits are the k-th smallest and k-th largest Walsh average, k from the signed-rank distribution without ties;
    so the level is achieved at least where the distribution is continuous, and the interval is conservative with ties.

    References
    ----------
    .. [1] Hodges JL, Lehmann EL. Estimates of location based on rank tests. Ann Math Stat. 1963;34(2):598-611.
       doi:10.1214/aoms/1177704172
    """
    n_pairs = int(differences.size)
    if n_pairs == 0:
        return Refusal("There is no complete pair, so there is no shift to estimate.")
    if n_pairs > MOST_PAIRS:
        return Refusal(f"{n_pairs} pairs are more than the exact interval takes ({MOST_PAIRS}).")
    averages = _walsh_averages(differences)
    rank, tail = order_of_limits(n_pairs, conf)
    # With too few pairs for the level the widest interval there is stands in, and says so.
    k = max(rank, 1)
    return HodgesLehmann(
        estimate=_number(np.median(averages.whole), averages),
        ci_low=_number(averages.whole[k - 1], averages),
        ci_high=_number(averages.whole[-k], averages),
        conf_achieved=float(1 - 2 * tail),
        is_attainable=rank > 0,
    )


def _walsh_averages(differences: Floats) -> DecimalSteps:
    # Sums of whole steps are exact: averages that are equal decimals are one number, and 0 is 0.
    steps = decimal_steps(differences) or DecimalSteps(differences, 1.0)
    first, second = np.triu_indices(differences.size)
    return DecimalSteps(np.sort(steps.whole[first] + steps.whole[second]), 2 * steps.per_unit)


def _number(n_steps: float | np.float64, averages: DecimalSteps) -> float:
    return float(n_steps / averages.per_unit)


@lru_cache(maxsize=1024)
def order_of_limits(n_pairs: int, conf: float) -> tuple[int, float]:
    """Return which Walsh average is the limit of the interval.

    Parameters
    ----------
    n_pairs : int
        Pairs, 1 or more.
    conf : float
        Level asked for, above 0 and below 1.

    Returns
    -------
    tuple of int and float
        Its place from below, 0 where the level cannot be reached, and the chance beyond it on one side.
    """
    cumulated = np.cumsum(sign_flip_distribution(np.arange(1, n_pairs + 1, dtype=np.int64)))
    rank = int(np.searchsorted(cumulated, (1 - conf) / 2 * (1 - _SLACK)))
    return rank, float(cumulated[max(rank, 1) - 1])
