"""Adjusted p-values over a family of tests: Holm, and Benjamini-Hochberg as description."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values by Holm's step-down, which holds the chance of any false finding.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made: it does not count in the family.

    Returns
    -------
    list of float or None
        Adjusted p-values in the same order, None where no test was made.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Holm S. A simple sequentially rejective multiple test procedure. Scand J Stat. 1979;6(2):65-70.

    Examples
    --------
    >>> holm([0.03, None, 0.04])
    [0.06, None, 0.06]
    """
    return _adjust(p_values, _holm_of_sorted)


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values by Benjamini and Hochberg, which holds the expected share of false findings.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made: it does not count in the family.

    Returns
    -------
    list of float or None
        Adjusted p-values in the same order, None where no test was made.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Benjamini Y, Hochberg Y. Controlling the false discovery rate: a practical and powerful approach to multiple
       testing. J R Stat Soc B. 1995;57(1):289-300. doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    return _adjust(p_values, _bh_of_sorted)


def chance_of_any(alpha: float, n_tests: int) -> float:
    """Return the chance that at least one of many true null hypotheses falls below a limit.

    Parameters
    ----------
    alpha : float
        Limit of one test, 0 to 1.
    n_tests : int
        Tests in the family, taken as independent.

    Returns
    -------
    float
        Chance, 0 to 1; tests on few pairs have a coarse grid of p-values, so it is at most this.

    Examples
    --------
    >>> round(chance_of_any(0.01, 16), 3)
    0.149
    """
    return float(-math.expm1(n_tests * math.log1p(-alpha))) if alpha < 1 else 1.0


def _adjust(p_values: Sequence[float | None], step: Callable[[Floats], Floats]) -> list[float | None]:
    places = [place for place, p in enumerate(p_values) if p is not None and not math.isnan(p)]
    tested = np.array([p_values[place] for place in places], dtype=np.float64)
    if np.any((tested < 0) | (tested > 1)):
        raise ValueError("A p-value lies outside 0 to 1.")
    adjusted: list[float | None] = [None] * len(p_values)
    order = np.argsort(tested, kind="stable")
    for place, p in zip(order, step(tested[order]), strict=True):
        adjusted[places[place]] = float(p)
    return adjusted


def _holm_of_sorted(p_values: Floats) -> Floats:
    factors = np.arange(p_values.size, 0, -1)
    return np.minimum(1.0, np.maximum.accumulate(p_values * factors))


def _bh_of_sorted(p_values: Floats) -> Floats:
    factors = p_values.size / np.arange(1, p_values.size + 1)
    return np.minimum(1.0, np.minimum.accumulate((p_values * factors)[::-1])[::-1])
