"""Limit of detection from the limit of blank and the scatter of low samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.arithmetic.detection.blank_limit import normal_multiplier
from checks.arithmetic.detection.precision_profile import lowest_crossing
from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    from checks.arithmetic.detection.low_scatter import LowScatter
    from checks.arithmetic.detection.precision_profile import PrecisionProfile


def detection_limit(blank_limit: float, scatter: LowScatter) -> float:
    """Return the limit of detection of samples that scatter alike.

    Parameters
    ----------
    blank_limit : float
        Limit of blank, in the unit of the results.
    scatter : LowScatter
        Pooled scatter of low samples, in the same unit.

    Returns
    -------
    float
        Limit of blank + multiplier x SD: a sample at this limit stays below the limit of blank once in twenty.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.3.3.
    """
    return blank_limit + normal_multiplier(scatter.df) * scatter.sd


def detection_limit_by_profile(blank_limit: float, profile: PrecisionProfile, df: int) -> float | Refusal:
    """Return the limit of detection where the scatter grows with the concentration.

    Parameters
    ----------
    blank_limit : float
        Limit of blank, in the unit of the results.
    profile : PrecisionProfile
        Scatter by concentration, in the same unit.
    df : int
        Degrees of freedom of all samples of the profile.

    Returns
    -------
    float or Refusal
        Lowest x that equals limit of blank + multiplier x SD(x); a refusal where none lies below the highest sample.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.4.
    """
    factor = normal_multiplier(df)
    crossing = lowest_crossing(lambda x: x - blank_limit - factor * profile.sd_at(x), blank_limit, profile.highest)
    if crossing is None:
        return Refusal(f"No concentration up to the highest sample, {profile.highest:.4g}, is above its own limit.")
    return crossing
