"""Start values of logistic curves: a grid for slope, midpoint and asymmetry, least squares for the asymptotes."""

from __future__ import annotations

import numpy as np

from checks.arithmetic.four_pl import Floats, response_and_jacobian

SLOPES = (0.6, 1.0, 1.6, 3.0)
"""Slopes of the grid, without unit."""
MIDPOINTS = (0.1, 0.35, 0.6, 0.85, 1.1)
"""Midpoints of the grid, as fractions of the range of log dose."""
ASYMMETRIES = (1.0, 0.4, 2.5)
"""Asymmetries of the grid for 5PL, without unit."""
_SINGULAR = 1e-14
"""Relative determinant below which the two asymptotes cannot be told apart."""


def directions(log_x: Floats, signal: Floats) -> Floats:
    """Return for each curve whether it rises (-1) or falls (1).

    Parameters
    ----------
    log_x : ndarray of float, shape (n_curves, n_wells)
        Logarithms of the doses; -inf for dose 0.
    signal : ndarray of float, shape (n_curves, n_wells)
        Signals.

    Returns
    -------
    ndarray of float, shape (n_curves,)
        Minus the sign of the covariance of signal and the rank-like log dose; -1 where it is 0.
    """
    finite = _finite_log(log_x)
    centred = finite - finite.mean(axis=-1, keepdims=True)
    covariance = (centred * (signal - signal.mean(axis=-1, keepdims=True))).sum(axis=-1)
    return np.where(covariance < 0, 1.0, -1.0)


def starts(log_x: Floats, signal: Floats, root_weight: Floats, direction: Floats, *, n_params: int) -> list[Floats]:
    """Return the start values of every curve at every point of the grid, with their weighted RSS.

    Parameters
    ----------
    log_x, signal, root_weight : ndarray of float, shape (n_curves, n_wells)
        Logarithms of the doses, signals, and square roots of the weights.
    direction : ndarray of float, shape (n_curves,)
        -1 for a rising curve, 1 for a falling one.
    n_params : int
        4 or 5.

    Returns
    -------
    list of ndarray of float, shape (n_curves, n_params + 1)
        Internal parameters, then the weighted RSS; infinite where the asymptotes cannot be told apart.
    """
    finite = np.where(np.isneginf(log_x), np.nan, log_x)
    low, high = np.nanmin(finite, axis=-1), np.nanmax(finite, axis=-1)
    grid: list[Floats] = []
    for g in ASYMMETRIES if n_params == 5 else (1.0,):
        for slope in SLOPES:
            for part in MIDPOINTS:
                theta = np.zeros((len(signal), 5))
                theta[:, 0], theta[:, 2], theta[:, 4] = np.log(slope), 1.0, np.log(g)
                theta[:, 3] = low + part * (high - low)
                grid.append(_with_asymptotes(theta, direction, log_x, signal, root_weight)[:, _columns(n_params)])
    return grid


def best_start(grid: list[Floats]) -> Floats:
    """Return the grid point of the smallest weighted RSS of each curve.

    Parameters
    ----------
    grid : list of ndarray of float, shape (n_curves, n_params + 1)
        Start values with their weighted RSS, as :func:`starts` gives them.

    Returns
    -------
    ndarray of float, shape (n_curves, n_params)
        Internal parameters.
    """
    stacked = np.stack(grid)
    chosen = np.argmin(stacked[..., -1], axis=0)
    return np.asarray(stacked[chosen, np.arange(stacked.shape[1]), :-1])


def _columns(n_params: int) -> list[int]:
    return [*range(n_params), 5]


def _with_asymptotes(theta: Floats, direction: Floats, log_x: Floats, signal: Floats, root_weight: Floats) -> Floats:
    h, _ = response_and_jacobian(theta, direction, log_x, n_params=5)
    weight = root_weight**2
    s11, s12, s22 = (weight * (1 - h) ** 2).sum(-1), (weight * h * (1 - h)).sum(-1), (weight * h * h).sum(-1)
    t1, t2 = (weight * (1 - h) * signal).sum(-1), (weight * h * signal).sum(-1)
    determinant = s11 * s22 - s12**2
    is_singular = determinant <= _SINGULAR * s11 * s22
    safe = np.where(is_singular, 1.0, determinant)
    theta[:, 1], theta[:, 2] = (s22 * t1 - s12 * t2) / safe, (s11 * t2 - s12 * t1) / safe
    fitted = theta[:, 1, None] + (theta[:, 2] - theta[:, 1])[:, None] * h
    rss = (weight * (signal - fitted) ** 2).sum(-1)
    return np.column_stack([theta, np.where(is_singular, np.inf, rss)])


def _finite_log(log_x: Floats) -> Floats:
    finite = np.where(np.isneginf(log_x), np.inf, log_x)
    lowest = finite.min(axis=-1, keepdims=True)
    return np.where(np.isneginf(log_x), lowest - 1.0, log_x)
