"""Page's test of an ordered rise or fall over the visits: exact given ties, and asymptotic."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from math import sqrt

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import ranks_within_subjects, too_little

Floats = npt.NDArray[np.float64]
MOST_VISITS = 8  # 40320 orders a subject; beyond it only the approximation is given


@dataclass(frozen=True, slots=True)
class PageTrend:
    """Outcome of one test of trend on complete subjects; a rise follows the order of the visits."""

    L: float
    """Sum over visits of place times rank sum, without unit."""
    mean: float
    """Mean of L if nothing changes."""
    var_no_ties: float
    """Variance of L if nothing changes, as if there were no ties."""
    z_no_tie_correction: float
    """Standardised L with that variance."""
    p_increasing_asymptotic_no_tie_correction: float
    """One-sided p for a rise of that z."""
    z_tie_corrected: float
    """Standardised L with the variance that the ties leave."""
    p_increasing_asymptotic_tie_corrected: float
    """One-sided p for a rise of that z."""
    p_decreasing_asymptotic_tie_corrected: float
    """One-sided p for a fall of that z."""
    p_increasing: float | Refusal
    """Exact one-sided p for a rise, conditional on the ties of each subject."""
    p_decreasing: float | Refusal
    """Exact one-sided p for a fall."""


def page_trend(values: Floats) -> PageTrend | Refusal:
    """Test for a trend in the order of the visits.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows, finite, visits in their order; censored values re-censored at one limit before.

    Returns
    -------
    PageTrend or Refusal
        A refusal below two subjects or two visits, and where every subject is constant.

    References
    ----------
    .. [1] Page EB. Ordered hypotheses for multiple treatments: a significance test for linear ranks. J Am Stat Assoc.
       1963;58(301):216-230. doi:10.1080/01621459.1963.10500843
    """
    refusal = too_little(values)
    if refusal is not None:
        return refusal
    from scipy.special import ndtr

    n_subjects, n_visits = values.shape
    ranks, visit_numbers = ranks_within_subjects(values), np.arange(1, n_visits + 1)
    statistic = float((ranks.sum(axis=0) * visit_numbers).sum())
    mean = n_subjects * n_visits * (n_visits + 1) ** 2 / 4
    variance = n_subjects * n_visits**2 * (n_visits + 1) ** 2 * (n_visits - 1) / 144
    spread = float(((visit_numbers - visit_numbers.mean()) ** 2).sum())
    tied_variance = float(((ranks - (n_visits + 1) / 2) ** 2).sum()) * spread / (n_visits - 1)
    z, z_tied = (statistic - mean) / sqrt(variance), (statistic - mean) / sqrt(tied_variance)
    rise, fall = _exact(ranks)
    return PageTrend(
        statistic, mean, variance, z, float(ndtr(-z)), z_tied, float(ndtr(-z_tied)), float(ndtr(z_tied)), rise, fall
    )


def _exact(ranks: Floats) -> tuple[float | Refusal, float | Refusal]:
    n_visits = ranks.shape[1]
    if n_visits > MOST_VISITS:
        many = Refusal(f"{n_visits} visits are too many for the exact distribution: see the approximation.")
        return many, many
    doubled = np.rint(2 * ranks).astype(np.int64)
    chances, lowest = np.ones(1), 0
    for pattern in doubled:
        sums = _sums_of_orders(tuple(sorted(pattern.tolist())))
        least, most = min(sums), max(sums)
        own = np.zeros(most - least + 1)
        for value, chance in sums.items():
            own[value - least] = chance
        chances, lowest = np.convolve(chances, own), lowest + least
    observed = int((doubled.sum(axis=0) * np.arange(1, n_visits + 1)).sum()) - lowest
    return min(1.0, float(chances[observed:].sum())), min(1.0, float(chances[: observed + 1].sum()))


@lru_cache(maxsize=256)
def _sums_of_orders(pattern: tuple[int, ...]) -> dict[int, float]:
    counts = Counter(sum(place * rank for place, rank in enumerate(o, start=1)) for o in permutations(pattern))
    total = sum(counts.values())
    return {value: times / total for value, times in counts.items()}
