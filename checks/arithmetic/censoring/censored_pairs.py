"""Pairs in which a value is known only as below or above a limit.

Nothing is deleted and, but for the sensitivity figures that say so, nothing is invented: what is unknown stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.sign_test import SignTest, sign_test
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CensoredValues:
    """Values of one visit, some of them only limits."""

    number: Floats
    """The value, or the limit where it is censored; finite, shape (n_pairs,)."""
    is_below: Flags
    """True where the result says ``<number``."""
    is_above: Flags
    """True where the result says ``>number``."""
    lower: Floats | None = None
    """What a value ``<number`` is known to lie above, as one that was detected and not quantified: shape (n_pairs,),
    minus infinity where nothing is known; None means nowhere."""

    @property
    def is_censored(self) -> Flags:
        """Return where the value is only a limit."""
        return np.asarray(self.is_below | self.is_above, dtype=np.bool_)

    @property
    def least(self) -> Floats:
        """Return the least that each value can be."""
        nothing = np.full(self.number.size, -np.inf) if self.lower is None else self.lower
        return np.where(self.is_below, nothing, self.number)

    @property
    def most(self) -> Floats:
        """Return the most that each value can be."""
        return np.where(self.is_above, np.inf, self.number)

    def only(self, is_kept: Flags) -> CensoredValues:
        """Return some of the values.

        Parameters
        ----------
        is_kept : ndarray of bool, shape (n_pairs,)
            Which.

        Returns
        -------
        CensoredValues
            Those values.
        """
        lower = None if self.lower is None else self.lower[is_kept]
        return CensoredValues(self.number[is_kept], self.is_below[is_kept], self.is_above[is_kept], lower)

    def moved(self, shift: Floats | float) -> CensoredValues:
        """Return the values with their bounds, moved up.

        Parameters
        ----------
        shift : float or ndarray of float, shape (n_pairs,)
            By how much, in the unit of the values.

        Returns
        -------
        CensoredValues
            Moved values.
        """
        lower = None if self.lower is None else self.lower + shift
        return CensoredValues(self.number + shift, self.is_below, self.is_above, lower)


@dataclass(frozen=True, slots=True)
class Recensored:
    """Pairs after everything was re-censored at the limits in force."""

    before: Floats
    """First values; what lies at or below the lower limit stands at that limit, above likewise."""
    after: Floats
    """Second values, treated alike."""
    lower_limit: float | None
    """Highest limit of a value ``<``, in the unit of the values; None where there is none."""
    upper_limit: float | None
    """Lowest limit of a value ``>``; None where there is none."""


def measured(numbers: Floats) -> CensoredValues:
    """Return values without any censoring.

    Parameters
    ----------
    numbers : ndarray of float, shape (n_pairs,)
        Measured values; finite.

    Returns
    -------
    CensoredValues
        The same numbers, none of them a limit.
    """
    nowhere = np.zeros(numbers.size, dtype=np.bool_)
    return CensoredValues(numbers, nowhere, nowhere)


def recensor(before: CensoredValues, after: CensoredValues) -> Recensored | Refusal:
    """Re-censor all values at the highest lower limit, and the lowest upper limit, that occurs among the pairs.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,).
    after : CensoredValues
        Second values, in the same unit and order.

    Returns
    -------
    Recensored or Refusal
        A refusal if the lower limit is not below the upper one: then no value would be left.

    Notes
    -----
    Two values below the limit become equal: a zero difference. A value below and one above it differ by their distance
    from the limit, so ranks are valid and no spacing below the limit is invented; the size of the shift is understated.

    References
    ----------
    .. [1] Helsel DR. Statistics for Censored Environmental Data Using Minitab and R. 2nd ed. Wiley; 2012.
    """
    lowers = np.concatenate([visit.number[visit.is_below] for visit in (before, after)])
    uppers = np.concatenate([visit.number[visit.is_above] for visit in (before, after)])
    lower = float(lowers.max()) if lowers.size else None
    upper = float(uppers.min()) if uppers.size else None
    if lower is not None and upper is not None and lower >= upper:
        return Refusal(f"The limit '<{lower:g}' is not below the limit '>{upper:g}', so no value is left to rank.")
    floor, ceiling = -np.inf if lower is None else lower, np.inf if upper is None else upper
    return Recensored(
        before=np.clip(before.number, floor, ceiling),
        after=np.clip(after.number, floor, ceiling),
        lower_limit=lower,
        upper_limit=upper,
    )


def censored_signs(before: CensoredValues, after: CensoredValues, differences: Floats) -> SignTest | Refusal:
    """Run the sign test on the pairs whose direction is certain.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,).
    after : CensoredValues
        Second values, in the same unit and order.
    differences : ndarray of float, shape (n_pairs,)
        After minus before, rounded to the reported resolution; read only where both values are measured.

    Returns
    -------
    SignTest or Refusal
        Pairs below on both sides, and pairs whose measured value lies under the other's limit, have no direction.
    """
    is_open = before.is_censored | after.is_censored
    rises = np.where(is_open, _is_certain_rise(before, after), differences > 0)
    falls = np.where(is_open, _is_certain_rise(after, before), differences < 0)
    n_pos, n_neg = int(rises.sum()), int(falls.sum())
    return sign_test(n_pos, n_neg, int(differences.size) - n_pos - n_neg)


def substitute(values: CensoredValues, factor: float) -> Floats:
    """Put a fraction of the limit where a value is below it: for sensitivity only.

    Parameters
    ----------
    values : CensoredValues
        Values of one visit; none may be above an upper limit.
    factor : float
        What the limit is multiplied with, 0 to 1: 1, 1/2 or 1/sqrt 2.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Numbers, some of them invented: substitution makes ties and shrinks the variance.

    Raises
    ------
    ValueError
        If a value is above an upper limit: no fraction says anything about it.
    """
    if values.is_above.any():
        raise ValueError("A value above its limit cannot be substituted by a fraction of the limit.")
    return np.where(values.is_below, values.number * factor, values.number)


def _is_certain_rise(low: CensoredValues, high: CensoredValues) -> Flags:
    return np.asarray((high.least >= low.most) & (low.is_censored | high.is_censored), dtype=np.bool_)
