"""What a heap of equal numbers stands for: a limit, its half, or the limit over the square root of 2."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from checks.arithmetic.counts.heaps import Heap
from checks.arithmetic.pairs.decimal_steps import decimal_steps
from checks.result_rows import plain

PUT_IN = {
    1.0: "a limit",
    2.0: "half of a limit of {}",
    math.sqrt(2): "a limit of {} over the square root of 2",
}
"""What is put in for results below a limit, by what it must be multiplied with, in words."""
_MOST_DIGITS = 2
"""Digits of a limit that a method states."""


def limit_behind(heap: Heap, known_limits: Iterable[float]) -> tuple[float | None, str]:
    """Guess which limit a heap stands for.

    Parameters
    ----------
    heap : Heap
        Equal numbers at an end.
    known_limits : iterable of float
        Limits that the file or the catalogue states, in the unit of the heap.

    Returns
    -------
    tuple of float or None, and str
        Limit, None where nothing can be put in for it (0), and what the number is in words.

    Notes
    -----
    A stated limit that fits is taken. Else what was measured lies beyond the limit: of a floor, the half is guessed
    where the next number is at least twice as high and the double is a number of two digits, and so on; a number below
    which the next one follows closely is a limit itself.

    Examples
    --------
    >>> limit_behind(Heap(0.25, 14, 24, 0, 0.52, True, 0.0), [])
    (0.5, 'half of a limit of 0.5')
    >>> limit_behind(Heap(0.35, 14, 24, 0, 0.52, True, 0.0), [])
    (0.5, 'a limit of 0.5 over the square root of 2')
    >>> limit_behind(Heap(1.37, 79, 120, 0, 1.41, True, 0.0), [0.2])
    (1.37, 'a limit')
    """
    if not heap.is_low:
        return heap.value, PUT_IN[1.0]
    if heap.value <= 0:
        return None, "a number put in for results below a limit"
    room = 0.5 / steps.per_unit / heap.value if (steps := decimal_steps(np.array([heap.value]))) else 0.0
    stated = [(one, factor) for one in known_limits for factor in PUT_IN if _is_same(heap.value * factor, one, room)]
    guessed = [(_roundest(heap.value * factor, room), factor) for factor in sorted(PUT_IN, reverse=True)[:-1]]
    for limit, factor in [*stated, *guessed]:
        if limit is not None and (factor == 1.0 or (heap.neighbour is not None and limit <= heap.neighbour)):
            return limit, PUT_IN[factor].format(plain(limit))
    return heap.value, PUT_IN[1.0]


def _roundest(number: float, room: float) -> float | None:
    rounded = (float(f"{number:.{digits}g}") for digits in range(1, _MOST_DIGITS + 1))
    return next((one for one in rounded if _is_same(number, one, room)), None)


def _is_same(number: float, limit: float, room: float) -> bool:
    # A number that was put in has been rounded to the decimals of the others.
    return abs(number / limit - 1) <= room if limit else False
