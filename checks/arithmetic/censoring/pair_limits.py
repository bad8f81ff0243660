"""Limits taken pair by pair: one bound far above the others does not wipe out what lies below it.

What a pair is re-censored at does not change when its two values are swapped, whichever limit each visit has: so its
sign is a fair coin under the null hypothesis, and the exact tests hold their size.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues, Recensored

Floats = npt.NDArray[np.float64]


def recensor_in_pairs(before: CensoredValues, after: CensoredValues) -> Recensored:
    """Re-censor the two values of each pair at the limits that may have been in force for it.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,).
    after : CensoredValues
        Second values, in the same unit and order.

    Returns
    -------
    Recensored
        Pairs; the limits stand in it where one and the same holds for every value, and are None where they differ.

    Notes
    -----
    A pair stands at its own bound, or at the highest bound among all pairs that its larger value reaches, whichever is
    higher; above a bound likewise. A pair whose direction is not known becomes a zero difference, one that says only
    'more than' gets the smallest difference that it can have. Where all bounds are equal and nothing lies below them,
    this is re-censoring at the highest limit in force.
    """
    floor = _floor(before, after)
    ceiling = -_floor(_mirrored(before), _mirrored(after))
    lower, upper = _one_limit(before, after), _one_limit(_mirrored(before), _mirrored(after))
    return Recensored(
        before=np.clip(before.number, floor, ceiling),
        after=np.clip(after.number, floor, ceiling),
        lower_limit=lower,
        upper_limit=None if upper is None else -upper,
    )


def n_hidden_by_one_limit(before: CensoredValues, after: CensoredValues) -> int:
    """Count the measured values that re-censoring at one limit would hide.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,).
    after : CensoredValues
        Second values, in the same unit and order.

    Returns
    -------
    int
        Values below the highest bound ``<`` or above the lowest bound ``>``.
    """
    return sum(_n_measured_below(*side) for side in ((before, after), (_mirrored(before), _mirrored(after))))


def _floor(before: CensoredValues, after: CensoredValues) -> Floats:
    bounds = _bounds(before, after)
    own = np.maximum(_bound_or_nothing(before), _bound_or_nothing(after))
    if bounds.size == 0:
        return own
    larger = np.maximum(_known(before), _known(after))
    place = np.searchsorted(bounds, larger, side="right")
    reached = np.where(place > 0, bounds[np.maximum(place - 1, 0)], -np.inf)
    return np.asarray(np.maximum(own, reached), dtype=np.float64)


def _bounds(before: CensoredValues, after: CensoredValues) -> Floats:
    return np.unique(np.concatenate([before.number[before.is_below], after.number[after.is_below]]))


def _bound_or_nothing(values: CensoredValues) -> Floats:
    return np.where(values.is_below, values.number, -np.inf)


def _known(values: CensoredValues) -> Floats:
    # The least that a value can be: nothing is known of one below its limit.
    return np.where(values.is_below, -np.inf, values.number)


def _mirrored(values: CensoredValues) -> CensoredValues:
    return CensoredValues(-values.number, values.is_above, values.is_below)


def _one_limit(before: CensoredValues, after: CensoredValues) -> float | None:
    bounds = _bounds(before, after)
    return float(bounds[0]) if bounds.size == 1 and not _n_measured_below(before, after) else None


def _n_measured_below(before: CensoredValues, after: CensoredValues) -> int:
    bounds = _bounds(before, after)
    if bounds.size == 0:
        return 0
    return sum(int(((visit.number < bounds[-1]) & ~visit.is_censored).sum()) for visit in (before, after))
