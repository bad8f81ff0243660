"""Adjusted p-values that hold the expected share of false findings among all findings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.arithmetic.families.p_adjustment import Floats, adjusted


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
    return adjusted(p_values, _bh_of_sorted)


def benjamini_yekutieli(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values by Benjamini and Yekutieli, valid under any dependence.

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
    .. [1] Benjamini Y, Yekutieli D. The control of the false discovery rate in multiple testing under dependency.
       Ann Stat. 2001;29(4):1165-1188. doi:10.1214/aos/1013699998
    """
    return adjusted(p_values, _by_of_sorted)


def _bh_of_sorted(p_values: Floats) -> Floats:
    factors = p_values.size / np.arange(1, p_values.size + 1)
    return np.minimum(1.0, np.minimum.accumulate((p_values * factors)[::-1])[::-1])


def _by_of_sorted(p_values: Floats) -> Floats:
    ranks = np.arange(1, p_values.size + 1)
    factors = (1 / ranks).sum() * p_values.size / ranks
    return np.asarray(np.minimum(1.0, np.minimum.accumulate((p_values * factors)[::-1])[::-1]), dtype=np.float64)
