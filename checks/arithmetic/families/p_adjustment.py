"""Adjust p-values in ascending order and put them back in their places; tests that were not made stay out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def adjusted(p_values: Sequence[float | None], step: Callable[[Floats], Floats]) -> list[float | None]:
    """Adjust the p-values of the tests that were made, and leave the others out of the family.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made: it never counts in the family.
    step : callable
        Adjusts p-values in ascending order.

    Returns
    -------
    list of float or None
        Adjusted p-values in the order of ``p_values``, None where no test was made.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.
    """
    tested_indices = [place for place, p in enumerate(p_values) if p is not None and not math.isnan(p)]
    tested = np.array([p_values[place] for place in tested_indices], dtype=np.float64)
    if np.any((tested < 0) | (tested > 1)):
        raise ValueError("A p-value lies outside 0 to 1.")
    adjusted_p_values: list[float | None] = [None] * len(p_values)
    order = np.argsort(tested, kind="stable")
    for place, p in zip(order, step(tested[order]), strict=True):
        adjusted_p_values[tested_indices[place]] = float(p)
    return adjusted_p_values
