"""Control charts as pure numbers: z and zones, EWMA, CUSUM, moving range, running mean.

Knows no material, no rule and no laboratory. A limit is exceeded strictly, with 1e-9 SD of slack for binary rounding,
as in the Westgard rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
D2_OF_TWO = 1.1283791670955126  # mean range of two results in SD: 2 / sqrt(pi); no unit
SLACK_SD = 1e-9  # in SD, so that a z of exactly 2 that was rounded in binary is not beyond 2


@dataclass(frozen=True, slots=True)
class Ewma:
    """Exponentially weighted moving average of a series with its exact limits."""

    z: Floats
    """Average after each result, in the unit of the results."""
    lcl: Floats
    """Lower limit at each result, in the same unit."""
    ucl: Floats
    """Upper limit at each result, in the same unit."""
    out: tuple[int, ...]
    """Positions beyond a limit, counted from 1."""


@dataclass(frozen=True, slots=True)
class Cusum:
    """Two one-sided cumulative sums of a series."""

    c_plus: Floats
    """Sum of what lies above the centre by more than the allowance, in SD, 0 or above."""
    c_minus: Floats
    """Sum of what lies below the centre by more than the allowance, in SD, 0 or above."""
    out_upper: tuple[int, ...]
    """Positions where ``c_plus`` is beyond the decision interval, counted from 1."""
    out_lower: tuple[int, ...]
    """Positions where ``c_minus`` is beyond the decision interval, counted from 1."""


def z_scores(x: Floats, *, center: float, sd: float) -> Floats:
    """Return the distance of each result from the centre in SD.

    Parameters
    ----------
    x : ndarray of float, shape (n_results,)
        Results in any one unit; NaN stays NaN.
    center : float
        Centre, in the same unit.
    sd : float
        SD, in the same unit, above 0.

    Returns
    -------
    ndarray of float, shape (n_results,)
        z in SD.
    """
    return (x - center) / sd


def zones(z: Floats) -> npt.NDArray[np.int64]:
    """Return how many of the limits 1, 2 and 3 SD each result is beyond (the zone of a Levey-Jennings chart).

    Parameters
    ----------
    z : ndarray of float, shape (n_results,)
        z in SD, without NaN.

    Returns
    -------
    ndarray of int, shape (n_results,)
        0 to 3.

    Examples
    --------
    >>> zones(np.array([0.5, -1.0, 2.1, -7.0])).tolist()
    [0, 0, 2, 3]
    """
    beyond = [np.abs(z) > limit + SLACK_SD for limit in (1.0, 2.0, 3.0)]
    return np.asarray(np.sum(beyond, axis=0), dtype=np.int64)


def moving_range_sigma(x: Floats) -> float | Refusal:
    """Estimate the SD of a series from the ranges of neighbouring results.

    Parameters
    ----------
    x : ndarray of float, shape (n_results,)
        Results in order of time, without NaN.

    Returns
    -------
    float or Refusal
        Mean moving range divided by 1.128379, in the unit of the results; a refusal for fewer than two results.

    References
    ----------
    .. [1] Montgomery DC. Introduction to Statistical Quality Control. 7th ed. 2013, section 6.4.
    """
    if x.size < 2:
        return Refusal("A moving range needs at least two results.")
    return float(np.mean(np.abs(np.diff(x))) / D2_OF_TWO)


def running_mean(x: Floats) -> Floats:
    """Return the mean of all results up to each of them.

    Parameters
    ----------
    x : ndarray of float, shape (n_results,)
        Results in order of time, without NaN.

    Returns
    -------
    ndarray of float, shape (n_results,)
        Means in the unit of the results.
    """
    return np.cumsum(x) / np.arange(1, x.size + 1)


def ewma(x: Floats, *, center: float, sd: float, weight: float, width: float) -> Ewma:
    """Average a series with exponentially falling weights, and compare with the exact limits.

    Parameters
    ----------
    x : ndarray of float, shape (n_results,)
        Results in order of time, without NaN.
    center : float
        Centre, where the average starts.
    sd : float
        SD of one result, above 0.
    weight : float
        Weight of the newest result (lambda), above 0, at most 1; 1 gives a Shewhart chart.
    width : float
        Half width of the limits (L) in SD of the average, above 0.

    Returns
    -------
    Ewma
        Averages, limits and positions out of control.

    Notes
    -----
    z_i = lambda x_i + (1 - lambda) z_(i-1); limits center +- L sd sqrt(lambda / (2 - lambda) (1 - (1 - lambda)^(2 i))).

    References
    ----------
    .. [1] Montgomery DC. Introduction to Statistical Quality Control. 7th ed. 2013, section 9.2.
    """
    averages = np.empty_like(x)
    last = center
    for place, value in enumerate(x):
        last = weight * value + (1 - weight) * last
        averages[place] = last
    grown = 1 - (1 - weight) ** (2 * np.arange(1, x.size + 1))
    half = width * sd * np.sqrt(weight / (2 - weight) * grown)
    out = _positions(np.abs(averages - center) > half + SLACK_SD * sd)
    return Ewma(averages, center - half, center + half, out)


def cusum(z: Floats, *, allowance: float, interval: float, head_start: float = 0.0) -> Cusum:
    """Sum up on either side what lies beyond the allowance.

    Parameters
    ----------
    z : ndarray of float, shape (n_results,)
        z in SD, in order of time, without NaN.
    allowance : float
        Allowance k in SD, 0 or above: half the shift that is to be found.
    interval : float
        Decision interval h in SD, above 0.
    head_start : float
        Sum to begin with on either side, in SD, 0 or above.

    Returns
    -------
    Cusum
        Sums and positions out of control.

    Notes
    -----
    C+_i = max(0, C+_(i-1) + z_i - k), C-_i = max(0, C-_(i-1) - z_i - k). Neither is set back after a signal.

    References
    ----------
    .. [1] Montgomery DC. Introduction to Statistical Quality Control. 7th ed. 2013, section 9.1.
    """
    upper, lower = (_one_side(side, allowance, head_start) for side in (z, -z))
    above, below = (_positions(side > interval + SLACK_SD) for side in (upper, lower))
    return Cusum(upper, lower, above, below)


def _one_side(z: Floats, allowance: float, head_start: float) -> Floats:
    sums = np.empty_like(z)
    last = head_start
    for place, value in enumerate(z):
        last = max(0.0, last + value - allowance)
        sums[place] = last
    return sums


def _positions(is_out: npt.NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(place) + 1 for place in np.flatnonzero(is_out))
