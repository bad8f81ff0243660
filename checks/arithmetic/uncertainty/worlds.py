"""Paired test in many worlds: what p becomes where results differ by what the controls allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.signed_rank import sign_flip_distribution

Floats = npt.NDArray[np.float64]
N_WORLDS = 10_000
"""Worlds that are drawn: a share is then known to half a percent or better."""
SEED = 20914
"""Of the draws: the same release gets the same share."""
HEADLINES = (0.05, 0.01)
"""Levels that p is held against in each world."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Outcome of a test in worlds that the uncertainty of measurement allows."""

    n_worlds: int
    """Worlds that were drawn."""
    p_value: float
    """p of the results as they are."""
    share_below_0_05: float
    """Share of worlds with a p below 0.05, 0 to 1."""
    share_below_0_01: float
    """Share with a p below 0.01."""
    p_low: float
    """p that 5 % of the worlds lie at or below."""
    p_middle: float
    """Median of p."""
    p_high: float
    """p that 95 % lie at or below."""
    u_percent: float
    """Median relative standard uncertainty of a result, in percent, that was drawn for each result alone."""


@dataclass(frozen=True, slots=True)
class MeasuredPairs:
    """Pairs with the uncertainty of each result."""

    before: Floats
    """First values, shape (n_pairs,)."""
    after: Floats
    """Second values."""
    u_before: Floats
    """Standard uncertainty of each first value alone, in their unit, 0 or more."""
    u_after: Floats
    """Of each second value."""
    u_shared: float
    """Relative standard uncertainty that all results share, such as that of the calibrators; a fraction."""


def drawn_values(pairs: MeasuredPairs, n_worlds: int = N_WORLDS) -> tuple[Floats, Floats]:
    """Draw the values of each world.

    Parameters
    ----------
    pairs : MeasuredPairs
        Pairs with their uncertainty.
    n_worlds : int
        Worlds.

    Returns
    -------
    tuple of ndarray of float, shape (n_worlds, n_pairs)
        First and second values.

    Notes
    -----
    Each result moves by a normal deviate of its own uncertainty; what is shared moves all results of a world by one
    factor.
    """
    rng = np.random.default_rng(SEED)
    size = (n_worlds, pairs.before.size)
    factor = 1 + pairs.u_shared * rng.standard_normal((n_worlds, 1))
    before = (pairs.before + pairs.u_before * rng.standard_normal(size)) * factor
    after = (pairs.after + pairs.u_after * rng.standard_normal(size)) * factor
    return before, after


def signed_rank_p(differences: Floats, *, is_pratt: bool = False) -> Floats:
    """Return the exact p of the signed-rank test of each row.

    Parameters
    ----------
    differences : ndarray of float, shape (n_worlds, n_pairs)
        Differences at the reported resolution.
    is_pratt : bool
        Whether zeros are ranked and then dropped.

    Returns
    -------
    ndarray of float, shape (n_worlds, 3)
        Two-sided p, p of a fall and p of a rise; 1 where no pair of a row moves.
    """
    ranks = _doubled_ranks(np.abs(differences), is_pratt=is_pratt)
    sums = np.where(differences > 0, ranks, 0).sum(axis=1)
    patterns, which = np.unique(np.sort(ranks, axis=1), axis=0, return_inverse=True)
    found = np.ones((differences.shape[0], 3))
    for place, pattern in enumerate(patterns):
        moving = pattern[pattern > 0]
        own = np.flatnonzero(which.ravel() == place)
        if moving.size == 0:
            continue
        chances = sign_flip_distribution(moving)
        below, observed = np.cumsum(chances), sums[own]
        less = np.minimum(1.0, below[observed])
        greater = np.minimum(1.0, below[-1] - below[observed] + chances[observed])
        found[own] = np.column_stack([np.minimum(1.0, 2 * np.minimum(less, greater)), less, greater])
    return found


def _doubled_ranks(sizes: Floats, *, is_pratt: bool) -> npt.NDArray[np.int64]:
    order = np.argsort(sizes, axis=1, kind="stable")
    ordered = np.take_along_axis(sizes, order, axis=1)
    place = np.arange(sizes.shape[1])
    is_new = np.ones(ordered.shape, dtype=bool)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(is_new, place, 0), axis=1)
    is_last = np.ones(ordered.shape, dtype=bool)
    is_last[:, :-1] = is_new[:, 1:]
    last = np.minimum.accumulate(np.where(is_last, place, sizes.shape[1])[:, ::-1], axis=1)[:, ::-1]
    n_zeros = (ordered == 0).sum(axis=1, keepdims=True)
    doubled = first + last + 2 - (0 if is_pratt else 2 * n_zeros)
    ranks = np.empty(sizes.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.where(ordered == 0, 0, doubled), axis=1)
    return ranks


def worlds_of(p_values: Floats, p_value: float, u_percent: float) -> Worlds:
    """Sum up the p-values of many worlds.

    Parameters
    ----------
    p_values : ndarray of float, shape (n_worlds,)
        p in each world, in the direction of the plan.
    p_value : float
        p of the results as they are.
    u_percent : float
        Relative standard uncertainty that was drawn, in percent.

    Returns
    -------
    Worlds
        Shares and quantiles.
    """
    shares = [float((p_values < level).mean()) for level in HEADLINES]
    low, middle, high = (float(p) for p in np.quantile(p_values, (0.05, 0.5, 0.95)))
    return Worlds(int(p_values.size), p_value, shares[0], shares[1], low, middle, high, u_percent)
