"""Limit of quantitation: the lowest concentration at which the results are good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.arithmetic.detection.precision_profile import lowest_crossing
from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    from checks.arithmetic.detection.precision_profile import PrecisionProfile

CV_GOAL_PERCENT = 20.0  # largest CV at the limit of quantitation: ICH M10 (2022), 3.2.5.2, and functional sensitivity


@dataclass(frozen=True, slots=True)
class SampleError:
    """What the results of one sample miss their concentration by."""

    sample: str
    """Name."""
    concentration: float
    """Mean of its results, or its target where it has one."""
    error_percent: float
    """CV or total error, in percent of the concentration."""


def quantitation_limit(samples: Sequence[SampleError], goal_percent: float) -> float | Refusal:
    """Return the lowest concentration that meets a goal together with every one above it.

    Parameters
    ----------
    samples : sequence of SampleError
        Samples, in any order.
    goal_percent : float
        Largest CV or total error, in percent.

    Returns
    -------
    float or Refusal
        Concentration of a sample; a refusal where the highest misses the goal, and where there is none.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 6.

    Examples
    --------
    >>> quantitation_limit([SampleError("a", 1.0, 30.0), SampleError("b", 2.0, 18.0), SampleError("c", 4.0, 9.0)], 20)
    2.0
    """
    lowest = None
    for sample in sorted(samples, key=lambda one: -one.concentration):
        if not sample.error_percent <= goal_percent:
            break
        lowest = sample.concentration
    if lowest is None:
        return Refusal(f"The highest sample misses the goal of {goal_percent:g} %: higher samples are needed.")
    return lowest


def quantitation_limit_by_profile(profile: PrecisionProfile, goal_percent: float) -> float | Refusal:
    """Return the concentration at which a precision profile meets a CV.

    Parameters
    ----------
    profile : PrecisionProfile
        Scatter by concentration.
    goal_percent : float
        Largest CV, in percent.

    Returns
    -------
    float or Refusal
        Lowest concentration from the lowest sample up at which SD(x) is the goal's share of x; a refusal where none is.
    """
    share = goal_percent / 100
    crossing = lowest_crossing(lambda x: share * x - profile.sd_at(x), profile.lowest, profile.highest)
    if crossing is None:
        return Refusal(f"The profile misses {goal_percent:g} % up to the highest sample, {profile.highest:.4g}.")
    return crossing


def total_error_percent(bias: float, sd: float, target: float, model: str) -> float:
    """Return the total error of a sample with a target.

    Parameters
    ----------
    bias, sd : float
        Mean less target, and standard deviation, in the unit of the target.
    target : float
        Above 0.
    model : str
        ``westgard``: absolute bias + 2 SD; ``rms``: root of bias squared plus SD squared.

    Returns
    -------
    float
        In percent of the target.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 6.

    Examples
    --------
    >>> total_error_percent(-1.0, 1.0, 20.0, "westgard")
    15.0
    """
    error = abs(bias) + 2 * sd if model == "westgard" else (bias**2 + sd**2) ** 0.5
    return 100 * error / target
