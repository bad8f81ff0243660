"""Whether the standards tell at which end of a 5PL its asymmetry lies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.curves.four_pl import Floats
from checks.arithmetic.curves.four_pl_asymmetry import has_run_away
from checks.arithmetic.curves.four_pl_data import FitData
from checks.arithmetic.curves.four_pl_descent import Problem
from checks.arithmetic.curves.four_pl_solve import solve

_CLEARLY = 1e-6
"""Relative difference of two weighted RSS that is more than rounding."""


def problem_of(data: FitData) -> Problem:
    """Return one curve as a problem of its own.

    Parameters
    ----------
    data : FitData
        Standards.

    Returns
    -------
    Problem
        Problem of one curve.
    """
    rows = (data.log_x[None], data.signal[None], data.root_weight[None], np.array([data.direction]))
    return Problem(*rows, data.n_params, np.zeros(1))


def has_rival(problem: Problem, wrss: Floats) -> NDArray[np.bool_]:
    """Return which 5PL curves are beaten by one that bends at the other end and has no finite parameters.

    Parameters
    ----------
    problem : Problem
        The curves.
    wrss : ndarray of float, shape (n_curves,)
        Weighted RSS at their optima.

    Returns
    -------
    ndarray of bool, shape (n_curves,)
        Always False for 4PL, which is the same curve in both forms.

    Notes
    -----
    The mirror image of the signals, fitted in the same form, is the curve whose asymmetry belongs to the lower
    asymptote. Where it fits better only by letting its asymmetry run to infinity or 0, the standards are too few at
    one end to determine five parameters.
    """
    if problem.n_params == 4 or not len(problem.direction):
        return np.zeros(len(problem.direction), dtype=bool)
    mirrored = Problem(
        problem.log_x, -problem.signal, problem.root_weight, -problem.direction, problem.n_params, problem.within
    )
    theta, other_wrss, _ = solve(mirrored)
    return np.asarray((other_wrss < wrss * (1 - _CLEARLY)) & has_run_away(theta))
