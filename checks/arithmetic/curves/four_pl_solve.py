"""Solve many logistic curves: from the best grid point first, from many starts where that leaves doubt."""

from __future__ import annotations

import numpy as np

from checks.arithmetic.curves.four_pl_asymmetry import is_determined
from checks.arithmetic.curves.four_pl_descent import Problem, descend
from checks.arithmetic.curves.four_pl_optimum import COSINE_LIMIT
from checks.arithmetic.curves.four_pl_seek import Solution, grid_of, seek
from checks.arithmetic.curves.four_pl_start import best_starts

CHUNK = 1024
"""Curves that are computed together; more does not make it faster."""


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
    theta = np.full((n_curves, small.n_params), np.nan)
    wrss, cosine = np.full(n_curves, np.nan), np.full(n_curves, np.inf)
    for first in range(0, n_curves, CHUNK):
        rows = np.arange(first, min(first + CHUNK, n_curves))
        part = small.at(rows)
        theta[rows], wrss[rows], cosine[rows] = descend(part, best_starts(grid_of(part)))
    doubtful = np.flatnonzero(~(cosine < COSINE_LIMIT) | ~is_determined(theta))
    if doubtful.size:
        found = theta[doubtful], wrss[doubtful], cosine[doubtful]
        theta[doubtful], wrss[doubtful], cosine[doubtful] = seek(small.at(doubtful), found)
    return theta, wrss, cosine
