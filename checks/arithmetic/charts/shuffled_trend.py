"""Test of a trend within groups by shuffling each group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SEED = 20220524
"""Seed of the shuffles, so that the same plate always gets the same p."""
N_SHUFFLES = 9999
"""Shuffles; the smallest p is 1 / 10000."""


@dataclass(frozen=True, slots=True)
class WithinGroups:
    """Trend of values on a covariate within groups."""

    slope: float
    """Change of the value for one unit of the covariate, in the unit of the value."""
    n_groups: int
    """Groups whose members differ in the covariate."""
    p_two: float
    """Two-sided p of no trend; 1 where the slope is too small to matter."""
    standard_error: float = 0.0
    """Standard error of the slope, in its unit; infinite where no degree of freedom is left."""


def trend_within_groups(
    values: Floats, covariate: Floats, groups: NDArray[np.int64], *, least: float = 0.0
) -> WithinGroups | None:
    """Return the least-squares slope of values on a covariate within groups, with its randomisation p.

    Parameters
    ----------
    values : ndarray of float, shape (n_wells,)
        Values, such as log signals; finite.
    covariate : ndarray of float, shape (n_wells,)
        Place of each: 0 or 1 for the edge, or a column number.
    groups : ndarray of int, shape (n_wells,)
        Group of each: wells of one group hold the same thing.
    least : float
        Slope below which no p is worked out, whatever its sign, 0 or more.

    Returns
    -------
    WithinGroups or None
        None if no group has two members that differ in the covariate.

    Notes
    -----
    Under the hypothesis, the values of a group are exchangeable. The statistic is the sum of residual times centred
    covariate; p is the share of shuffles (within groups, seeded) that are at least as extreme, with the observed one
    counted. Groups of one member say nothing. The standard error is that of least squares within groups.

    References
    ----------
    .. [1] Edgington ES, Onghena P. Randomization tests, 4th ed. Chapman & Hall, 2007.
    """
    residual, centred = _centred(values, groups), _centred(covariate, groups)
    scale = float(centred @ centred)
    if scale <= 0:
        return None
    n_groups = len(np.unique(groups[np.abs(centred) > 0]))
    observed = float(residual @ centred)
    slope = observed / scale
    error = _standard_error(residual - slope * centred, groups, scale)
    if abs(slope) < least:
        return WithinGroups(slope, n_groups, 1.0, error)
    return WithinGroups(slope, n_groups, _p_two(residual, centred, groups, observed), error)


def _standard_error(left: Floats, groups: NDArray[np.int64], scale: float) -> float:
    df = left.size - len(np.unique(groups)) - 1
    return float(np.sqrt(left @ left / df / scale)) if df > 0 else float("inf")


def _centred(values: Floats, groups: NDArray[np.int64]) -> Floats:
    _, inverse = np.unique(groups, return_inverse=True)
    means = np.bincount(inverse, weights=values) / np.bincount(inverse)
    centred: Floats = values - means[inverse]
    return centred


def _p_two(residual: Floats, centred: Floats, groups: NDArray[np.int64], observed: float) -> float:
    random = np.random.default_rng(SEED)
    total = np.zeros(N_SHUFFLES)
    for group in np.unique(groups):
        own = groups == group
        if own.sum() < 2 or not np.any(centred[own]):
            continue
        shuffled = random.permuted(np.tile(residual[own], (N_SHUFFLES, 1)), axis=1)
        total += shuffled @ centred[own]
    slack = 1e-12 * max(abs(observed), 1e-300)
    n_extreme = int(np.sum(np.abs(total) >= abs(observed) - slack))
    return (1 + n_extreme) / (N_SHUFFLES + 1)
