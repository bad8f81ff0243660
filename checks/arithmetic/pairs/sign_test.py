"""Sign test: which way the pairs went, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from checks.arithmetic.refusal import Refusal
from checks.arithmetic.smallest_p import above_zero


@dataclass(frozen=True, slots=True)
class SignTest:
    """Outcome of one sign test."""

    n_pos: int
    """Pairs that rose."""
    n_neg: int
    """Pairs that fell."""
    n_tied_or_unknown: int
    """Pairs that did neither, or whose direction censoring hides."""
    p_two: float
    """Two-sided p: twice the smaller binomial tail, at most 1."""
    p_less: float
    """One-sided p for a fall."""
    p_greater: float
    """One-sided p for a rise."""


def sign_test(n_pos: int, n_neg: int, n_tied_or_unknown: int = 0) -> SignTest | Refusal:
    """Test whether rises and falls are equally likely.

    Parameters
    ----------
    n_pos : int
        Pairs that surely rose.
    n_neg : int
        Pairs that surely fell.
    n_tied_or_unknown : int
        Pairs that are left out: no difference, or a direction that censoring hides.

    Returns
    -------
    SignTest or Refusal
        A refusal if no pair has a known direction.

    Examples
    --------
    >>> sign_test(9, 0).p_two
    0.00390625
    """
    n_used = n_pos + n_neg
    if n_used == 0:
        return Refusal("No pair has a known direction, so there is no sign to test.")
    # Whole numbers and a fraction: exact for any number of pairs, with one rounding at the end.
    less, greater = _ways(n_used, n_pos), _ways(n_used, n_neg)
    p_two, p_less, p_greater = (
        above_zero(float(min(Fraction(1), Fraction(ways, 2**n_used))))
        for ways in (2 * min(less, greater), less, greater)
    )
    return SignTest(n_pos, n_neg, n_tied_or_unknown, p_two, p_less, p_greater)


def _ways(n_used: int, most: int) -> int:
    # Each count from the one before: the binomials of thousands of pairs, one by one, would take seconds.
    ways = total = 1
    for k in range(most):
        ways = ways * (n_used - k) // (k + 1)
        total += ways
    return total
