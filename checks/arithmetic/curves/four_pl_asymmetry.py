"""Where the asymmetry of a 5PL means something, and where it has no end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.curves.four_pl import Floats

ASYMMETRY_BOUNDS = (0.1, 10.0)
"""Asymmetries of a 5PL that count as determined, without unit."""
RUN_AWAY = (1e-3, 1e3)
"""Asymmetries beyond which the optimum lies at infinity: more steps lead only further out, without unit."""


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
