"""Values that lie apart from the rest: fences around the quartiles, and the gap of an extreme value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
DIXON_FRACTION = 1 / 3  # gap of an extreme value in parts of the range, Reed's criterion; no unit
FENCE = 1.5  # interquartile ranges from the quartile to Tukey's fence; no unit


@dataclass(frozen=True, slots=True)
class TukeyFences:
    """Fences for values that lie apart, in the unit of the values."""

    q1: float
    """First quartile."""
    q3: float
    """Third quartile."""
    lo_fence: float
    """1.5 interquartile ranges below the first quartile."""
    hi_fence: float
    """1.5 interquartile ranges above the third quartile."""
    n_outside: int
    """Values outside the fences."""


@dataclass(frozen=True, slots=True)
class DixonReed:
    """Gap of either extreme value in parts of the range; beyond a third it lies apart."""

    low_ratio: float
    """Second smallest less smallest, in parts of the range."""
    high_ratio: float
    """Largest less second largest, in parts of the range."""
    flag_low: bool
    """Whether the smallest value lies apart."""
    flag_high: bool
    """Whether the largest value lies apart."""


def tukey_fences(x: Floats) -> TukeyFences | Refusal:
    """Return Tukey's fences.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN.

    Returns
    -------
    TukeyFences or Refusal
        A refusal if there is no value. Quartiles interpolate between order statistics at rank 1 + (n - 1) p.

    References
    ----------
    .. [1] Tukey JW. Exploratory Data Analysis. 1977.
    """
    if not x.size:
        return Refusal("There is no value, so there are no quartiles.")
    q1, q3 = (float(q) for q in np.quantile(x, [0.25, 0.75]))
    low, high = q1 - FENCE * (q3 - q1), q3 + FENCE * (q3 - q1)
    return TukeyFences(q1, q3, low, high, int(np.sum((x < low) | (x > high))))


def dixon_reed(x: Floats) -> DixonReed | Refusal:
    """Say whether an extreme value lies apart by more than a third of the range.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN.

    Returns
    -------
    DixonReed or Refusal
        A refusal for fewer than three values, or values without scatter.

    References
    ----------
    .. [1] Reed AH, Henry RJ, Mason WB. Influence of statistical method used on the resulting estimate of normal range.
       Clin Chem. 1971;17(4):275-284.
    """
    if x.size < 3 or np.ptp(x) == 0:
        return Refusal("A gap in parts of the range needs at least three values that differ.")
    ordered = np.sort(x)
    low = float((ordered[1] - ordered[0]) / np.ptp(x))
    high = float((ordered[-1] - ordered[-2]) / np.ptp(x))
    return DixonReed(low, high, low > DIXON_FRACTION, high > DIXON_FRACTION)
