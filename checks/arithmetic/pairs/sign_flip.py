"""Fisher and Pitman's sign-flip test of the mean difference: exact where it can be, seeded simulation where not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.decimal_steps import decimal_steps
from checks.arithmetic.pairs.signed_rank import sign_flip_distribution
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
MOST_ENUMERATED = 20  # pairs whose 2^n sign patterns are all counted; no unit
MOST_UNITS = 200_000  # sum of whole steps up to which the distribution is convolved; no unit
N_SIMULATED = 99_999  # sign patterns drawn where neither is possible; no unit
MOST_SIGNS = 20_000_000  # signs drawn for them in all: beyond 200 pairs it is fewer patterns; no unit
N_FEWEST = 9_999  # patterns that are drawn for any number of pairs; no unit
SEED = 20240  # of the simulation: the same data give the same p
_SLACK = 1e-9  # relative, against rounding in sums of values that may have been stored in single precision; no unit


@dataclass(frozen=True, slots=True)
class SignFlip:
    """Outcome of one sign-flip test of the mean."""

    n_used: int
    """Pairs that are not zero: only their signs are flipped."""
    n_arrangements: int
    """Sign patterns that p rests on."""
    p_two: float
    """Two-sided p: twice the smaller tail, at most 1."""
    p_less: float
    """One-sided p for a fall."""
    p_greater: float
    """One-sided p for a rise."""
    method: str
    """``exact``, or ``simulated`` with its seed."""

    @property
    def is_exact(self) -> bool:
        """Return whether no pattern was left to chance."""
        return self.method == "exact"


def sign_flip(differences: Floats) -> SignFlip | Refusal:
    """Test whether differences are symmetric about zero by their mean.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete pairs, in any one unit; finite. Decimals are counted in whole steps, so that equal sums
        are equal.

    Returns
    -------
    SignFlip or Refusal
        A refusal where there is no pair, or every difference is zero.

    Notes
    -----
    All patterns are counted up to 20 pairs; beyond, the distribution is convolved from whole steps if there are few,
    else 99,999 patterns are drawn, fewer beyond 200 pairs (19,999 for 1,000), and the observed one is added.

    References
    ----------
    .. [1] Pitman EJG. Significance tests which may be applied to samples from any populations. Suppl J R Stat Soc.
       1937;4(1):119-130. doi:10.2307/2984124
    """
    moving = differences[differences != 0]
    if moving.size == 0:
        return Refusal("Every difference is zero, or there is no pair, so there is no sign to flip.")
    steps = decimal_steps(moving)
    sizes = np.abs(moving if steps is None else steps.whole)
    observed = float((sizes * np.sign(moving)).sum())
    if moving.size <= MOST_ENUMERATED:
        sums = _all_sums(sizes)
        return _counted(sums, observed, float(sizes.sum()), int(moving.size), "exact")
    if steps is not None and sizes.sum() <= MOST_UNITS:
        return _convolved(sizes.astype(np.int64), moving > 0)
    return _simulated(sizes, observed)


def _all_sums(sizes: Floats) -> Floats:
    sums = np.zeros(1)
    for size in sizes:
        sums = np.concatenate([sums - size, sums + size])
    return sums


def _counted(sums: Floats, observed: float, scale: float, n_used: int, method: str) -> SignFlip:
    slack = _SLACK * scale
    less, greater = float((sums <= observed + slack).mean()), float((sums >= observed - slack).mean())
    return SignFlip(n_used, int(sums.size), min(1.0, 2 * min(less, greater)), less, greater, method)


def _convolved(sizes: npt.NDArray[np.int64], is_rising: npt.NDArray[np.bool_]) -> SignFlip:
    chances = sign_flip_distribution(sizes)
    observed = int(sizes[is_rising].sum())
    less = min(1.0, float(chances[: observed + 1].sum()))
    greater = min(1.0, float(chances[observed:].sum()))
    return SignFlip(int(sizes.size), 2 ** int(sizes.size), min(1.0, 2 * min(less, greater)), less, greater, "exact")


def _simulated(sizes: Floats, observed: float) -> SignFlip:
    rng = np.random.default_rng(SEED)
    n_drawn = min(N_SIMULATED, max(N_FEWEST, MOST_SIGNS // sizes.size - 1))
    # What was observed counts as one of the patterns, so that p is never 0 (Phipson and Smyth 2010).
    sums = [np.array([observed])]
    for _ in range(-(-n_drawn // 9_999)):
        signs = rng.integers(0, 2, size=(9_999, sizes.size), dtype=np.int8)
        sums.append((2.0 * signs - 1.0) @ sizes)
    drawn = np.concatenate(sums)[: n_drawn + 1]
    method = f"simulated ({n_drawn} sign patterns, seed {SEED})"
    return _counted(drawn, observed, float(sizes.sum()), int(sizes.size), method)
