"""Adjusted p-values over a family of tests, by every customary method.

A test that was not made never counts in the family; only in a fixed sequence does it stop what comes after it.
"""

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
    return _adjust(p_values, lambda ordered: np.minimum(1.0, ordered * ordered.size))


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
    return _adjust(p_values, _hochberg_of_sorted)


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
    return _adjust(p_values, _hommel_of_sorted)


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
    return _adjust(p_values, _by_of_sorted)


def fixed_sequence(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values that are tested in their order, each only if all before it held.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values in the order that was fixed before, 0 to 1; None or NaN is a test that was not made.

    Returns
    -------
    list of float or None
        Largest p so far; None from the first test on that was not made: the sequence stops there.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Maurer W, Hothorn LA, Lehmacher W. Multiple comparisons in drug clinical trials and preclinical assays.
       Biometrie in der chemisch-pharmazeutischen Industrie. 1995;6:3-18.

    Examples
    --------
    >>> fixed_sequence([0.01, 0.04, 0.02, None, 0.001])
    [0.01, 0.04, 0.04, None, None]
    """
    kept = _adjust(p_values, lambda ordered: ordered)
    largest, adjusted = 0.0, list[float | None]()
    for p in kept:
        if p is None:
            break
        largest = max(largest, p)
        adjusted.append(largest)
    return adjusted + [None] * (len(kept) - len(adjusted))


def gatekeeping(p_values: Sequence[float | None], gates: Sequence[int]) -> list[float | None]:
    """Adjust p-values in families that open one after the other, Holm within each.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made.
    gates : sequence of int
        Family of each p-value; a family is tested only if every test of all lower ones held.

    Returns
    -------
    list of float or None
        Holm's p within the family, or the largest adjusted p of the families before it if that is more; None where no
        test was made, and in every family behind one in which a test was not made.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Westfall PH, Krishen A. Optimally weighted, fixed sequence and gatekeeper multiple testing procedures.
       J Stat Plan Inference. 2001;99(1):25-40. doi:10.1016/S0378-3758(01)00077-5

    Examples
    --------
    >>> gatekeeping([0.01, 0.02, 0.001, 0.03], [1, 1, 2, 2])
    [0.02, 0.02, 0.02, 0.03]
    """
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for gate in sorted(set(gates)):
        places = [place for place, own in enumerate(gates) if own == gate]
        within = holm([p_values[place] for place in places])
        for place, p in zip(places, within, strict=True):
            adjusted[place] = None if p is None else max(p, largest)
        if None in within:
            break
        largest = max([largest, *(p for p in within if p is not None)])
    return adjusted


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


def _hochberg_of_sorted(p_values: Floats) -> Floats:
    factors = np.arange(p_values.size, 0, -1)
    return np.minimum(1.0, np.minimum.accumulate((p_values * factors)[::-1])[::-1])


def _by_of_sorted(p_values: Floats) -> Floats:
    places = np.arange(1, p_values.size + 1)
    factors = (1 / places).sum() * p_values.size / places
    return np.asarray(np.minimum(1.0, np.minimum.accumulate((p_values * factors)[::-1])[::-1]), dtype=np.float64)


def _hommel_of_sorted(p_values: Floats) -> Floats:
    n_tests = p_values.size
    if n_tests < 2:
        return p_values
    places = np.arange(1, n_tests + 1)
    adjusted = np.full(n_tests, (n_tests * p_values / places).min())
    for size in range(n_tests - 1, 1, -1):
        n_low = n_tests - size + 1
        simes = (size * p_values[n_low:] / np.arange(2, size + 1)).min()
        steps = np.full(n_tests, np.nan)
        steps[:n_low] = np.minimum(size * p_values[:n_low], simes)
        steps[n_low:] = steps[n_low - 1]
        adjusted = np.maximum(adjusted, steps)
    return np.asarray(np.minimum(1.0, np.maximum(adjusted, p_values)), dtype=np.float64)
