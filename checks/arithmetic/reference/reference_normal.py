"""Reference limits of an assumed distribution: the central 95 percent of a normal or log-normal one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
UPPER_TAIL = 0.025  # share of healthy people above the upper limit, and below the lower one; no unit
CONF_TAIL = 0.05  # chance beyond either end of a 90 percent confidence interval; no unit


@dataclass(frozen=True, slots=True)
class NormalLimits:
    """Limits of an assumed distribution with 90 percent confidence intervals, in the unit of the values."""

    lower: float
    """Lower limit."""
    upper: float
    """Upper limit."""
    lower_lo: float
    """Lower end of the interval at the lower limit."""
    lower_hi: float
    """Upper end of the interval at the lower limit."""
    upper_lo: float
    """Lower end of the interval at the upper limit."""
    upper_hi: float
    """Upper end of the interval at the upper limit."""


def normal_limits(x: Floats) -> NormalLimits | Refusal:
    """Return the limits that a normal distribution gives.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN.

    Returns
    -------
    NormalLimits or Refusal
        A refusal for fewer than two values, or values without scatter.

    Notes
    -----
    Mean +- 1.96 SD; standard error of a limit SD sqrt((1 + 1.96^2 / 2) / n); 90 percent intervals.

    References
    ----------
    .. [1] Bland M. An Introduction to Medical Statistics. 4th ed. 2015, section 20.7.
    """
    from scipy.stats import norm

    if x.size < 2 or np.ptp(x) == 0:
        return Refusal("Limits by a distribution need at least two values that differ.")
    z, conf = float(norm.isf(UPPER_TAIL)), float(norm.isf(CONF_TAIL))
    mean, sd = float(np.mean(x)), float(np.std(x, ddof=1))
    half = conf * sd * math.sqrt((1 + z * z / 2) / x.size)
    low, high = mean - z * sd, mean + z * sd
    return NormalLimits(low, high, low - half, low + half, high - half, high + half)


def log_normal_limits(x: Floats) -> NormalLimits | Refusal:
    """Return the limits that a log-normal distribution gives.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN.

    Returns
    -------
    NormalLimits or Refusal
        A refusal if a value is not above 0, for fewer than two values, or values without scatter.
    """
    if x.size and np.min(x) <= 0:
        return Refusal("Logarithms need values above 0.")
    limits = normal_limits(np.log(x))
    if isinstance(limits, Refusal):
        return limits
    ends = (limits.lower, limits.upper, limits.lower_lo, limits.lower_hi, limits.upper_lo, limits.upper_hi)
    return NormalLimits(*map(math.exp, ends))
