"""Start values of logistic curves: a grid for slope, midpoint and asymmetry, least squares for the asymptotes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.arithmetic.curves.four_pl import Floats, exponent, logistic

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


def starts(
    log_x: Floats,
    signal: Floats,
    root_weight: Floats,
    direction: Floats,
    *,
    n_params: int,
    asymmetries: Sequence[float] = ASYMMETRIES,
) -> list[Floats]:
    """Return the start values of every curve at every point of the grid, with their weighted RSS.

    Parameters
    ----------
    log_x, signal, root_weight : ndarray of float, shape (n_curves, n_wells)
        Logarithms of the doses, signals, and square roots of the weights.
    direction : ndarray of float, shape (n_curves,)
        -1 for a rising curve, 1 for a falling one.
    n_params : int
        4 or 5.
    asymmetries : sequence of float
        Asymmetries of a 5PL, above 0, without unit.

    Returns
    -------
    list of ndarray of float, shape (n_curves, n_params + 1)
        Internal parameters, then the weighted RSS; infinite where the asymptotes cannot be told apart.
    """
    finite = np.where(np.isneginf(log_x), np.nan, log_x)
    lowest, highest = np.nanmin(finite, axis=-1), np.nanmax(finite, axis=-1)
    grid: list[Floats] = []
    for slope in SLOPES:
        for part in MIDPOINTS:
            log_c = lowest + part * (highest - lowest)
            base, _ = logistic(exponent(slope * direction[:, None], log_c[:, None], log_x))
            for g in asymmetries if n_params == 5 else (1.0,):
                low, high, rss = _asymptotes(base**g if g != 1.0 else base, signal, root_weight)
                shape = [np.full_like(log_c, np.log(g))] if n_params == 5 else []
                grid.append(np.column_stack([np.full_like(log_c, np.log(slope)), low, high, log_c, *shape, rss]))
    return grid


def best_starts(grid: list[Floats]) -> Floats:
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
    best = np.argmin(np.stack([point[:, -1] for point in grid]), axis=0)
    return np.asarray(np.stack(grid)[best, np.arange(len(best)), :-1])


def further_out(theta: Floats, direction: Floats, step: float) -> Floats:
    """Return 5PL curves of nearly the same shape with a larger asymmetry.

    Parameters
    ----------
    theta : ndarray of float, shape (n_curves, 5)
        Internal parameters.
    direction : ndarray of float, shape (n_curves,)
        -1 for a rising curve, 1 for a falling one.
    step : float
        By how much log g grows, without unit.

    Returns
    -------
    ndarray of float, shape (n_curves, 5)
        Internal parameters.

    Notes
    -----
    As g grows, (1 + u)^-g nears exp(-g u): the shape stays where g u does, so the scale c moves by g^(1/b).
    """
    moved = theta.copy()
    moved[:, 3] += direction * step * np.exp(-theta[:, 0])
    moved[:, 4] += step
    return moved


def _asymptotes(h: Floats, signal: Floats, root_weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Return both asymptotes by linear least squares, and the weighted RSS."""
    lower, upper, y = root_weight * (1 - h), root_weight * h, root_weight * signal
    s11, s12, s22 = _dot(lower, lower), _dot(lower, upper), _dot(upper, upper)
    t1, t2 = _dot(lower, y), _dot(upper, y)
    determinant = s11 * s22 - s12**2
    is_singular = determinant <= _SINGULAR * s11 * s22
    safe = np.where(is_singular, 1.0, determinant)
    low, high = (s22 * t1 - s12 * t2) / safe, (s11 * t2 - s12 * t1) / safe
    residual = y - low[:, None] * lower - high[:, None] * upper
    return low, high, np.where(is_singular, np.inf, _dot(residual, residual))


def _dot(left: Floats, right: Floats) -> Floats:
    return np.asarray(np.einsum("cw,cw->c", left, right))


def _finite_log(log_x: Floats) -> Floats:
    finite = np.where(np.isneginf(log_x), np.inf, log_x)
    lowest = finite.min(axis=-1, keepdims=True)
    return np.where(np.isneginf(log_x), lowest - 1.0, log_x)
