"""Wilcoxon's signed-rank test, exact given the ties and zeros that are there.

Library routines leave the exact distribution as soon as one tie or zero occurs; here it is always exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erfc, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal
from schemas.json_model import JsonModel

Floats = npt.NDArray[np.float64]
Zeros = Literal["wilcox", "pratt"]
MOST_PAIRS = 1000  # beyond it 2^-n leaves the range of a double; no unit
_MOST_DOUBLINGS = 500  # counts of patterns that a double holds before they are scaled down; no unit


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Outcome of one exact signed-rank test."""

    w_plus: float
    """Sum of the ranks of rising pairs, without unit; a multiple of one half."""
    w_minus: float
    """Sum of the ranks of falling pairs, without unit."""
    n_used: int
    """Pairs that are not zero: only their signs are random."""
    n_zero: int
    """Pairs without a difference."""
    n_tied: int
    """Pairs that share the size of their difference with another pair; zeros are not counted."""
    z: float
    """Standardised W+, without continuity correction, without unit."""
    p_two: float
    """Two-sided p: twice the smaller tail, at most 1."""
    p_less: float
    """Chance of a W+ this small or smaller."""
    p_greater: float
    """Chance of a W+ this large or larger."""
    zeros: Zeros
    """``wilcox``: zeros were dropped before ranking; ``pratt``: ranked, then dropped."""
    p_mid_two: float
    """Two-sided mid-p, which counts what was observed half: a description."""
    p_two_asymptotic: float
    """Two-sided p by the normal approximation: printed to be compared, never used."""
    p_two_asymptotic_cc: float
    """That approximation with continuity correction."""

    @property
    def rank_biserial(self) -> float:
        """Return the matched-pairs rank-biserial correlation, -1 to 1."""
        return (self.w_plus - self.w_minus) / (self.w_plus + self.w_minus)


@dataclass(frozen=True, slots=True)
class ExactSignedRank(JsonModel):
    """Exact signed-rank test."""

    json_keys = "*ranked method"

    ranked: SignedRank
    """Its numbers."""
    method: Literal["exact"] = "exact"
    """How p was had."""


def average_ranks(sizes: Floats) -> Floats:
    """Rank values from 1 upwards; ties get the mean of their ranks.

    Parameters
    ----------
    sizes : ndarray of float, shape (n_pairs,)
        Finite values.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Ranks, multiples of one half.
    """
    _, group, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[group], dtype=np.float64)


def sign_flip_distribution(weights: npt.NDArray[np.int64]) -> Floats:
    """Return the chance of each sum of weights when each is taken by a fair coin.

    Parameters
    ----------
    weights : ndarray of int, shape (n_used,)
        Whole weights, above 0: twice the ranks.

    Returns
    -------
    ndarray of float, shape (sum(weights) + 1,)
        Chance of the sum 0, 1, ..., all.

    Notes
    -----
    Shift algorithm: one convolution with (1/2, 1/2 shifted by the weight) for each pair [1]_. Patterns are counted and
    divided by powers of two, which is exact, a common divisor of the weights is taken out, and the upper half is the
    lower one in a mirror.

    References
    ----------
    .. [1] Streitberg B, Roehmel J. Exact distributions for permutation and rank tests: an introduction to some
       recently published algorithms. Stat Softw Newsl. 1986;12(1):10-17.
    """
    step = int(np.gcd.reduce(weights)) if weights.size else 1
    steps = np.sort(weights // step)
    total = int(steps.sum())
    lower = _lower_half(steps, total // 2)
    distribution = np.concatenate([lower, lower[: total - total // 2][::-1]])
    chances = np.zeros(total * step + 1)
    chances[::step] = distribution
    return chances


def _lower_half(steps: npt.NDArray[np.int64], most: int) -> Floats:
    old, new = np.zeros(most + 1), np.zeros(most + 1)
    old[0], top = 1.0, 0
    for n_done, weight in enumerate(map(int, steps), start=1):
        reach = min(top + weight, most)
        new[: min(weight, top + 1)] = old[: min(weight, top + 1)]
        new[top + 1 : weight] = 0.0
        if weight <= top:
            np.add(old[weight : top + 1], old[: top + 1 - weight], out=new[weight : top + 1])
        first = max(top + 1, weight)
        if first <= reach:
            new[first : reach + 1] = old[first - weight : reach + 1 - weight]
        old, new, top = new, old, reach
        if n_done % _MOST_DOUBLINGS == 0:
            old *= 0.5**_MOST_DOUBLINGS
    return np.asarray(old * 0.5 ** (steps.size % _MOST_DOUBLINGS), dtype=np.float64)


def signed_rank(differences: Floats, *, zeros: Zeros = "wilcox") -> SignedRank | Refusal:
    """Test whether differences are symmetric about zero, exactly and conditional on ties.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete pairs, rounded to the reported resolution, in any one unit; finite.
    zeros : {'wilcox', 'pratt'}
        Whether zeros are dropped before ranking or ranked first and then dropped.

    Returns
    -------
    SignedRank or Refusal
        A refusal if there is no pair, if every difference is zero, or beyond 1000 pairs.

    Raises
    ------
    ValueError
        If ``zeros`` is another word.

    Notes
    -----
    Given the absolute differences, each sign is a fair coin under the null hypothesis; the distribution of W+ is
    convolved from the ranks that occurred. Censored pairs have to be re-censored at one limit before.

    References
    ----------
    .. [1] Pratt JW. Remarks on zeros and ties in the Wilcoxon signed rank procedures. J Am Stat Assoc.
       1959;54(287):655-667. doi:10.1080/01621459.1959.10501526
    """
    if zeros not in ("wilcox", "pratt"):
        raise ValueError(f"Policy for zeros '{zeros}' is not known: say 'wilcox' or 'pratt'.")
    refusal = _refusal(differences)
    if refusal is not None:
        return refusal
    ranks, is_rising = _ranks_in_use(differences, zeros)
    # The rank of a tie may end in a half: doubled, all are whole, and sums are exact places of an array.
    doubled = np.rint(2 * ranks).astype(np.int64)
    chances = _chances_of(np.sort(doubled).tobytes())
    observed, total = int(doubled[is_rising].sum()), int(doubled.sum())
    p_less = min(1.0, float(chances[: observed + 1].sum()))
    p_greater = min(1.0, float(chances[observed:].sum()))
    n_used = int(ranks.size)
    deviation, spread = abs(observed / 2 - total / 4), float(np.sqrt((ranks**2).sum() / 4))
    return SignedRank(
        w_plus=observed / 2,
        w_minus=(total - observed) / 2,
        n_used=n_used,
        n_zero=int(differences.size) - n_used,
        n_tied=_n_tied(ranks),
        z=(observed / 2 - total / 4) / spread,
        p_two=min(1.0, 2 * min(p_less, p_greater)),
        p_less=p_less,
        p_greater=p_greater,
        zeros=zeros,
        # of what was observed only half belongs to a tail, and the tail is doubled
        p_mid_two=min(1.0, 2 * min(p_less, p_greater) - float(chances[observed])),
        p_two_asymptotic=erfc(deviation / spread / sqrt(2)),
        p_two_asymptotic_cc=erfc(max(0.0, deviation - 0.5) / spread / sqrt(2)),
    )


@lru_cache(maxsize=16)
def _chances_of(doubled_ranks: bytes) -> Floats:
    # Leaving pairs out one by one meets the same ranks again and again; a thousand ranks take a second each.
    chances = sign_flip_distribution(np.frombuffer(doubled_ranks, dtype=np.int64))
    chances.setflags(write=False)
    return chances


def smallest_two_sided_p(n_used: int) -> float:
    """Return the smallest two-sided p that this many pairs can reach, without unit.

    Parameters
    ----------
    n_used : int
        Pairs that are not zero, 1 or more.

    Returns
    -------
    float
        2 to the power of 1 - n_used: every pair moves the same way.
    """
    return min(1.0, float(2.0 ** (1 - n_used)))


def _refusal(differences: Floats) -> Refusal | None:
    if differences.size == 0:
        return Refusal("There is no complete pair, so nothing can be ranked.")
    if not np.any(differences):
        return Refusal("Every difference is zero at the reported resolution, so nothing can be ranked.")
    if differences.size > MOST_PAIRS:
        return Refusal(f"{differences.size} pairs are more than the exact test takes ({MOST_PAIRS}).")
    return None


def _ranks_in_use(differences: Floats, zeros: Zeros) -> tuple[Floats, npt.NDArray[np.bool_]]:
    is_moving = differences != 0
    if zeros == "wilcox":
        ranks = average_ranks(np.abs(differences[is_moving]))
    else:
        ranks = average_ranks(np.abs(differences))[is_moving]
    return ranks, differences[is_moving] > 0


def _n_tied(ranks: Floats) -> int:
    _, counts = np.unique(ranks, return_counts=True)
    return int(counts[counts > 1].sum())
