"""Solve many logistic curves: from the best grid point first, from others and for longer where that leaves doubt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.four_pl import Floats
from checks.arithmetic.four_pl_descent import Problem, descend
from checks.arithmetic.four_pl_optimum import COSINE_LIMIT
from checks.arithmetic.four_pl_start import ranked_starts, starts

ASYMMETRY_BOUNDS = (0.1, 10.0)
"""Asymmetries of a 5PL that count as determined, without unit."""
CHUNK = 1024
"""Curves that are computed together; more does not make it faster."""
RUN_AWAY = (1e-3, 1e3)
"""Asymmetries beyond which the optimum lies at infinity: more steps lead only further out, without unit."""
Solution = tuple[Floats, Floats, Floats]
"""Internal parameters, weighted RSS and gradient cosine of each curve."""
_N_STARTS = 3
_PATIENT_STEPS = 250
_SAME = 1e-12
"""Relative difference of two weighted RSS that is rounding."""


def solve(problem: Problem) -> Solution:
    """Return the optimum of each curve.

    Parameters
    ----------
    problem : Problem
        The curves.

    Returns
    -------
    theta : ndarray of float, shape (n_curves, n_params)
        Internal parameters.
    wrss : ndarray of float, shape (n_curves,)
        Weighted residual sums of squares.
    gradient_cosine : ndarray of float, shape (n_curves,)
        How far each is from an optimum; above the limit of convergence where none was reached.
    """
    small = problem.merged()
    n_curves = len(small.direction)
    theta, second, third = (np.full((n_curves, small.n_params), np.nan) for _ in range(_N_STARTS))
    wrss, cosine = np.full(n_curves, np.nan), np.full(n_curves, np.inf)
    for first in range(0, n_curves, CHUNK):
        rows = np.arange(first, min(first + CHUNK, n_curves))
        part = small.at(rows)
        grid = starts(part.log_x, part.signal, part.root_weight, part.direction, n_params=part.n_params)
        best, second[rows], third[rows] = ranked_starts(grid, _N_STARTS)
        theta[rows], wrss[rows], cosine[rows] = descend(part, best)
    doubtful = np.flatnonzero(~(cosine < COSINE_LIMIT) | ~is_determined(theta))
    if doubtful.size:
        others = np.stack([start[doubtful] for start in (theta, second, third)])
        found = theta[doubtful], wrss[doubtful], cosine[doubtful]
        theta[doubtful], wrss[doubtful], cosine[doubtful] = _patient(small.at(doubtful), others, found)
    return theta, wrss, cosine


def _patient(part: Problem, others: Floats, found: Solution) -> Solution:
    """Return what more steps reach from several starts, or what was found where that is no better."""
    n_starts, n_curves, n_params = others.shape
    tiled = part.at(np.tile(np.arange(n_curves), n_starts))
    theta, wrss, cosine = descend(tiled, others.reshape(-1, n_params), max_steps=_PATIENT_STEPS)
    best_theta, best_wrss, best_cosine = found
    for first in range(0, n_starts * n_curves, n_curves):
        other_theta, other_wrss, other_cosine = (each[first : first + n_curves] for each in (theta, wrss, cosine))
        is_same = np.abs(other_wrss - best_wrss) <= _SAME * best_wrss
        is_better = np.where(is_same, other_cosine < best_cosine, other_wrss < best_wrss)
        best_theta = np.where(is_better[:, None], other_theta, best_theta)
        best_wrss = np.where(is_better, other_wrss, best_wrss)
        best_cosine = np.where(is_better, other_cosine, best_cosine)
    return best_theta, best_wrss, best_cosine


def is_determined(theta: Floats) -> NDArray[np.bool_]:
    """Return whether the asymmetry of each 5PL stayed where it means something.

    Parameters
    ----------
    theta : ndarray of float, shape (n_curves, n_params)
        Internal parameters.

    Returns
    -------
    ndarray of bool, shape (n_curves,)
        Always True for 4PL.
    """
    return _is_between(theta, ASYMMETRY_BOUNDS)


def has_run_away(theta: Floats) -> NDArray[np.bool_]:
    """Return whether the asymmetry of each 5PL is on its way to infinity or to 0.

    Parameters
    ----------
    theta : ndarray of float, shape (n_curves, n_params)
        Internal parameters.

    Returns
    -------
    ndarray of bool, shape (n_curves,)
        Always False for 4PL.
    """
    return ~_is_between(theta, RUN_AWAY)


def _is_between(theta: Floats, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    if theta.shape[1] == 4:
        return np.ones(len(theta), dtype=bool)
    low, high = np.log(bounds)
    return np.asarray((theta[:, 4] >= low) & (theta[:, 4] <= high))
