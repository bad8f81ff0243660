"""Reference limits after a Box-Cox transformation: the central 95 percent of what a power makes normal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.reference.reference_normal import normal_limits
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
WIDEST_POWER = 5.0  # largest power, either way, that is sought; no unit
FEWEST = 20  # values below which a power cannot be told; no unit


@dataclass(frozen=True, slots=True)
class BoxCoxLimits:
    """Limits with 90 percent confidence intervals, in the unit of the values."""

    power: float
    """Power lambda of the largest likelihood: 1 leaves the values as they are, 0 is the logarithm."""
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


def box_cox_limits(x: Floats) -> BoxCoxLimits | Refusal:
    """Return the limits that a normal distribution gives after the likeliest power.

    Parameters
    ----------
    x : ndarray of float, shape (n_values,)
        Values in any one unit, without NaN and uncensored.

    Returns
    -------
    BoxCoxLimits or Refusal
        A refusal if a value is not above 0, below 20 values, without scatter, where the likelihood grows up to a power
        of 5 either way, and where a limit lies beyond what the power can give back.

    Notes
    -----
    Intervals are those of the transformed values; they do not tell that the power itself was estimated.

    References
    ----------
    .. [1] Box GEP, Cox DR. An analysis of transformations. J R Stat Soc B. 1964;26(2):211-252.
    .. [2] CLSI EP28-A3c. Defining, Establishing, and Verifying Reference Intervals in the Clinical Laboratory. 2010.
    """
    if x.size < FEWEST:
        return Refusal(f"A power cannot be told from {x.size} values: it needs {FEWEST}.")
    if np.min(x) <= 0:
        return Refusal("A power needs values above 0.")
    if np.ptp(x) == 0:
        return Refusal("Limits by a distribution need values that differ.")
    scale = float(np.exp(np.mean(np.log(x))))
    power = _likeliest(x / scale)
    if abs(power) > WIDEST_POWER * 0.999:
        return Refusal(f"No power within {WIDEST_POWER:g} either way makes these values normal.")
    limits = normal_limits(_transformed(x / scale, power))
    if isinstance(limits, Refusal):
        return limits
    ends = (limits.lower, limits.upper, limits.lower_lo, limits.lower_hi, limits.upper_lo, limits.upper_hi)
    back = [_given_back(end, power) for end in ends]
    if not np.isfinite(back).all():
        return Refusal(f"A limit lies beyond what the power {power:.3g} can give back.")
    return BoxCoxLimits(power, *(scale * end for end in back))


def _likeliest(x: Floats) -> float:
    from scipy.optimize import minimize_scalar
    from scipy.stats import boxcox_llf

    grid = np.linspace(-WIDEST_POWER, WIDEST_POWER, 41)
    best = float(grid[np.argmax([boxcox_llf(power, x) for power in grid])])
    step = float(grid[1] - grid[0])
    found = minimize_scalar(
        lambda power: -float(boxcox_llf(power, x)),
        bounds=(max(best - step, -WIDEST_POWER), min(best + step, WIDEST_POWER)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    return float(found.x)


def _transformed(x: Floats, power: float) -> Floats:
    return np.asarray(np.expm1(power * np.log(x)) / power if power else np.log(x), dtype=np.float64)


def _given_back(value: float, power: float) -> float:
    inner = 1 + power * value
    return float(np.exp(np.log(inner) / power if power else value)) if inner > 0 else float("nan")
