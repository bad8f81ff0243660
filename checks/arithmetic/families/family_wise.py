"""Adjusted p-values that hold the chance of any false finding in a family of tests."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from checks.arithmetic.families.p_adjustment import Floats, adjusted


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
    return adjusted(p_values, _holm_of_sorted)


def bonferroni(p_values: Sequence[float | None]) -> list[float | None]:
    """Multiply p-values by the size of the family: simple, and never sharper than Holm.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made.

    Returns
    -------
    list of float or None
        Adjusted p-values in the same order, None where no test was made.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.
    """
    return adjusted(p_values, lambda ordered: np.minimum(1.0, ordered * ordered.size))


def hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values by Hochberg's step-up, valid for independent or positively dependent tests.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made.

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
    .. [1] Hochberg Y. A sharper Bonferroni procedure for multiple tests of significance. Biometrika.
       1988;75(4):800-802. doi:10.1093/biomet/75.4.800
    """
    return adjusted(p_values, _hochberg_of_sorted)


def hommel(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values by Hommel's closed test of Simes, a little sharper than Hochberg.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made.

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
    .. [1] Hommel G. A stagewise rejective multiple test procedure based on a modified Bonferroni test. Biometrika.
       1988;75(2):383-386. doi:10.1093/biomet/75.2.383
    .. [2] Wright SP. Adjusted p-values for simultaneous inference. Biometrics. 1992;48(4):1005-1013.
       doi:10.2307/2532694
    """
    return adjusted(p_values, _hommel_of_sorted)


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


def _holm_of_sorted(p_values: Floats) -> Floats:
    factors = np.arange(p_values.size, 0, -1)
    return np.minimum(1.0, np.maximum.accumulate(p_values * factors))


def _hochberg_of_sorted(p_values: Floats) -> Floats:
    factors = np.arange(p_values.size, 0, -1)
    return np.minimum(1.0, np.minimum.accumulate((p_values * factors)[::-1])[::-1])


def _hommel_of_sorted(p_values: Floats) -> Floats:
    n_tests = p_values.size
    if n_tests < 2:
        return p_values
    ranks = np.arange(1, n_tests + 1)
    largest = np.full(n_tests, (n_tests * p_values / ranks).min())
    for size in range(n_tests - 1, 1, -1):
        n_low = n_tests - size + 1
        simes = (size * p_values[n_low:] / np.arange(2, size + 1)).min()
        steps = np.full(n_tests, np.nan)
        steps[:n_low] = np.minimum(size * p_values[:n_low], simes)
        steps[n_low:] = steps[n_low - 1]
        largest = np.maximum(largest, steps)
    return np.asarray(np.minimum(1.0, np.maximum(largest, p_values)), dtype=np.float64)
