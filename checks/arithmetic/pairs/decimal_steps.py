"""Numbers of a laboratory as what they are: decimals, whole counts of one small step.

In binary 0.3 - 0.2 and 0.2 - 0.1 differ in the last bit. Counted in steps of 0.1 they are both 1: differences, ties,
zeros and sums are exact. The decimals are those of the shortest text that gives the number back: what was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_DECIMALS = 15  # digits after the point that a step may have: more are the digits of a calculation; no unit
MOST_STEPS = 2.0**50  # whole numbers up to which the sum of two, and half of it, is exact in a double; no unit
_DIGITS = 60  # digits of the slow way, three times those of two doubles of one study; no unit


@dataclass(frozen=True, slots=True)
class DecimalSteps:
    """Values as whole numbers of one step."""

    whole: Floats
    """How many steps each value is, of the shape of the values."""
    per_unit: float
    """Steps that make 1: a power of ten."""


def decimal_steps(values: Floats) -> DecimalSteps | None:
    """Count values in the coarsest step of 1, 0.1, 0.01, ... that writes all of them.

    Parameters
    ----------
    values : ndarray of float
        Finite values, of any shape.

    Returns
    -------
    DecimalSteps or None
        None where a value has more than 15 decimals, or so many digits that a double cannot count its steps.
    """
    largest = float(np.abs(values).max(initial=0.0))
    for decimals in range(MOST_DECIMALS + 1):
        per_unit = 10.0**decimals
        if largest * per_unit > MOST_STEPS:
            return None
        n_steps = np.rint(values * per_unit)
        # A whole number over a power of ten is the double next to that decimal: what its text is read as.
        if np.array_equal(n_steps / per_unit, values):
            return DecimalSteps(n_steps + 0.0, per_unit)
    return None


def subtract_as_written(before: Floats, after: Floats) -> Floats:
    """Return after minus before as the doubles that are nearest to the differences of the written decimals.

    Parameters
    ----------
    before : ndarray of float, shape (n_pairs,)
        First values; finite.
    after : ndarray of float, shape (n_pairs,)
        Second values, in the same unit and order; finite.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Differences: equal where the decimals differ by as much, and 0 where they are equal.
    """
    steps = decimal_steps(np.concatenate([before, after]))
    if steps is not None:
        return (steps.whole[before.size :] - steps.whole[: before.size]) / steps.per_unit + 0.0
    with localcontext() as context:
        context.prec = _DIGITS
        pairs = zip(before.tolist(), after.tolist(), strict=True)
        return np.array([float(Decimal(repr(b)) - Decimal(repr(a))) for a, b in pairs], dtype=np.float64)


def rounded_as_written(values: Floats, decimals: int) -> Floats:
    """Round decimals as they are written, halves to the even digit.

    Parameters
    ----------
    values : ndarray of float
        Finite values, of any shape.
    decimals : int
        Digits after the point; below 0 for tens, hundreds and so on.

    Returns
    -------
    ndarray of float
        Rounded values; a zero is +0. 1.015 becomes 1.02, although its double lies below the half.
    """
    steps = decimal_steps(values)
    if steps is None or decimals < 0 or steps.per_unit <= 10.0**decimals:
        return np.asarray(np.round(values, decimals) + 0.0, dtype=np.float64)
    per_unit = 10.0**decimals
    return np.asarray(np.rint(steps.whole / (steps.per_unit / per_unit)) / per_unit + 0.0, dtype=np.float64)


def mean_as_written(values: Floats) -> float:
    """Return the mean of decimals, exactly 0 where they cancel out.

    Parameters
    ----------
    values : ndarray of float, shape (n_pairs,)
        Finite values, at least one.

    Returns
    -------
    float
        Mean, in the unit of the values.
    """
    steps = decimal_steps(values)
    return float(values.mean()) if steps is None else float(steps.whole.mean() / steps.per_unit)
