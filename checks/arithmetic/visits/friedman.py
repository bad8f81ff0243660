"""Friedman's test of several visits: asymptotic, and exact given the ties within subjects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.signed_rank import average_ranks
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
WholeNumbers = npt.NDArray[np.int64]
MOST_STEPS = 3e9  # additions that the exact distribution may take, about ten seconds; no unit


@dataclass(frozen=True, slots=True)
class Friedman:
    """Outcome of one Friedman test on complete subjects."""

    chi2: float
    """Statistic, corrected for ties, without unit."""
    df: int
    """Visits less one."""
    p: float
    """p by the chi-square approximation."""
    kendall_W: float  # noqa: N815 - Kendall's own letter
    """Agreement of the subjects on the order of the visits, 0 to 1."""
    iman_davenport_F: float | Refusal  # noqa: N815 - the letter of the distribution
    """F of Iman and Davenport; a refusal where all subjects agree."""
    iman_davenport_p: float | Refusal
    """p of that F."""


def ranks_within_subjects(values: Floats) -> Floats:
    """Rank the visits of each subject.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows, finite.

    Returns
    -------
    ndarray of float, shape (n_subjects, n_visits)
        Ranks from 1, ties averaged.
    """
    return np.array([average_ranks(row) for row in values], dtype=np.float64).reshape(values.shape)


def friedman(values: Floats) -> Friedman | Refusal:
    """Test whether the visits share one distribution within subjects.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows, finite, in any one unit; censored values have to be re-censored at one limit before.

    Returns
    -------
    Friedman or Refusal
        A refusal below two subjects or two visits, and where every subject is constant.

    References
    ----------
    .. [1] Friedman M. The use of ranks to avoid the assumption of normality implicit in the analysis of variance.
       J Am Stat Assoc. 1937;32(200):675-701. doi:10.1080/01621459.1937.10503522
    .. [2] Iman RL, Davenport JM. Approximations of the critical region of the Friedman statistic. Commun Stat Theory
       Methods. 1980;9(6):571-595. doi:10.1080/03610928008827904
    """
    refusal = too_little(values)
    if refusal is not None:
        return refusal
    from scipy.special import chdtrc, fdtrc

    n_subjects, n_visits = values.shape
    ranks = ranks_within_subjects(values)
    between = float(((ranks.sum(axis=0) - n_subjects * (n_visits + 1) / 2) ** 2).sum())
    within = float(((ranks - (n_visits + 1) / 2) ** 2).sum())
    chi2 = (n_visits - 1) * between / within
    most = n_subjects * (n_visits - 1)
    agreed = Refusal("All subjects order the visits alike, so F has no denominator: see the exact p.")
    f: float | Refusal = agreed
    p_of_f: float | Refusal = agreed
    if most - chi2 > 1e-9 * most:
        f = (n_subjects - 1) * chi2 / (most - chi2)
        p_of_f = float(fdtrc(n_visits - 1, (n_subjects - 1) * (n_visits - 1), f))
    return Friedman(chi2, n_visits - 1, float(chdtrc(n_visits - 1, chi2)), chi2 / most, f, p_of_f)


def friedman_exact_p(values: Floats) -> float | Refusal:
    """Return Friedman's p from the exact distribution, conditional on the ties of each subject.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows, finite.

    Returns
    -------
    float or Refusal
        Chance of a statistic this large or larger; a refusal as in :func:`friedman`, and where the distribution is too
        large to enumerate (four visits beyond about 24 subjects, five beyond about 7).

    Notes
    -----
    Under the null hypothesis each subject's mid-ranks are in random order. The joint distribution of the rank sums of
    all visits but the last is built subject by subject, as a dense array.
    """
    refusal = too_little(values)
    if refusal is not None:
        return refusal
    n_subjects, n_visits = values.shape
    doubled = np.rint(2 * ranks_within_subjects(values)).astype(np.int64)
    step = 1 if np.any(doubled % 2) else 2
    steps = (doubled - 2) // step  # from 0
    width = int(steps.max()) * n_subjects + 1
    n_orders = min(factorial(n_visits), 10**6)
    if float(width) ** (n_visits - 1) / n_visits * n_orders * n_subjects > MOST_STEPS:
        return Refusal(f"{n_visits} visits of {n_subjects} subjects are too many for the exact distribution.")
    chances = _joint_chances(steps)
    centre = int(steps.sum())  # n_visits times every sum is compared with it: whole numbers throughout
    sums = np.meshgrid(*(np.arange(size) for size in chances.shape), indexing="ij", sparse=True)
    spread = (n_visits * (centre - sum(sums)) - centre) ** 2
    for one in sums:
        spread = spread + (n_visits * one - centre) ** 2
    observed = int(((n_visits * steps.sum(axis=0) - centre) ** 2).sum())
    return min(1.0, float(chances[spread >= observed].sum()))


def too_little(values: Floats) -> Refusal | None:
    """Say why rows of several visits cannot be ranked, if so.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows.

    Returns
    -------
    Refusal or None
        The sentence, or None where they can be ranked.
    """
    n_subjects, n_visits = values.shape
    if n_subjects < 2 or n_visits < 2:
        return Refusal(f"Two complete subjects and two visits are needed; there are {n_subjects} and {n_visits}.")
    if not np.any(np.ptp(values, axis=1)):
        return Refusal("No subject changes between the visits, so nothing can be ranked.")
    return None


def _joint_chances(steps: WholeNumbers) -> Floats:
    chances = np.ones((1,) * (steps.shape[1] - 1))
    for row, reach in zip(steps, steps.max(axis=1), strict=True):
        grown = np.zeros([size + int(reach) for size in chances.shape])
        orders = Counter(order[:-1] for order in permutations(row.tolist()))
        total = sum(orders.values())
        for order, times in orders.items():
            window = tuple(slice(int(at), int(at) + size) for at, size in zip(order, chances.shape, strict=True))
            grown[window] += chances * (times / total)
        chances = grown
    return chances
