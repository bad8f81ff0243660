"""The smallest p that is told: what this machine cannot count down to is no certainty."""

from __future__ import annotations

import sys


def above_zero(p: float) -> float:
    """Return a p that is above zero.

    Parameters
    ----------
    p : float
        0 to 1; 0 where it is smaller than any number of this machine.

    Returns
    -------
    float
        The same p, or the smallest number of full precision (2.2e-308): the true p is smaller still.

    Examples
    --------
    >>> above_zero(0.25), above_zero(0.0) > 0
    (0.25, True)
    """
    return max(p, sys.float_info.min)
