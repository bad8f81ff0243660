"""Permutation test of two arms: exact where it can be, seeded simulation where not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.decimal_steps import decimal_steps
from checks.arithmetic.pairs.signed_rank import average_ranks
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
MOST_ENUMERATED = 60_000  # ways to label the subjects that are all counted; no unit
MOST_WORK = 30_000_000  # additions up to which the distribution of whole steps is counted; no unit
N_SIMULATED = 99_999  # labellings drawn where neither is possible; no unit
SEED = 20251  # of the simulation: the same data give the same p
_SLACK = 1e-9  # relative, against rounding in sums; no unit


@dataclass(frozen=True, slots=True)
class LabelSwap:
    """Outcome of one permutation test of two arms."""

    n_first: int
    """Subjects of the first arm."""
    n_second: int
    """Subjects of the second arm."""
    total_second: float
    """Sum of the scores of the second arm."""
    p_two: float
    """Two-sided p: twice the smaller tail, at most 1."""
    p_less: float
    """One-sided p for smaller scores in the second arm."""
    p_greater: float
    """One-sided p for larger ones."""
    method: str
    """``exact``, or ``simulated`` with its seed."""

    @property
    def is_exact(self) -> bool:
        """Return whether no labelling was left to chance."""
        return self.method == "exact"


def label_swap(scores: Floats, is_second: Flags) -> LabelSwap | Refusal:
    """Test whether scores have nothing to do with the arm.

    Parameters
    ----------
    scores : ndarray of float, shape (n_subjects,)
        One score a subject: a change, its rank, its sign; finite.
    is_second : ndarray of bool, shape (n_subjects,)
        Who is in the second arm.

    Returns
    -------
    LabelSwap or Refusal
        A refusal where an arm is empty, or all scores are equal.

    Notes
    -----
    Given all scores, every choice of as many subjects for the second arm is equally likely if the arm does nothing,
    however the scores were made from a subject's own results. Scores that are decimals are counted in whole steps,
    arm size by arm size; few labellings are all listed; else 99,999 are drawn, and the observed one is added.

    References
    ----------
    .. [1] Pitman EJG. Significance tests which may be applied to samples from any populations. Suppl J R Stat Soc.
       1937;4(1):119-130. doi:10.2307/2984124
    .. [2] Streitberg B, Roehmel J. Exact distributions for permutation and rank tests. Stat Softw Newsl.
       1986;12(1):10-17.
    """
    n_second = int(is_second.sum())
    if n_second in (0, scores.size):
        return Refusal("One arm has no pair, so there is nothing to compare it with.")
    if np.ptp(scores) == 0:
        return Refusal("All changes are equal, so there is nothing to compare.")
    steps = decimal_steps(scores)
    whole = None if steps is None else np.rint(steps.whole - steps.whole.min()).astype(np.int64)
    total = float(scores[is_second].sum())
    if whole is not None and _work(whole, n_second) <= MOST_WORK:
        return _counted(whole, is_second, total)
    if comb(scores.size, n_second) <= MOST_ENUMERATED:
        sums = np.array([scores[list(chosen)].sum() for chosen in combinations(range(scores.size), n_second)])
        return _listed(sums, scores, is_second, "exact")
    return _simulated(scores, is_second)


def rank_sum(scores: Floats, is_second: Flags) -> LabelSwap | Refusal:
    """Run the Wilcoxon-Mann-Whitney test, conditional on ties.

    Parameters
    ----------
    scores : ndarray of float, shape (n_subjects,)
        Changes, at the reported resolution.
    is_second : ndarray of bool, shape (n_subjects,)
        Who is in the second arm.

    Returns
    -------
    LabelSwap or Refusal
        The permutation test of their mid-ranks.

    References
    ----------
    .. [1] Mann HB, Whitney DR. On a test of whether one of two random variables is stochastically larger than the
       other. Ann Math Stat. 1947;18(1):50-60. doi:10.1214/aoms/1177730491
    """
    return label_swap(average_ranks(scores), is_second) if scores.size else label_swap(scores, is_second)


def _work(whole: npt.NDArray[np.int64], n_second: int) -> float:
    n_chosen = min(n_second, whole.size - n_second)
    return float(whole.size) * n_chosen * (float(np.sort(whole)[-n_chosen:].sum()) + 1)


def _counted(whole: npt.NDArray[np.int64], is_second: Flags, total: float) -> LabelSwap:
    n_second = int(is_second.sum())
    is_chosen = is_second if 2 * n_second <= whole.size else ~is_second
    chances = _chances(whole, int(is_chosen.sum()))
    observed = int(whole[is_chosen].sum())
    below, above = float(chances[: observed + 1].sum()), float(chances[observed:].sum())
    less, greater = (below, above) if is_chosen is is_second else (above, below)
    return _outcome(is_second, total, min(1.0, less), min(1.0, greater), "exact")


def _chances(whole: npt.NDArray[np.int64], n_chosen: int) -> Floats:
    step = int(np.gcd.reduce(whole)) or 1
    steps = whole // step
    most = int(np.sort(steps)[-n_chosen:].sum())
    counts = np.zeros((n_chosen + 1, most + 1))
    counts[0, 0] = 1.0
    for weight in map(int, steps):
        moved = counts[:-1, : most + 1 - weight].copy()
        counts[1:, weight:] += moved
        # Kept as shares of all subsets so far, so that no count leaves the range of a double.
        counts *= 0.5
    chances = np.zeros(most * step + 1)
    chances[::step] = counts[-1] / counts[-1].sum()
    return chances


def _listed(sums: Floats, scores: Floats, is_second: Flags, method: str) -> LabelSwap:
    observed, slack = float(scores[is_second].sum()), _SLACK * float(np.abs(scores).sum())
    less, greater = float((sums <= observed + slack).mean()), float((sums >= observed - slack).mean())
    return _outcome(is_second, observed, less, greater, method)


def _simulated(scores: Floats, is_second: Flags) -> LabelSwap:
    rng = np.random.default_rng(SEED)
    # What was observed counts as one of the labellings, so that p is never 0 (Phipson and Smyth 2010).
    sums = [np.array([scores[is_second].sum()])]
    for _ in range(-(-N_SIMULATED // 9_999)):
        order = rng.permuted(np.tile(scores, (9_999, 1)), axis=1)
        sums.append(order[:, : int(is_second.sum())].sum(axis=1))
    method = f"simulated ({N_SIMULATED} labellings, seed {SEED})"
    return _listed(np.concatenate(sums)[: N_SIMULATED + 1], scores, is_second, method)


def _outcome(is_second: Flags, total: float, less: float, greater: float, method: str) -> LabelSwap:
    n_second = int(is_second.sum())
    p_two = min(1.0, 2 * min(less, greater))
    return LabelSwap(int(is_second.size) - n_second, n_second, total, p_two, less, greater, method)
