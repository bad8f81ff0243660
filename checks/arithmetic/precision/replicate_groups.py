"""Scatter within groups of replicates: SD, CV and their summaries over groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Number = float | Refusal
_NO_SCATTER = Refusal("Fewer than two results have no scatter.")
_NO_GROUP = Refusal("No group has two results, so there is no scatter.")
_NO_LOG = Refusal("A logarithm needs results above 0.")
_NO_MEAN = Refusal("The mean is 0, so there is no CV.")


@dataclass(frozen=True, slots=True)
class GroupScatter:
    """Scatter of one group of replicates; missing results are left out."""

    n: int
    """Results that were measured."""
    mean: Number
    """Mean, in the unit of the results."""
    sd: Number
    """SD with n - 1, in the same unit."""
    cv_percent: Number
    """100 SD / abs(mean)."""
    cv_log_percent: Number
    """100 sqrt(exp(var of logs) - 1)."""
    range: Number
    """Largest less smallest, in the same unit."""
    sem: Number
    """SD / sqrt(n), in the same unit."""


@dataclass(frozen=True, slots=True)
class PooledScatter:
    """Scatter within all groups together."""

    groups: tuple[GroupScatter, ...]
    """Each group, in order."""
    df: int
    """Degrees of freedom: sum of n - 1."""
    pooled_sd: Number
    """Pooled SD, in the unit of the results."""
    rms_cv_percent: Number
    """Root mean square of the CVs, weighted by degrees of freedom."""
    mean_cv_percent: Number
    """Mean of the CVs."""
    median_cv_percent: Number
    """Median of the CVs."""
    dahlberg_sd: Number
    """sqrt(sum d^2 / 2n) of duplicates, in the unit of the results."""
    pooled_log_cv_percent: Number
    """CV from the pooled variance of logs."""


def scatter_of_group(values: Floats) -> GroupScatter:
    """Return the scatter of one group.

    Parameters
    ----------
    values : ndarray of float, shape (n_replicates,)
        Results in any one unit; NaN is missing and left out.

    Returns
    -------
    GroupScatter
        Refusals where a number is not defined.
    """
    x = values[~np.isnan(values)]
    if x.size == 0:
        nothing = Refusal("No result of this group was measured.")
        return GroupScatter(0, nothing, nothing, nothing, nothing, nothing, nothing)
    mean, spread = float(np.mean(x)), float(np.max(x) - np.min(x))
    if x.size == 1:
        return GroupScatter(1, mean, _NO_SCATTER, _NO_SCATTER, _NO_SCATTER, spread, _NO_SCATTER)
    sd = float(np.std(x, ddof=1))
    cv: Number = _NO_MEAN if mean == 0 else 100 * sd / abs(mean)
    return GroupScatter(int(x.size), mean, sd, cv, _log_cv_percent(_log_variance(x)), spread, sd / x.size**0.5)


def pooled_scatter(groups: Sequence[Floats]) -> PooledScatter:
    """Return the scatter within groups and its summaries.

    Parameters
    ----------
    groups : sequence of ndarray of float, shape (n_replicates,)
        Results of each group in one unit; NaN is missing. Groups below two results add no degree of freedom.

    Returns
    -------
    PooledScatter
        Refusals where a number is not defined: Dahlberg's SD but for duplicates, logs of results not above 0.

    References
    ----------
    .. [1] Dahlberg G. Statistical Methods for Medical and Biological Students. 1940.
    .. [2] Bland JM, Altman DG. Measurement error proportional to the mean. BMJ. 1996;313:106.
    """
    measured = [group[~np.isnan(group)] for group in groups]
    several = [x for x in measured if x.size > 1]
    each = tuple(scatter_of_group(x) for x in measured)
    if not several:
        return PooledScatter(each, 0, *[_NO_GROUP] * 6)
    df = np.array([x.size - 1 for x in several])
    variances = np.array([np.var(x, ddof=1) for x in several])
    return PooledScatter(
        each,
        int(df.sum()),
        float(np.sqrt(np.sum(df * variances) / df.sum())),
        *_of_cvs(each, df),
        _dahlberg(several),
        _pooled_log_cv_percent(several, df),
    )


def _of_cvs(each: Sequence[GroupScatter], df: npt.NDArray[np.int64]) -> tuple[Number, Number, Number]:
    cvs = [group.cv_percent for group in each if group.n > 1]
    numbers = np.array([cv for cv in cvs if not isinstance(cv, Refusal)])
    if numbers.size < len(cvs):
        nothing = Refusal("A group has the mean 0 and so no CV.")
        return nothing, nothing, nothing
    rms = float(np.sqrt(np.sum(df * numbers**2) / df.sum()))
    return rms, float(np.mean(numbers)), float(np.median(numbers))


def _dahlberg(several: Sequence[Floats]) -> Number:
    if any(x.size != 2 for x in several):
        return Refusal("Dahlberg's SD is defined for duplicates alone.")
    differences = np.array([x[1] - x[0] for x in several])
    return float(np.sqrt(np.sum(differences**2) / (2 * differences.size)))


def _log_variance(x: Floats) -> Number:
    return float(np.var(np.log(x), ddof=1)) if np.all(x > 0) else _NO_LOG


def _log_cv_percent(variance: Number) -> Number:
    return variance if isinstance(variance, Refusal) else float(100 * np.sqrt(np.exp(variance) - 1))


def _pooled_log_cv_percent(several: Sequence[Floats], df: npt.NDArray[np.int64]) -> Number:
    logs = [_log_variance(x) for x in several]
    numbers = np.array([log for log in logs if not isinstance(log, Refusal)])
    if numbers.size < len(logs):
        return _NO_LOG
    return _log_cv_percent(float(np.sum(df * numbers) / df.sum()))
