"""Seek better optima of the curves that the first descent left in doubt.

A 5PL may have an optimum at each of several asymmetries, and one whose asymmetry grows without end has none that is
reached in finite steps: such curves are sought from every asymmetry, and from further out along the way they run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.arithmetic.curves.four_pl import Floats
from checks.arithmetic.curves.four_pl_asymmetry import is_determined
from checks.arithmetic.curves.four_pl_descent import Problem, descend
from checks.arithmetic.curves.four_pl_start import ASYMMETRIES, best_starts, further_out, starts

Solution = tuple[Floats, Floats, Floats]
"""Internal parameters, weighted RSS and gradient cosine of each curve."""
_OUTWARD = (4.0, 12.0)
"""How much further out, in log g, a curve whose asymmetry grows without end is looked for."""
_SCREEN_STEPS = 40
_PATIENT_STEPS = 250
_SAME = 1e-12
"""Relative difference of two weighted RSS that is rounding."""


def grid_of(part: Problem, asymmetries: Sequence[float] = ASYMMETRIES) -> list[Floats]:
    """Return the grid of start values of a problem.

    Parameters
    ----------
    part : Problem
        The curves.
    asymmetries : sequence of float
        Asymmetries of a 5PL, above 0, without unit.

    Returns
    -------
    list of ndarray of float, shape (n_curves, n_params + 1)
        Start values with their weighted RSS.
    """
    rows = (part.log_x, part.signal, part.root_weight, part.direction)
    return starts(*rows, n_params=part.n_params, asymmetries=asymmetries)


def seek(part: Problem, found: Solution) -> Solution:
    """Return the best of what many starts and more steps reach.

    Parameters
    ----------
    part : Problem
        The curves in doubt.
    found : Solution
        What the first descent found for them.

    Returns
    -------
    Solution
        Nowhere worse than what was found.
    """
    if part.n_params == 4:
        return _better(found, _patient(part, [found[0], best_starts(grid_of(part))]))
    begun = [found[0], *(best_starts(grid_of(part, (g,))) for g in ASYMMETRIES)]
    best = _better(found, _patient(part, begun))
    far = np.flatnonzero((best[0][:, 4] > 0) & ~is_determined(best[0]))
    if far.size:
        here, own = (best[0][far], best[1][far], best[2][far]), part.at(far)
        outward = [further_out(here[0], own.direction, step) for step in _OUTWARD]
        for place, value in zip(best, _better(here, _patient(own, outward)), strict=True):
            place[far] = value
    return best


def _patient(part: Problem, begun: list[Floats]) -> Solution:
    """Return what many steps reach from the start that is best after a few."""
    n_curves = len(part.direction)
    tiled = part.at(np.tile(np.arange(n_curves), len(begun)))
    screened = descend(tiled, np.concatenate(begun), max_steps=_SCREEN_STEPS)
    wrss = np.where(np.isnan(screened[1]), np.inf, screened[1]).reshape(len(begun), n_curves)
    best = screened[0].reshape(len(begun), n_curves, -1)[wrss.argmin(0), np.arange(n_curves)]
    return descend(part, best, max_steps=_PATIENT_STEPS)


def _better(found: Solution, other: Solution) -> Solution:
    """Return of each curve the solution of the smaller weighted RSS; of equal ones that nearer to an optimum."""
    is_same = np.abs(other[1] - found[1]) <= _SAME * found[1]
    is_better = np.where(is_same, other[2] < found[2], other[1] < found[1])
    is_better |= np.isnan(found[1]) & np.isfinite(other[1])
    return (
        np.where(is_better[:, None], other[0], found[0]),
        np.where(is_better, other[1], found[1]),
        np.where(is_better, other[2], found[2]),
    )
