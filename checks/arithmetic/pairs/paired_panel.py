"""Thousands of contrasts at once: the same exact tests, with the work shared between contrasts.

Each contrast keeps its own ties, zeros and missing pairs; none is changed by what stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.families.false_discovery import benjamini_hochberg
from checks.arithmetic.families.family_wise import holm
from checks.arithmetic.pairs.decimal_steps import DecimalSteps, decimal_steps
from checks.arithmetic.pairs.hodges_lehmann import order_of_limits
from checks.arithmetic.pairs.signed_rank import Zeros

Floats = npt.NDArray[np.float64]
WholeNumbers = npt.NDArray[np.int64]
CHUNK = 4096  # patterns of ranks whose distributions are built together; no unit


@dataclass(frozen=True, slots=True)
class PairedPanel:
    """Outcome of many contrasts, one place each; NaN where a contrast cannot be tested."""

    n_pairs: WholeNumbers
    """Complete pairs."""
    w_plus: Floats
    """Sum of the ranks of rising pairs."""
    p_wilcoxon: Floats
    """Two-sided p of the exact signed rank, conditional on ties."""
    p_holm: Floats
    """That p, adjusted by Holm over all that could be tested."""
    p_bh: Floats
    """That p, adjusted by Benjamini and Hochberg."""
    shift: Floats
    """Hodges-Lehmann estimate, zeros kept."""
    ci_low: Floats
    """Lower limit of its exact interval."""
    ci_high: Floats
    """Upper limit."""
    t: Floats
    """Student's t of the mean difference."""
    p_t: Floats
    """Two-sided p of that t."""


def paired_panel(differences: Floats, *, zeros: Zeros = "wilcox", conf: float = 0.95) -> PairedPanel:
    """Test many contrasts.

    Parameters
    ----------
    differences : ndarray of float, shape (n_contrasts, n_pairs)
        After minus before, rounded to the reported resolution; NaN is a missing pair of that contrast alone.
    zeros : {'wilcox', 'pratt'}
        Whether zero differences are dropped before ranking, or after.
    conf : float
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    PairedPanel
        What :func:`signed_rank`, :func:`hodges_lehmann` and :func:`paired_t` say of each contrast; NaN where they
        refuse.

    Notes
    -----
    Contrasts with equal ranks share one null distribution; the distributions are convolved side by side.
    """
    n_pairs = np.isfinite(differences).sum(axis=1)
    w_plus, p_wilcoxon = _signed_ranks(differences, zeros)
    shift, low, high = _shifts(differences, n_pairs, conf)
    t, p_t = _student(differences, n_pairs)
    listed = [None if np.isnan(p) else float(p) for p in p_wilcoxon]
    p_holm, p_bh = _array(holm(listed)), _array(benjamini_hochberg(listed))
    return PairedPanel(n_pairs, w_plus, p_wilcoxon, p_holm, p_bh, shift, low, high, t, p_t)


def _array(p_values: list[float | None]) -> Floats:
    return np.array([np.nan if p is None else p for p in p_values], dtype=np.float64)


def _signed_ranks(differences: Floats, zeros: Zeros) -> tuple[Floats, Floats]:
    is_moving = np.isfinite(differences) & (differences != 0)
    is_ranked = np.isfinite(differences) if zeros == "pratt" else is_moving
    doubled = np.where(is_moving, _doubled_ranks(np.where(is_ranked, np.abs(differences), np.inf)), 0)
    rising, total = np.where(differences > 0, doubled, 0).sum(axis=1), doubled.sum(axis=1)
    smaller = np.minimum(rising, total - rising)  # the distribution is symmetric: one tail says both
    patterns, pattern_of = _distinct(np.sort(doubled, axis=1))
    tails = np.empty(smaller.size)
    by_pattern = np.argsort(pattern_of, kind="stable")
    for first in range(0, patterns.shape[0], CHUNK):
        start, stop = np.searchsorted(pattern_of[by_pattern], [first, first + CHUNK])
        own = by_pattern[start:stop]
        up_to = np.cumsum(_distributions(patterns[first : first + CHUNK]), axis=1)
        tails[own] = up_to[pattern_of[own] - first, smaller[own]]
    is_empty = ~is_moving.any(axis=1)
    return np.where(is_empty, np.nan, rising / 2), np.where(is_empty, np.nan, np.minimum(1.0, 2 * tails))


def _doubled_ranks(sizes: Floats) -> WholeNumbers:
    order = np.argsort(sizes, axis=1)
    ordered = np.take_along_axis(sizes, order, axis=1)
    n = sizes.shape[1]
    pair_indices = np.arange(n)
    is_new = np.ones(sizes.shape, dtype=np.bool_)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    is_last = np.ones(sizes.shape, dtype=np.bool_)
    is_last[:, :-1] = is_new[:, 1:]
    first = np.maximum.accumulate(np.where(is_new, pair_indices, 0), axis=1)
    last = np.minimum.accumulate(np.where(is_last, pair_indices, n)[:, ::-1], axis=1)[:, ::-1]
    ranks = np.empty(sizes.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, first + last + 2, axis=1)
    return ranks


def _distinct(rows: WholeNumbers) -> tuple[WholeNumbers, WholeNumbers]:
    # Two bytes hold a doubled rank of up to 32,767 pairs; a row as one value is found again by one sort.
    keys = np.ascontiguousarray(rows.astype(np.uint16)).view(np.dtype((np.void, 2 * rows.shape[1]))).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], np.asarray(inverse, dtype=np.int64)


def _distributions(patterns: WholeNumbers) -> Floats:
    n_rows, width = patterns.shape[0], int(patterns.max(axis=0, initial=0).sum()) + 1
    chances = np.zeros((n_rows, width))
    chances[:, 0] = 1.0
    top = 0
    for column in patterns.T:  # sorted: the small ranks first, so that the sums grow slowly
        reach = int(column.max(initial=0))
        halves = chances[:, : top + 1] * 0.5
        chances[:, : top + 1] = halves
        for weight in np.unique(column):
            chosen = np.flatnonzero(column == weight)
            chances[chosen, weight : weight + top + 1] += halves[chosen]
        top += reach
    return chances


def _shifts(differences: Floats, n_pairs: WholeNumbers, conf: float) -> tuple[Floats, Floats, Floats]:
    n_rows, n = differences.shape
    out = np.full((3, n_rows), np.nan)
    first, second = np.triu_indices(n)
    steps = decimal_steps(np.nan_to_num(differences)) or DecimalSteps(differences, 1.0)
    n_steps = np.where(np.isfinite(differences), steps.whole, np.nan)
    for start in range(0, n_rows, CHUNK):
        block = slice(start, start + CHUNK)
        averages = np.sort(n_steps[block, first] + n_steps[block, second], axis=1)
        for size in np.unique(n_pairs[block]):
            if size == 0:
                continue
            own = np.flatnonzero(n_pairs[block] == size)
            k = max(order_of_limits(int(size), conf)[0], 1)
            n_averages = int(size) * (int(size) + 1) // 2
            middle = (averages[own, (n_averages - 1) // 2] + averages[own, n_averages // 2]) / 2
            out[:, start + own] = middle, averages[own, k - 1], averages[own, n_averages - k]
    out /= 2 * steps.per_unit
    return out[0], out[1], out[2]


def _student(differences: Floats, n_pairs: WholeNumbers) -> tuple[Floats, Floats]:
    from scipy.special import stdtr

    n = np.maximum(n_pairs, 1)
    mean = np.nansum(differences, axis=1) / n
    spread = np.sqrt(np.nansum((differences - mean[:, None]) ** 2, axis=1) / np.maximum(n - 1, 1))
    scale = np.nanmax(np.abs(np.where(np.isfinite(differences), differences, 0.0)), axis=1, initial=0.0)
    is_testable = (n_pairs > 1) & (spread > 10 * np.finfo(np.float64).eps * scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(is_testable, mean / (spread / np.sqrt(n)), np.nan)
    return t, np.where(is_testable, 2 * stdtr(n - 1, -np.abs(t)), np.nan)
