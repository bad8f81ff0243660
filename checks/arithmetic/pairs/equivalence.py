"""Two one-sided tests: the one way to show that nothing relevant changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Outcome of two one-sided t tests against a margin."""

    bound: float
    """Margin, in the unit of the differences: changes between minus and plus this are irrelevant."""
    p_lower: float
    """One-sided p against a change of minus the margin or less."""
    p_upper: float
    """One-sided p against a change of the margin or more."""
    p_tost: float
    """The larger of the two: equivalence is shown where it is at most alpha."""


def equivalence(differences: Floats, bound: float, *, scale: float) -> Equivalence | Refusal:
    """Test whether the mean difference lies within a margin around zero.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete, uncensored pairs, in any one unit; finite.
    bound : float
        Margin in the same unit, fixed before anybody looked, above 0.
    scale : float
        Largest absolute value that was subtracted.

    Returns
    -------
    Equivalence or Refusal
        A refusal below two pairs, for a margin that is not above 0, and where the differences do not vary.

    References
    ----------
    .. [1] Schuirmann DJ. A comparison of the two one-sided tests procedure and the power approach for assessing the
       equivalence of average bioavailability. J Pharmacokinet Biopharm. 1987;15(6):657-680. doi:10.1007/BF01068419
    """
    n_pairs = int(differences.size)
    if n_pairs < 2 or is_constant(differences, scale):
        return Refusal("Equivalence needs at least two complete pairs whose differences vary.")
    if not bound > 0 or not np.isfinite(bound):
        return Refusal(f"'{bound:g}' is no margin: a number above 0 in the unit of the differences is expected.")
    from scipy.special import stdtr

    mean, error = float(differences.mean()), float(differences.std(ddof=1)) / n_pairs**0.5
    # The upper tail as the lower one of the mirrored t: 1 - p would lose the digits of a small p.
    p_lower = float(stdtr(n_pairs - 1, -(mean + bound) / error))
    p_upper = float(stdtr(n_pairs - 1, (mean - bound) / error))
    return Equivalence(bound, p_lower, p_upper, max(p_lower, p_upper))
