"""Reference limits by Horn's robust algorithm, for few values without far tails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
TUNING = 3.7  # biweight constant of location and narrow scale, in scaled MADs
WIDE_TUNING = 205.6  # biweight constant of the wide scale, in scaled MADs
MAD_OF_NORMAL = 0.6745  # median absolute deviation of a normal distribution with SD 1; no unit
SETTLED = 1e-6  # change of the location at which the steps end, in the unit of the values
MOST_STEPS = 1000


@dataclass(frozen=True, slots=True)
class RobustLimits:
    """Robust reference limits, in the unit of the values."""

    lower: float
    """Lower limit."""
    upper: float
    """Upper limit."""


def robust_limits(x: Floats) -> RobustLimits | Refusal:
    """Return the central 95 percent by biweight location and scale.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN.

    Returns
    -------
    RobustLimits or Refusal
        A refusal for fewer than two values, or if half of the values are equal.

    Notes
    -----
    The algorithm as widely coded; sources differ in details, so it stands beside the non-parametric limits and does
    not replace them.

    References
    ----------
    .. [1] Horn PS, Pesce AJ, Copeland BE. A robust approach to reference interval estimation and evaluation.
       Clin Chem. 1998;44(3):622-631.
    """
    if x.size < 2:
        return Refusal("Robust limits need at least two values.")
    median = float(np.median(x))
    mad = float(np.median(np.abs(x - median))) / MAD_OF_NORMAL
    if mad == 0:
        return Refusal("Half of the values are equal, so there is no robust scale.")
    return _limits(x, median, mad)


def _limits(x: Floats, median: float, mad: float) -> RobustLimits | Refusal:
    from scipy.stats import t

    location = _location(x, median, mad)
    wide = _scale(x, median, WIDE_TUNING * mad) * x.size**0.5
    narrow = _scale(x, median, TUNING * mad) * x.size**0.5
    of_location = _scale(x, location, TUNING * narrow)
    margin = float(t.ppf(0.975, x.size - 1)) * float(np.hypot(wide, of_location))
    if not np.isfinite(margin):
        return Refusal("The robust scale is not defined for these values.")
    return RobustLimits(location - margin, location + margin)


def _location(x: Floats, start: float, mad: float) -> float:
    location = start
    for _ in range(MOST_STEPS):
        u = np.minimum(np.abs(x - location) / (TUNING * mad), 1.0)
        weights = (1 - u**2) ** 2
        moved = float(np.sum(weights * x) / np.sum(weights))
        if abs(moved - location) < SETTLED:
            break
        location = moved
    return location


def _scale(x: Floats, location: float, unit: float) -> float:
    u = (x - location) / unit
    u = u[np.abs(u) < 1]
    bends = float(np.sum((1 - u**2) * (1 - 5 * u**2)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(unit * np.sqrt(np.sum((1 - u**2) ** 4 * u**2) / np.float64(bends * max(1.0, bends - 1))))
