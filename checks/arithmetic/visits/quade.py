"""Quade's test of several visits: like Friedman's, with subjects weighted by how far they move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.signed_rank import average_ranks
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.visits.friedman import ranks_within_subjects, too_little

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quade:
    """Outcome of one Quade test on complete subjects."""

    F: float
    """F, without unit."""
    df1: int
    """Visits less one."""
    df2: int
    """That times subjects less one."""
    p: float
    """p by the F approximation."""


def quade(values: Floats) -> Quade | Refusal:
    """Test whether the visits share one distribution, subjects weighted by the rank of their range.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows, finite, in one unit: ranges are compared between subjects.

    Returns
    -------
    Quade or Refusal
        A refusal below two subjects or two visits, where every subject is constant, and where all agree.

    References
    ----------
    .. [1] Quade D. Using weighted rankings in the analysis of complete blocks with additive block effects. J Am Stat
       Assoc. 1979;74(367):680-683. doi:10.1080/01621459.1979.10481670
    """
    refusal = too_little(values)
    if refusal is not None:
        return refusal
    from scipy.special import fdtrc

    n_subjects, n_visits = values.shape
    weights = average_ranks(pair_differences(values.min(axis=1), values.max(axis=1)))
    scores = weights[:, None] * (ranks_within_subjects(values) - (n_visits + 1) / 2)
    total, between = float((scores**2).sum()), float((scores.sum(axis=0) ** 2).sum()) / n_subjects
    if total - between <= 1e-12 * total:
        return Refusal("All subjects order the visits alike, so F has no denominator: see the exact Friedman test.")
    f = (n_subjects - 1) * between / (total - between)
    df1, df2 = n_visits - 1, (n_subjects - 1) * (n_visits - 1)
    return Quade(f, df1, df2, float(fdtrc(df1, df2, f)))
