"""Intervals of variance components: Satterthwaite's, and by modified large samples (MLS)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.precision.nested_anova import TOTAL, NestedAnova, chi_square_interval
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Ends = tuple[float, float]
FEWEST_DF = 1.0  # degrees of freedom; below it the upper limit has no meaning; proposed


@dataclass(frozen=True, slots=True)
class ComponentInterval:
    """Intervals of one component, in the squared unit of the results."""

    name: str
    """``total``, the factor, or ``error``."""
    satterthwaite: Ends | Refusal
    """Interval of a chi-square with as many degrees of freedom as the component has by Satterthwaite; too short where
    the component is small against the others."""
    mls: Ends
    """Interval by modified large samples; an end below 0 is set to 0."""


def component_intervals(found: NestedAnova, *, conf: float = 0.95) -> tuple[ComponentInterval, ...]:
    """Give the intervals of every component of a nested design.

    Parameters
    ----------
    found : NestedAnova
        Components with their mean squares.
    conf : float
        Level, above 0 and below 1.

    Returns
    -------
    tuple of ComponentInterval
        Total, each factor from the outermost in, error.

    Notes
    -----
    Each component is a sum of mean squares with weights above and below 0. MLS bounds it by the exact limits of each
    mean square alone and of each ratio of two [1]_; for one mean square it is the exact interval, for a sum without
    weights below 0 that of Graybill and Wang [2]_. Exact for balanced designs with normal components, approximate else.

    References
    ----------
    .. [1] Ting N, Burdick RK, Graybill FA, Jeyaratnam S, Lu TFC. Confidence intervals on linear combinations of
       variance components that are unrestricted in sign. J Stat Comput Simul. 1990;35(1-2):135-143.
    .. [2] Graybill FA, Wang CM. Confidence intervals on nonnegative linear combinations of variances. J Am Stat Assoc.
       1980;75(372):869-873. doi:10.1080/01621459.1980.10477565
    """
    parts = found.components[1:]
    squares = np.array([part.ms for part in parts], dtype=np.float64)
    df = np.array([part.df for part in parts])
    weights = np.linalg.inv(found.expected)
    rows = [weights.sum(axis=0), *weights]
    names = (TOTAL, *(part.name for part in parts))
    intervals = []
    for name, row, part in zip(names, rows, found.components, strict=True):
        terms = np.where(np.abs(row) < 1e-12 * np.abs(row).max(), 0.0, row) * squares
        intervals.append(ComponentInterval(name, _satterthwaite(part.vc, terms, df, conf), _mls(terms, df, conf)))
    return tuple(intervals)


def _satterthwaite(variance: float, terms: Floats, df: Floats, conf: float) -> Ends | Refusal:
    if variance <= 0 or terms.sum() <= 0:
        return Refusal("The component is 0, so it has no degrees of freedom by Satterthwaite: see MLS.")
    own_df = float(terms.sum() ** 2 / np.sum(terms**2 / df))
    if own_df < FEWEST_DF:
        return Refusal(f"The component has {own_df:.2g} degrees of freedom by Satterthwaite, too few: see MLS.")
    return chi_square_interval(variance, own_df, conf=conf)


def _mls(terms: Floats, df: Floats, conf: float) -> Ends:
    from scipy.stats import chi2

    tail = (1 - conf) / 2
    gaps = 1 - df / chi2.isf(tail, df), df / chi2.ppf(tail, df) - 1  # G and H of each mean square
    estimate = float(terms.sum())
    low = estimate - np.sqrt(max(0.0, _spread(terms, df, gaps, tail, is_low=True)))
    high = estimate + np.sqrt(max(0.0, _spread(terms, df, gaps, tail, is_low=False)))
    return max(0.0, float(low)), max(0.0, float(high))


def _spread(terms: Floats, df: Floats, gaps: tuple[Floats, Floats], tail: float, *, is_low: bool) -> float:
    from scipy.stats import f

    shrinking, growing = gaps if is_low else gaps[::-1]  # of what adds to the component, and of what is taken away
    positive, negative = np.flatnonzero(terms > 0), np.flatnonzero(terms < 0)
    total = float(np.sum((shrinking * terms)[positive] ** 2) + np.sum((growing * terms)[negative] ** 2))
    for one in positive:
        for other in negative:
            ratio = float(f.isf(tail if is_low else 1 - tail, df[one], df[other]))
            cross = ((ratio - 1) ** 2 - shrinking[one] ** 2 * ratio**2 - growing[other] ** 2) / ratio
            total += cross * terms[one] * -terms[other]
    return total
