"""Reference limits by ranks where some values are only bounds: a centile is told where no bound can move it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from checks.arithmetic.reference.reference_ranks import RankInterval, Ranks, rank_interval, rank_limits
from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_ENDS = {
    "lower": "The 2.5th centile",
    "upper": "The 97.5th centile",
    "lower_rounded_rank": "The value at the rank nearest to the 2.5th centile",
    "upper_rounded_rank": "The value at the rank nearest to the 97.5th centile",
    "lower_lo": "The lower end of the interval of the 2.5th centile",
    "lower_hi": "The upper end of the interval of the 2.5th centile",
    "upper_lo": "The lower end of the interval of the 97.5th centile",
    "upper_hi": "The upper end of the interval of the 97.5th centile",
}


@dataclass(frozen=True, slots=True)
class BoundedRanks:
    """As :class:`Ranks`; a limit whose rank a bound can reach is a refusal."""

    lower: float | Refusal
    """2.5th centile."""
    upper: float | Refusal
    """97.5th centile."""
    lower_rounded_rank: float | Refusal
    """Value at the rank nearest to the 2.5th centile."""
    upper_rounded_rank: float | Refusal
    """Value at the rank nearest to the 97.5th centile."""


@dataclass(frozen=True, slots=True)
class BoundedInterval:
    """As :class:`RankInterval`; an end whose rank a bound can reach is a refusal."""

    r_lo: int
    """Rank of the lower end."""
    r_hi: int
    """Rank of the upper end."""
    lower_lo: float | Refusal
    """Lower end of the interval of the 2.5th centile."""
    lower_hi: float | Refusal
    """Upper end of it."""
    upper_lo: float | Refusal
    """Lower end of the interval of the 97.5th centile."""
    upper_hi: float | Refusal
    """Upper end of it."""
    coverage: float
    """Level that the intervals have, 0 to 1."""
    in_clsi_table: bool
    """Whether the ranks stand in the table of the guideline."""


@dataclass(frozen=True, slots=True)
class BoundedValues:
    """Values of reference individuals of which some are only known to lie below or above a bound."""

    least: Floats
    """Smallest number that each may be: the value, the bound of ``>``, or minus infinity for ``<``."""
    most: Floats
    """Largest number that each may be: the value, the bound of ``<``, or infinity for ``>``."""

    @property
    def n_below(self) -> int:
        """Return how many are known to lie below a bound."""
        return int(np.isneginf(self.least).sum())

    @property
    def n_above(self) -> int:
        """Return how many are known to lie above a bound."""
        return int(np.isposinf(self.most).sum())


def bounded_limits(values: BoundedValues) -> BoundedRanks | Refusal:
    """Return the non-parametric reference limits of values that are partly bounds.

    Parameters
    ----------
    values : BoundedValues
        In any one unit, without NaN.

    Returns
    -------
    BoundedRanks or Refusal
        A limit whose rank a bound can reach is a refusal that says on which side of which
        number it lies. All is refused below 39 values.

    Notes
    -----
    The order statistic of rank k lies between the k-th of the smallest and the k-th of the largest numbers that the
    values may be. Where the two agree it is known, whatever stands behind the bounds: nothing is put in their place.

    References
    ----------
    .. [1] CLSI EP28-A3c (2010): limits by ranks need the order of the values alone.
    .. [2] Helsel DR. Statistics for Censored Environmental Data. 2nd ed. 2012, chapter 6: percentiles above the highest
       reporting limit do not depend on what lies below it.
    """
    known = _both(rank_limits(values.least), rank_limits(values.most), values)
    return known if isinstance(known, Refusal) else BoundedRanks(**known)


def bounded_interval(values: BoundedValues) -> BoundedInterval | Refusal:
    """Return the 90 percent confidence intervals of the limits of values that are partly bounds.

    Parameters
    ----------
    values : BoundedValues
        In any one unit, without NaN.

    Returns
    -------
    BoundedInterval or Refusal
        An end whose rank a bound can reach is a refusal. All is refused below 119
        values.
    """
    known = _both(rank_interval(values.least), rank_interval(values.most), values)
    return known if isinstance(known, Refusal) else BoundedInterval(**known)


def _both(
    at_least: Ranks | RankInterval | Refusal, at_most: Ranks | RankInterval | Refusal, values: BoundedValues
) -> dict[str, Any] | Refusal:  # Any: numbers, flags and refusals by name of field
    if isinstance(at_least, Refusal):
        return at_least
    if isinstance(at_most, Refusal):
        return at_most
    lows, highs = asdict(at_least), asdict(at_most)
    return {
        name: low
        if name not in _ENDS or low == highs[name]
        else Refusal(_sentence(_ENDS[name], low, highs[name], values))
        for name, low in lows.items()
    }


def _sentence(what: str, low: float, high: float, values: BoundedValues) -> str:
    sides = [f"{values.n_below} below" if values.n_below else "", f"{values.n_above} above" if values.n_above else ""]
    counted = " and ".join(side for side in sides if side)
    where = [
        f"at or above {low:g}" if math.isfinite(low) else "",
        f"at or below {high:g}" if math.isfinite(high) else "",
    ]
    place = " and ".join(side for side in where if side) or "nowhere that can be told"
    return f"{what} lies {place}: its rank is among the values known only by a bound ({counted} their limits)."
