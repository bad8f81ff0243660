"""Limit of blank: what the results of samples without analyte stay below, but for one in twenty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SHARE_BELOW = 0.95  # share of blank results at or below the limit of blank, and of low ones above it; EP17-A2 (2012)
_Z = 1.6448536269514722  # 95 % point of the standard normal


def normal_multiplier(df: int) -> float:
    """Return how many standard deviations the 95 % point of a normal lies above its mean.

    Parameters
    ----------
    df : int
        Degrees of freedom of the standard deviation, at least 1.

    Returns
    -------
    float
        1.645 / (1 - 1 / (4 df)): corrected for the bias of an SD of few results.

    References
    ----------
    .. [1] CLSI EP17-A2. Evaluation of Detection Capability. 2012, section 5.3.

    Examples
    --------
    >>> round(normal_multiplier(55), 3)
    1.652
    """
    return _Z / (1 - 1 / (4 * df))


def blank_limit_by_rank(values: Floats) -> float | Refusal:
    """Return the limit of blank by ranks, whatever the distribution.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Results of blanks, all in one unit; one below a bound stands as minus infinity, and ranks below all numbers.

    Returns
    -------
    float or Refusal
        Result of rank 0.5 + 0.95 n, straight between its neighbours; a refusal below 10 results, where that rank lies
        beyond the highest, and where it falls among those below a bound.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.3.3.

    Examples
    --------
    >>> import numpy as np
    >>> round(blank_limit_by_rank(np.arange(1.0, 61.0)), 6)
    57.5
    """
    rank = 0.5 + SHARE_BELOW * values.size
    if rank > values.size:
        return Refusal(f"The limit of blank has rank {rank:g}, and there are {values.size} results; 10 are needed.")
    ordered = np.sort(values)
    below = int(rank) - 1
    low, high = float(ordered[below]), float(ordered[min(below + 1, values.size - 1)])
    if not np.isfinite(low):
        return Refusal(f"The limit of blank has rank {rank:g}, which is a result below a bound, not a number.")
    return low + (rank - int(rank)) * (high - low)


def blank_limit_by_mean(values: Floats, n_samples: int) -> float | Refusal:
    """Return the limit of blank of results that are normally distributed.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Results of blanks, all in one unit.
    n_samples : int
        Blank samples that they come from; results less samples are the degrees of freedom of the multiplier.

    Returns
    -------
    float or Refusal
        Mean + multiplier x SD of all results; a refusal where a result has no number, or none is a replicate.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.3.3.

    Examples
    --------
    >>> import numpy as np
    >>> round(blank_limit_by_mean(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]), 2), 4)
    5.7824
    """
    if not np.isfinite(values).all():
        return Refusal("Results below a bound have no mean; the limit of blank by ranks takes them.")
    if values.size <= n_samples:
        return Refusal("A standard deviation of blanks needs samples that were measured more than once.")
    return float(np.mean(values) + normal_multiplier(values.size - n_samples) * np.std(values, ddof=1))
