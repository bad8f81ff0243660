"""Seek better optima of the curves that the first descent left in doubt.

A 5PL whose asymmetry runs away has many local optima and none that is reached in finite steps: such curves are sought
from every asymmetry, from further out along the way they run, and from lines that break off between two levels.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.arithmetic.four_pl import Floats
from checks.arithmetic.four_pl_asymmetry import is_determined
from checks.arithmetic.four_pl_descent import Problem, descend
from checks.arithmetic.four_pl_start import ASYMMETRIES, MIDPOINTS, SLOPES, best_starts, further_out, starts

Solution = tuple[Floats, Floats, Floats]
"""Internal parameters, weighted RSS and gradient cosine of each curve."""
_WIDE_ASYMMETRIES = (0.1, 0.4, 1.0, 2.5, 10.0)
"""Asymmetries from each of which a doubtful 5PL is tried again, without unit."""
_OUTWARD = ((4.0, 0.0), (12.0, 0.0))
"""How much further out, in log g and in log distance of the asymptotes, a curve that runs away is looked for."""
_OUTWARD_TO_ZERO = ((0.0, 0.5), (0.0, 1.5), (2.0, 3.0))
"""The same for a curve whose asymmetry shrinks, beside the others."""
_BROKEN_ASYMMETRY = 0.02
"""Asymmetry of a start that is nearly a power of the dose which breaks off, without unit."""
_BREAKS = tuple(place / 14 for place in range(3, 15))
"""Where it breaks off, as fractions of the range of log dose: two between neighbours of eight levels."""
_SCREEN_STEPS = 40
_PATIENT_STEPS = 250
_SAME = 1e-12
"""Relative difference of two weighted RSS that is rounding."""


def grid_of(
    part: Problem,
    *,
    slopes: Sequence[float] = SLOPES,
    midpoints: Sequence[float] = MIDPOINTS,
    asymmetries: Sequence[float] = ASYMMETRIES,
) -> list[Floats]:
    """Return the grid of start values of a problem.

    Parameters
    ----------
    part : Problem
        The curves.
    slopes, midpoints, asymmetries : sequence of float
        The grid; see :func:`checks.arithmetic.four_pl_start.starts`.

    Returns
    -------
    list of ndarray of float, shape (n_curves, n_params + 1)
        Start values with their weighted RSS.
    """
    rows = (part.log_x, part.signal, part.root_weight, part.direction)
    return starts(*rows, n_params=part.n_params, slopes=slopes, midpoints=midpoints, asymmetries=asymmetries)


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
    begun = [found[0], *(best_starts(grid_of(part, asymmetries=(g,))) for g in _WIDE_ASYMMETRIES)]
    best = _better(found, _patient(part, begun))
    log_g = best[0][:, 4]
    for is_far, seen in ((log_g > 0, _outward), (log_g <= 0, _towards_zero)):
        far = np.flatnonzero(is_far & ~is_determined(best[0]))
        if far.size:
            here = best[0][far], best[1][far], best[2][far]
            better = _better(here, _patient(part.at(far), seen(part.at(far), here[0])))
            for place, value in zip(best, better, strict=True):
                place[far] = value
    return best


def _outward(part: Problem, theta: Floats) -> list[Floats]:
    return [further_out(theta, part.direction, *step) for step in _OUTWARD]


def _towards_zero(part: Problem, theta: Floats) -> list[Floats]:
    """Return starts further out, and a power of the dose that breaks off at each of several places."""
    slopes = tuple(slope / _BROKEN_ASYMMETRY for slope in SLOPES)
    grids = [grid_of(part, slopes=slopes, midpoints=(place,), asymmetries=(_BROKEN_ASYMMETRY,)) for place in _BREAKS]
    further = [further_out(theta, part.direction, *step) for step in _OUTWARD + _OUTWARD_TO_ZERO]
    return further + [best_starts(grid) for grid in grids]


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
