"""Reference limits without a distribution assumed: order statistics, and their confidence intervals by ranks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
LOWER_TAIL = 0.025  # share of healthy people below the lower limit, and above the upper one; no unit
CONF_TAIL = 0.05  # chance beyond either end of a 90 percent confidence interval; no unit
CLSI_TABLE_N = (119, 1000)  # smallest and largest n of the rank table of EP28-A3c


@dataclass(frozen=True, slots=True)
class Ranks:
    """Non-parametric limits, in the unit of the values."""

    lower: float
    """2.5th centile, interpolated between order statistics at rank 0.025 (n + 1)."""
    upper: float
    """97.5th centile."""
    lower_rounded_rank: float
    """Order statistic at the nearest rank below."""
    upper_rounded_rank: float
    """Order statistic at the nearest rank above."""


@dataclass(frozen=True, slots=True)
class RankInterval:
    """90 percent confidence intervals of the non-parametric limits, by ranks."""

    r_lo: int
    """Rank of the lower end at the lower limit."""
    r_hi: int
    """Rank of the upper end at the lower limit; the upper limit is its mirror image."""
    lower_lo: float
    """Lower end at the lower limit, in the unit of the values."""
    lower_hi: float
    """Upper end at the lower limit."""
    upper_lo: float
    """Lower end at the upper limit."""
    upper_hi: float
    """Upper end at the upper limit."""
    coverage: float
    """Chance that the interval holds the centile, 0.9 or above."""
    in_clsi_table: bool
    """Whether EP28-A3c lists these ranks: n from 119 to 1000."""


def rank_limits(x: Floats) -> Ranks | Refusal:
    """Return the non-parametric reference limits.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values of reference individuals in any one unit, without NaN.

    Returns
    -------
    Ranks or Refusal
        A refusal below 39 values: the rank 0.025 (n + 1) is below 1.

    References
    ----------
    .. [1] CLSI EP28-A3c. Defining, Establishing, and Verifying Reference Intervals in the Clinical Laboratory. 2010.
    """
    n = int(x.size)
    if LOWER_TAIL * (n + 1) < 1:
        return Refusal(f"No 2.5th centile without a distribution assumed: it needs 39 values, there are {n}.")
    ordered = np.sort(x)
    nearest = round_half_even(LOWER_TAIL * (n + 1))
    low, high = _at_rank(ordered, LOWER_TAIL * (n + 1)), _at_rank(ordered, (1 - LOWER_TAIL) * (n + 1))
    return Ranks(low, high, float(ordered[nearest - 1]), float(ordered[n - nearest]))


def round_half_even(rank: float) -> int:
    """Return the whole rank nearest to a rank, halves to the even one.

    Parameters
    ----------
    rank : float
        Rank, 0 or above.

    Returns
    -------
    int
        Nearest whole rank, 1 or above.
    """
    return max(1, round(rank))


def rank_interval(x: Floats) -> RankInterval | Refusal:
    """Return the 90 percent confidence intervals of the non-parametric limits.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN.

    Returns
    -------
    RankInterval or Refusal
        A refusal below 119 values: the lower rank is below 1.

    Notes
    -----
    Ranks qbinom(0.05, n, 0.025) and qbinom(0.95, n, 0.025) + 1, mirrored at the top.

    References
    ----------
    .. [1] CLSI EP28-A3c (2010), table 8: ranks for n = 119 to 1000.
    """
    from scipy.stats import binom

    n = int(x.size)
    r_lo = int(binom.ppf(CONF_TAIL, n, LOWER_TAIL)) if n else 0
    r_hi = int(binom.ppf(1 - CONF_TAIL, n, LOWER_TAIL)) + 1 if n else 0
    if r_lo < 1:
        return Refusal(f"No 90 % confidence interval by ranks: it needs 119 values, there are {n}.")
    ordered = np.sort(x)
    ends = (ordered[r_lo - 1], ordered[r_hi - 1], ordered[n - r_hi], ordered[n - r_lo])
    coverage = float(binom.cdf(r_hi - 1, n, LOWER_TAIL) - binom.cdf(r_lo - 1, n, LOWER_TAIL))
    is_listed = CLSI_TABLE_N[0] <= n <= CLSI_TABLE_N[1]
    low_lo, low_hi, high_lo, high_hi = (float(end) for end in ends)
    return RankInterval(r_lo, r_hi, low_lo, low_hi, high_lo, high_hi, coverage, is_listed)


def _at_rank(ordered: Floats, rank: float) -> float:
    below = min(max(math.floor(rank + 1e-12), 1), ordered.size)
    above = min(below + 1, ordered.size)
    part = max(rank - below, 0.0)
    low, high = float(ordered[below - 1]), float(ordered[above - 1])
    # Equal neighbours stay what they are, infinite ones too; below a number, minus infinity is all that can be said.
    return low if part == 0 or low in (high, -math.inf) else low + part * (high - low)
