"""Differences of pairs: the one place where reported values are subtracted, as the decimals that were written."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.decimal_steps import rounded_as_written, subtract_as_written

Floats = npt.NDArray[np.float64]


def pair_differences(before: Floats, after: Floats, *, decimals: int | None = None) -> Floats:
    """Return after minus before as decimals, rounded to the reported resolution where one is named.

    Parameters
    ----------
    before : ndarray of float, shape (n_pairs,)
        First value of each pair; finite.
    after : ndarray of float, shape (n_pairs,)
        Second value of each pair, in the same unit and order; finite.
    decimals : int, optional
        Decimals that the laboratory reports; without it nothing is rounded, and the decimals are those of the values.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Differences in the unit of the values; a zero is +0. Equal decimal differences are equal numbers.

    Notes
    -----
    Missing and censored values are the caller's to settle before: this takes numbers only.
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    differences = subtract_as_written(first, second)
    return differences if decimals is None else rounded_as_written(differences, decimals)


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
    # Equal differences that were computed differ by some rounding of the values that they came from.
    return spread <= 10 * float(np.finfo(np.float64).eps) * scale
