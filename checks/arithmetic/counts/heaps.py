"""Heaps: far more values at one number near an end than the values beside it explain."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.decimal_steps import decimal_steps

Floats = npt.NDArray[np.float64]
_LATTICE = 1e-6  # relative gap to a multiple that is rounding of the computer; no unit


@dataclass(frozen=True, slots=True)
class HeapLimits:
    """From when on equal values are a heap. The rule ``range.heap`` takes the same from its profile."""

    alpha: float = 1e-4
    """p below which a heap is not put down to chance; Assaygate: one false alarm in ten thousand columns."""
    min_values: float = 10
    """Values from which on a column is judged; Assaygate: four of nine are half a column."""
    min_equal: float = 4
    """Equal values from which on they are a heap; Assaygate: three meet by chance now and then."""
    min_fraction: float = 0.05
    """Share of the values that a heap holds; Assaygate: a limit that cuts off fewer does not move a median."""
    beyond_fraction: float = 0.1
    """Share of the values that may lie beyond it, of another plate or a diluted sample; Assaygate."""
    count_ratio: float = 2
    """How many times as often as any other value but one; Assaygate: values of few digits meet at many numbers."""
    density_ratio: float = 2
    """How much denser values may lie at the heap than beside it; Assaygate: a log-normal curve read in few steps."""


SHIPPED = HeapLimits()


@dataclass(frozen=True, slots=True)
class Heap:
    """Equal values near an end."""

    value: float
    """What they all are."""
    n_equal: int
    """How many."""
    n_values: int
    """Values in all."""
    n_beyond: int
    """Values beyond it."""
    neighbour: float | None
    """Nearest value inwards; None where all values are equal."""
    is_low: bool
    """True for a floor, False for a ceiling."""
    p: float
    """Chance of so many if the values lay as densely as those beside them, with all that is allowed for."""


def heap_at_end(values: Floats, *, is_low: bool, limits: HeapLimits = SHIPPED) -> Heap | None:
    """Find a heap at the low or the high end of a column.

    Parameters
    ----------
    values : ndarray of float, shape (n_values,)
        Numbers as written, finite, none of them censored.
    is_low : bool
        Whether to look at the low end.
    limits : HeapLimits
        From when on equal values are a heap.

    Returns
    -------
    Heap or None
        The heap; None where there is none, or too few values to tell.

    Notes
    -----
    Values are counted in the steps in which they were written: all numbers of a coarse instrument lie on few of them,
    and none of those is a heap. Of the nearest values inwards, as many as the heap holds and at most half of the rest,
    the density in values a step is d1, and d2 that of as many further inwards. A smooth column has at most
    d1 at its end, times what it grows by from there if it goes on as from the second window to the first, times
    ``density_ratio``: so many of the values at the heap and beside it may be at the heap by chance, and p is the
    binomial tail beyond. Where all values are equal there is nothing to compare with, and p is 0.
    """
    column = np.sort(values if is_low else -values)
    if column.size < limits.min_values:
        return None
    distinct, counts = np.unique(column, return_counts=True)
    before = np.cumsum(counts) - counts
    reachable = int((before <= limits.beyond_fraction * column.size).sum())
    place = int(np.argmax(counts[:reachable]))
    n_equal = int(counts[place])
    if n_equal < max(limits.min_equal, limits.min_fraction * column.size):
        return None
    # The most frequent other number may be a heap of its own, at the other end or of another plate.
    others = np.sort(np.delete(counts, place))[:-1]
    if n_equal < limits.count_ratio * others.max(initial=0) or _is_coarse(distinct, place):
        return None
    p = _p_of(distinct[place:], counts[place:], limits.density_ratio)
    if p >= limits.alpha:
        return None
    sign = 1.0 if is_low else -1.0
    inner = float(sign * distinct[place + 1]) if place + 1 < distinct.size else None
    value = float(sign * distinct[place]) + 0.0
    return Heap(value, n_equal, int(column.size), int(before[place]), inner, is_low, p)


def _p_of(distinct: Floats, counts: npt.NDArray[np.int64], density_ratio: float) -> float:
    """Return the chance of the first count, given those behind it."""
    from scipy.special import bdtrc

    n_equal, n_rest = int(counts[0]), int(counts[1:].sum())
    if n_rest == 0:
        return 0.0
    steps = (distinct - distinct[0]) / _step_of(distinct)
    running = np.cumsum(counts[1:])
    wanted = min(n_equal, math.ceil(n_rest / 2))
    near = int(np.searchsorted(running, wanted))
    n_near, width = int(running[near]), float(steps[near + 1])
    density = n_near / width
    far = min(int(np.searchsorted(running, 2 * wanted)), running.size - 1)
    growth = 1.0
    if far > near:
        further = float(steps[far + 1]) - width
        ratio = density * further / float(running[far] - n_near)
        growth = max(1.0, ratio ** ((width + 1) / (width + further)))
    at_end = density_ratio * growth * density
    return float(bdtrc(n_equal - 1, n_equal + n_near, at_end / (at_end + n_near)))


def _is_coarse(distinct: Floats, place: int) -> bool:
    # 0 or 1 in whole numbers, beside 1 or 2 or nothing: rounding alone puts half of a column of small numbers there.
    step = _step_of(distinct)
    neighbour = distinct[place + 1] if place + 1 < distinct.size else distinct[place]
    return bool(abs(distinct[place]) < 1.5 * step and neighbour - distinct[place] < 1.5 * step)


def _step_of(distinct: Floats) -> float:
    # Numbers of another unit lie on multiples of their own step, which is coarser than the last decimal.
    steps = decimal_steps(distinct)
    decimal = 0.0 if steps is None else 1 / steps.per_unit
    if distinct.size < 2:
        return decimal
    gaps = np.diff(distinct)
    smallest = float(gaps.min())
    multiples = gaps / smallest
    is_lattice = np.all(np.abs(multiples - np.rint(multiples)) <= _LATTICE * np.maximum(multiples, 1.0))
    return smallest if is_lattice or not decimal else min(smallest, decimal)
