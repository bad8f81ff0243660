"""Shift of pairs with bounds, and its interval: the shifts that the test itself does not reject.

Test and interval rest on the same pairs and the same calculation, so that the interval leaves out zero exactly where
the two-sided p is below one minus its level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import erfc, floor, log10, sqrt

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.arithmetic.censoring.pair_limits import recensor_in_pairs
from checks.arithmetic.censoring.prentice_wilcoxon import score_rises
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann
from checks.arithmetic.pairs.sign_flip import MOST_ENUMERATED, SignFlip, sign_flip
from checks.arithmetic.pairs.signed_rank import SignedRank, Zeros, average_ranks, signed_rank
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Differences = Callable[[CensoredValues, CensoredValues], Floats]
N_HALVINGS = 34  # of the range of the values, to ten digits of it; no unit
DIGITS = 9  # significant digits, of the largest value, that a limit of the interval keeps; no unit
MOST_RANKED = 100  # moving pairs up to which each shift is tested exactly, beyond by the normal approximation; no unit
WORST_LEVEL = 0.5  # an end that leaves more than this beyond it is open; no unit
_SLACK = 1e-9  # against rounding in sums of scores; no unit


@dataclass(frozen=True, slots=True)
class ShiftedPairs:
    """Pairs, and how they are tested once the second values are shifted."""

    before: CensoredValues
    """First values."""
    after: CensoredValues
    """Second values."""
    differences: Differences
    """Differences, or rises of the scores, of pairs."""
    weights: Callable[[Floats], Floats]
    """What each of them counts: the sum is 0 where nothing changed."""
    p: Callable[[Floats], float]
    """Two-sided p of them."""
    p_unshifted: float
    """That p without a shift."""
    moves: Floats | float = 1.0
    """Share of the shift that each second value takes part in: 1 for those that are shifted, 0 for the others."""

    def at(self, shift: float) -> Floats:
        """Return the differences, or rises of the scores, without the shift.

        Parameters
        ----------
        shift : float
            By how much the second values are moved down, in their unit.

        Returns
        -------
        ndarray of float, shape (n_pairs,)
            Differences or rises.
        """
        return self.differences(self.before, self.after.moved(-shift * self.moves))

    def direction_at(self, shift: float) -> float:
        """Return by how much rises outweigh falls.

        Parameters
        ----------
        shift : float
            By how much the second values are moved down, in their unit.

        Returns
        -------
        float
            Above 0 where they do.
        """
        return float(self.weights(self.at(shift)).sum())

    def p_at(self, shift: float) -> float:
        """Return the two-sided p of the shift.

        Parameters
        ----------
        shift : float
            By how much the second values are moved down, in their unit.

        Returns
        -------
        float
            p, 0 to 1.
        """
        return self.p_unshifted if shift == 0 else self.p(self.at(shift))


def ranked_shift(
    before: CensoredValues, after: CensoredValues, tested: SignedRank, *, conf: float = 0.95
) -> HodgesLehmann | Refusal:
    """Estimate the shift that the signed-rank test of pairs with their own limits rejects least.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,).
    after : CensoredValues
        Second values, in the same unit and order.
    tested : SignedRank
        The test of these pairs without a shift.
    conf : float
        Level asked for, above 0 and below 1.

    Returns
    -------
    HodgesLehmann or Refusal
        Without bounds the Hodges-Lehmann shift. A refusal where the bounds leave an end of the interval open.

    Notes
    -----
    Shifted are the second values with their limits. A bound enters as a bound: it counts for every shift that it
    excludes, with the smallest difference that it allows, and not at all for the others.
    """
    steps = partial(_moved, numbers=np.concatenate([before.number, after.number]))
    p = partial(_p_of_ranks, zeros=tested.zeros)
    return inverted(ShiftedPairs(before, after, steps, _signed_ranks, p, tested.p_two), conf)


def scored_shift(
    before: CensoredValues, after: CensoredValues, tested: SignFlip, *, conf: float = 0.95
) -> HodgesLehmann | Refusal:
    """Estimate the shift that the paired Prentice-Wilcoxon test rejects least.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,); none above an upper limit.
    after : CensoredValues
        Second values, in the same unit and order.
    tested : SignFlip
        The test of these pairs without a shift.
    conf : float
        Level asked for, above 0 and below 1.

    Returns
    -------
    HodgesLehmann or Refusal
        A refusal where the bounds leave an end of the interval open.
    """
    return inverted(ShiftedPairs(before, after, score_rises, np.asarray, _p_of_scores, tested.p_two), conf)


def inverted(pairs: ShiftedPairs, conf: float) -> HodgesLehmann | Refusal:
    """Return the shift that a test rejects least, and those that it does not reject.

    Parameters
    ----------
    pairs : ShiftedPairs
        Pairs and their test.
    conf : float
        Level asked for, above 0 and below 1.

    Returns
    -------
    HodgesLehmann or Refusal
        A refusal where the bounds leave an end of the interval open.
    """
    numbers = np.concatenate([pairs.before.number, pairs.after.number])
    # Changes of two groups can lie twice as far apart as the values do.
    far, alpha = 2 * float(np.ptp(numbers)) + 1.0, 1 - conf
    estimate = (_crossing(pairs, far, _SLACK) + _crossing(pairs, far, -_SLACK)) / 2
    is_rejected = pairs.p_at(0.0) < alpha
    inside = (estimate, estimate) if is_rejected else (min(estimate, 0.0), max(estimate, 0.0))
    low = _end(pairs, alpha, 0.0 if is_rejected and estimate > 0 else -far, inside[0])
    high = _end(pairs, alpha, 0.0 if is_rejected and estimate < 0 else far, inside[1])
    beyond = max(pairs.p_at(low[0]), pairs.p_at(high[0]))
    if beyond >= WORST_LEVEL:
        return Refusal("The bounds leave one end of the interval open, so there is no shift to give.")
    digits = DIGITS - floor(log10(float(np.abs(numbers).max()) or 1.0))
    ends = (round(estimate, digits), round(low[1], digits), round(high[1], digits))
    return HodgesLehmann(*ends, conf_achieved=1 - beyond, is_attainable=beyond < alpha)


def _crossing(pairs: ShiftedPairs, far: float, slack: float) -> float:
    low, high = -far, far
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        if pairs.direction_at(middle) > slack:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _end(pairs: ShiftedPairs, alpha: float, outside: float, inside: float) -> tuple[float, float]:
    # A shift just beyond the end, and the end. Where the farthest shift is not rejected the end is the last one at
    # which anything changes.
    farthest = pairs.p_at(outside)
    level = alpha if farthest < alpha else np.nextafter(farthest, 2.0)
    for _ in range(N_HALVINGS):
        middle = (outside + inside) / 2
        if pairs.p_at(middle) < level:
            outside = middle
        else:
            inside = middle
    return outside, (outside + inside) / 2


def _moved(before: CensoredValues, after: CensoredValues, numbers: Floats) -> Floats:
    pairs = recensor_in_pairs(before, after)
    return without_noise(pairs.after - pairs.before, numbers)


def without_noise(differences: Floats, numbers: Floats) -> Floats:
    """Round differences to what the numbers hold: equal ones stay ties after a shift that no decimal can hold.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences after a shift.
    numbers : ndarray of float
        Values that they come from.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Rounded differences.
    """
    scale = float(np.abs(numbers).max(initial=0.0)) or 1.0
    return np.asarray(np.round(differences, 11 - floor(log10(scale))) + 0.0, dtype=np.float64)


def _signed_ranks(differences: Floats) -> Floats:
    return average_ranks(np.abs(differences)) * np.sign(differences)


def _p_of_ranks(differences: Floats, zeros: Zeros) -> float:
    if int(np.count_nonzero(differences)) > MOST_RANKED:
        return _p_of_sum(_signed_ranks(differences))
    tested = signed_rank(differences, zeros=zeros)
    return 1.0 if isinstance(tested, Refusal) else tested.p_two


def _p_of_scores(rises: Floats) -> float:
    if int(np.count_nonzero(rises)) > MOST_ENUMERATED:
        return _p_of_sum(rises)
    tested = sign_flip(rises)
    return 1.0 if isinstance(tested, Refusal) else tested.p_two


def _p_of_sum(weights: Floats) -> float:
    return erfc(abs(float(weights.sum())) / sqrt(2 * float((weights**2).sum())))
