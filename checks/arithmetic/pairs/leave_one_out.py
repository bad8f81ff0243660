"""Test with each pair left out in turn, which tells whether one subject carries the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.signed_rank import SignedRank, Zeros, signed_rank
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
MOST_PAIRS_LEFT_OUT = 200  # pairs; each costs an exact distribution of its own; no unit


@dataclass(frozen=True, slots=True)
class LeaveOneOut:
    """Two-sided p-values, one for each pair left out, in the order of the pairs."""

    t_p: tuple[float | Refusal, ...]
    """p of the paired t."""
    wilcoxon_exact_p: tuple[float | Refusal, ...]
    """p of the exact signed rank."""


def leave_one_out(differences: Floats, *, scale: float, zeros: Zeros = "wilcox") -> LeaveOneOut | Refusal:
    """Repeat the t and the signed-rank test without each pair in turn.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete pairs, rounded to the reported resolution; finite.
    scale : float
        Largest absolute value that was subtracted, in the same unit.
    zeros : {'wilcox', 'pratt'}
        As in the signed-rank test.

    Returns
    -------
    LeaveOneOut or Refusal
        A refusal below three pairs and beyond 200.
    """
    if differences.size < 3:
        return Refusal(f"Leaving one out needs at least three complete pairs; there are {differences.size}.")
    if differences.size > MOST_PAIRS_LEFT_OUT:
        return Refusal(
            f"{differences.size} pairs are more than are left out one by one ({MOST_PAIRS_LEFT_OUT}): "
            "no single pair of so many carries a result."
        )
    t_p: list[float | Refusal] = []
    ranked_p: list[float | Refusal] = []
    for place in range(differences.size):
        rest = np.delete(differences, place)
        t, ranked = paired_t(rest, scale=scale), signed_rank(rest, zeros=zeros)
        t_p.append(t.p_two if isinstance(t, PairedT) else t)
        ranked_p.append(ranked.p_two if isinstance(ranked, SignedRank) else ranked)
    return LeaveOneOut(tuple(t_p), tuple(ranked_p))
