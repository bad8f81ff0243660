"""Shapiro and Wilk's W of differences: a description, never the judge of which test is run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shapiro:
    """Shapiro and Wilk's W with its p."""

    w: float
    """W, 0 to 1, without unit."""
    p: float
    """Chance of a W this small from a normal distribution."""


def shapiro(differences: Floats, *, scale: float) -> Shapiro | Refusal:
    """Describe how far differences are from a normal distribution.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete, uncensored pairs; finite.
    scale : float
        Largest absolute value that was subtracted, in the same unit.

    Returns
    -------
    Shapiro or Refusal
        A refusal below 3 and above 5000 pairs, and where the differences do not vary.

    References
    ----------
    .. [1] Royston P. Remark AS R94: a remark on algorithm AS 181: the W-test for normality. Appl Stat.
       1995;44(4):547-551. doi:10.2307/2986146
    """
    if not 3 <= differences.size <= 5000:
        return Refusal(f"Shapiro-Wilk needs 3 to 5000 pairs; there are {differences.size}.")
    if is_constant(differences, scale):
        return Refusal("The differences do not vary, so their distribution has no shape.")
    from scipy.stats import shapiro as scipy_shapiro

    w, p = scipy_shapiro(differences)
    return Shapiro(w=float(w), p=float(p))
