"""Grubbs' test for one outlying value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outlier:
    """The value that lies farthest from the mean."""

    index: int
    """Its place, counted from 0."""
    statistic: float
    """Distance from the mean, in SD."""
    critical: float
    """Distance that is exceeded with probability ``alpha`` if there is no outlier, in SD."""

    @property
    def is_outlying(self) -> bool:
        """Tell whether the distance exceeds the critical one."""
        return self.statistic > self.critical


def grubbs(values: Sequence[float], alpha: float) -> Outlier | None:
    """Return the farthest value with its critical distance, two-sided.

    Parameters
    ----------
    values : sequence of float
        Finite numbers in one unit; no censored ones.
    alpha : float
        Probability of a false alarm, above 0 and below 1.

    Returns
    -------
    Outlier or None
        None for fewer than three values, or if all are equal.

    Notes
    -----
    ``G = max|x - mean| / s``; critical ``(n - 1) / sqrt(n) * sqrt(t^2 / (n - 2 + t^2))`` with t the upper
    ``alpha / 2n`` point of Student's t with n - 2 degrees of freedom. Assumes normal values.

    References
    ----------
    .. [1] Grubbs FE. Procedures for detecting outlying observations in samples. Technometrics. 1969;11:1-21.

    Examples
    --------
    >>> grubbs([10.0, 10.1, 9.9, 10.0, 14.0], 0.05).is_outlying
    True
    """
    from scipy import stats

    n = len(values)
    if n < 3:
        return None
    mean = math.fsum(values) / n
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))
    if sd == 0:
        return None
    index = max(range(n), key=lambda place: abs(values[place] - mean))
    t = float(stats.t.isf(alpha / (2 * n), n - 2))
    critical = (n - 1) / math.sqrt(n) * math.sqrt(t * t / (n - 2 + t * t))
    return Outlier(index, abs(values[index] - mean) / sd, critical)
