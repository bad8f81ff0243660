"""Variance components of nested designs (sites, days, runs, replicates) by analysis of variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
ERROR = "error"
"""Name of the component of replicates."""
TOTAL = "total"
"""Name of the sum of all components."""


@dataclass(frozen=True, slots=True)
class Component:
    """One variance component; squares in the squared unit of the results."""

    name: str
    """``total``, the factor (``day``, ``day:run``), or ``error``."""
    df: float
    """Degrees of freedom; those of the total are Satterthwaite's."""
    ss: float | None
    """Sum of squares; None for the total."""
    ms: float | None
    """Mean square; None for the total."""
    vc: float
    """Variance component; a negative estimate is set to 0 before the total is formed."""
    percent_total: float
    """Share of the total, in percent."""
    sd: float
    """Square root of the component, in the unit of the results."""
    cv_percent: float | None
    """100 SD / abs(mean); None where the mean is 0."""


@dataclass(frozen=True, slots=True)
class NestedAnova:
    """Variance components of one design."""

    mean: float
    """Mean of all results."""
    n: int
    """Results."""
    components: tuple[Component, ...]
    """Total, each factor from the outermost in, error."""
    expected: Floats
    """Weight of each component in the expectation of each mean square, outermost first; shape (n_parts, n_parts)."""


def nested_anova(values: Floats, factors: Mapping[str, Labels]) -> NestedAnova | Refusal:
    """Split the variance of a nested design into its components.

    Parameters
    ----------
    values : ndarray of float, shape (n_results,)
        Results in any one unit, without NaN; the design may be unbalanced.
    factors : mapping of str to ndarray of int, shape (n_results,)
        Label of each result by factor, the outermost factor first; each factor is nested in those before it, so that
        label 1 of one day is not label 1 of another.

    Returns
    -------
    NestedAnova or Refusal
        A refusal if a factor leaves no degree of freedom, or all results are equal.

    Notes
    -----
    Sequential sums of squares; the expected mean squares of an unbalanced design are exact. Degrees of freedom of the
    total by Satterthwaite, from the mean squares that the components (negative ones as 0) make expected.

    References
    ----------
    .. [1] Searle SR, Casella G, McCulloch CE. Variance Components. 1992, chapter 5.
    .. [2] Satterthwaite FE. An approximate distribution of estimates of variance components. Biometrics Bull.
       1946;2(6):110-114. doi:10.2307/3002019
    """
    cells = nested_cells(list(factors.values()), values.size)
    sizes = [int(labels.max()) + 1 for labels in cells]
    df = np.diff(np.array(sizes, dtype=float))
    names = [*_names(list(factors)), ERROR]
    empty = [name for name, own in zip(names, df, strict=True) if own < 1]
    if empty:
        return Refusal(f"Nothing of '{empty[0]}' is repeated, so its variance cannot be told from the rest.")
    if np.ptp(values) == 0:
        return Refusal("All results are equal, so no variance can be estimated.")
    squares = _sums_of_squares(values, cells)
    weights = _expected(cells)
    estimates = np.maximum(np.linalg.solve(weights, squares), 0.0)
    return _anova_of(values, names, df, squares, estimates, weights / df[:, None])


def satterthwaite_df(found: NestedAnova, components: Sequence[float]) -> float:
    """Return the degrees of freedom of the total that a design has where its components are these.

    Parameters
    ----------
    found : NestedAnova
        Design.
    components : sequence of float
        Variance of each factor from the outermost in, then of the error; 0 or more, in any one unit.

    Returns
    -------
    float
        Degrees of freedom by Satterthwaite, from the mean squares that these components make expected.
    """
    df = np.array([part.df for part in found.components[1:]])
    return _total_df(found.expected, np.asarray(components, dtype=np.float64), df)


def _total_df(weights: Floats, components: Floats, df: Floats) -> float:
    shares = np.linalg.inv(weights).sum(axis=0) * (weights @ components)
    return float(np.sum(shares) ** 2 / np.sum(shares**2 / df))


def nested_cells(factors: Sequence[Labels], n_results: int) -> list[Labels]:
    """Number the cells of every level of a nested design.

    Parameters
    ----------
    factors : sequence of ndarray of int, shape (n_results,)
        Labels, the outermost factor first.
    n_results : int
        Number of results.

    Returns
    -------
    list of ndarray of int, shape (n_results,)
        Cell of each result, from 0: the whole, then each factor within those before it, then each result alone.
    """
    cells = [np.zeros(n_results, dtype=np.int64)]
    for labels in factors:
        pairs = np.stack([cells[-1], labels], axis=1)
        cells.append(np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64))
    return [*cells, np.arange(n_results, dtype=np.int64)]


def chi_square_interval(variance: float, df: float, *, conf: float = 0.95) -> tuple[float, float]:
    """Return the interval of a variance.

    Parameters
    ----------
    variance : float
        Variance in the squared unit of the results.
    df : float
        Its degrees of freedom, above 0.
    conf : float
        Level, above 0 and below 1.

    Returns
    -------
    tuple of float
        Lower and upper limit, in the squared unit.
    """
    from scipy.stats import chi2

    tail = (1 - conf) / 2
    return float(df * variance / chi2.isf(tail, df)), float(df * variance / chi2.ppf(tail, df))


def _names(factors: Sequence[str]) -> list[str]:
    return [":".join(factors[: place + 1]) for place in range(len(factors))]


def _sums_of_squares(values: Floats, cells: Sequence[Labels]) -> Floats:
    # Differences of cell means, not of squared sums: digits are kept where the mean is large against the scatter.
    means = [(np.bincount(c, values) / np.bincount(c))[c] for c in cells]
    return np.array([np.sum((inner - outer) ** 2) for outer, inner in pairwise(means)])


def _expected(cells: Sequence[Labels]) -> Floats:
    # Row: sum of squares of a level; column: variance component; entry: its weight in the expectation of that sum.
    levels = range(len(cells))
    traces = np.array([[_trace(cells[outer], cells[inner]) for inner in levels] for outer in levels])
    return np.diff(traces[:, 1:], axis=0)


def _trace(averaged: Labels, component: Labels) -> float:
    # Trace of (projection on the cells of one level) x (indicator of sharing a cell of another).
    sizes = np.bincount(averaged)
    pairs, counts = np.unique(np.stack([averaged, component], axis=1), axis=0, return_counts=True)
    return float(np.sum(counts.astype(float) ** 2 / sizes[pairs[:, 0]]))


def _anova_of(
    values: Floats, names: Sequence[str], df: Floats, squares: Floats, estimates: Floats, weights: Floats
) -> NestedAnova:
    mean, total = float(np.mean(values)), float(np.sum(estimates))
    total_df = _total_df(weights, estimates, df)

    def component(name: str, own_df: float, ss: float | None, vc: float) -> Component:
        sd = vc**0.5
        cv = 100 * sd / abs(mean) if mean else None
        return Component(name, own_df, ss, None if ss is None else ss / own_df, vc, 100 * vc / total, sd, cv)

    rows = zip(names, df, squares, estimates, strict=True)
    parts = [component(name, float(own_df), float(ss), float(vc)) for name, own_df, ss, vc in rows]
    return NestedAnova(mean, int(values.size), (component(TOTAL, total_df, None, total), *parts), weights)
