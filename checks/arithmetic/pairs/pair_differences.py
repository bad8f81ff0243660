"""Differences of pairs at the resolution that the laboratory reports.

In binary 0.3 - 0.2 and 0.2 - 0.1 differ in the last bit: without rounding, equal decimals are neither ties nor zeros.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def pair_differences(before: Floats, after: Floats, *, decimals: int | None = None) -> Floats:
    """Return after minus before, rounded to the reported resolution.

    Parameters
    ----------
    before : ndarray of float, shape (n_pairs,)
        First value of each pair; finite.
    after : ndarray of float, shape (n_pairs,)
        Second value of each pair, in the same unit and order; finite.
    decimals : int, optional
        Decimals that the laboratory reports; without it nothing is rounded.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Differences in the unit of the values; a rounded zero is +0.

    Notes
    -----
    Missing and censored values are the caller's to settle before: this takes numbers only.
    """
    differences = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    if decimals is None:
        return differences
    return np.asarray(np.round(differences, decimals) + 0.0, dtype=np.float64)


def is_constant(differences: Floats, scale: float) -> bool:
    """Say whether differences do not vary beyond what binary arithmetic leaves behind.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        At least two differences.
    scale : float
        Largest absolute value among the values that were subtracted, in their unit.

    Returns
    -------
    bool
        True where the SD is below ten machine epsilons of the scale.
    """
    spread = float(np.std(differences, ddof=1))
    return spread <= 10 * float(np.finfo(np.float64).eps) * scale
