"""Find the least-squares optimum of one logistic curve."""

from __future__ import annotations

import numpy as np

from checks.arithmetic.curves.four_pl import Floats, response_and_jacobian
from checks.arithmetic.curves.four_pl_data import FitData
from checks.arithmetic.curves.four_pl_start import starts
from schemas.errors import NotEvaluableError

COSINE_LIMIT = 1e-6
"""Largest cosine between the residual and the model's tangent plane at an optimum, without unit."""
_EXACT = 1e-13
"""Residual, as a fraction of the signal, that is rounding and no misfit."""
_N_STARTS = 3
_N_POLISH = 30


def gradient_cosine(residual: Floats, jacobian: Floats, weighted_signal: Floats) -> float:
    """Return the cosine between the residual and the model's tangent plane.

    Parameters
    ----------
    residual : ndarray of float, shape (n_wells,)
        Weighted residuals.
    jacobian : ndarray of float, shape (n_wells, n_params)
        Weighted derivatives.
    weighted_signal : ndarray of float, shape (n_wells,)
        Weighted signals: residuals at the level of their rounding have no direction and count as 0.

    Returns
    -------
    float
        0 to 1.
    """
    norm = float(np.linalg.norm(residual))
    if norm <= _EXACT * float(np.linalg.norm(weighted_signal)):
        return 0.0
    lengths = np.linalg.norm(jacobian, axis=0)
    basis, _ = np.linalg.qr(jacobian / np.where(lengths > 0, lengths, 1.0))
    return float(np.linalg.norm(basis.T @ residual) / norm)


def optimum(data: FitData, begun: Floats | None = None) -> Floats:
    """Return the internal parameters at the least-squares optimum of one curve.

    Parameters
    ----------
    data : FitData
        Standards.
    begun : ndarray of float, shape (n_params,), optional
        Internal parameters from which to descend as well.

    Returns
    -------
    ndarray of float, shape (n_params,)
        Internal parameters of the best of three descents, or four.

    Raises
    ------
    NotEvaluableError
        If no point of the start grid comes near the standards.
    """
    grid = starts(
        data.log_x[None], data.signal[None], data.root_weight[None], np.array([data.direction]), n_params=data.n_params
    )
    points = sorted((point[0] for point in grid), key=lambda point: float(point[-1]))
    points = [point for point in points if np.isfinite(point[-1])][:_N_STARTS]
    if not points:
        raise NotEvaluableError("No curve of this model comes near the standards.")
    own = [] if begun is None or not np.isfinite(begun).all() else [_descend(data, begun)]
    found = own + [_descend(data, point[:-1]) for point in points]
    return min(found, key=lambda theta: float(np.sum(weighted_residual(data, theta) ** 2)))


def _descend(data: FitData, theta: Floats) -> Floats:
    from scipy.optimize import least_squares

    for method in ("lm", "trf"):
        found = least_squares(
            lambda t: weighted_residual(data, t),
            theta,
            jac=lambda t: weighted_jacobian(data, t),
            method=method,
            x_scale="jac",
            ftol=1e-14,
            xtol=1e-14,
            gtol=1e-14,
            max_nfev=1000,
        )
        theta = _polish(data, np.asarray(found.x))
        if _cosine(data, theta) < COSINE_LIMIT:
            break
    return theta


def _polish(data: FitData, theta: Floats) -> Floats:
    """Take Gauss-Newton steps for as long as they make the gradient smaller."""
    cosine = _cosine(data, theta)
    for _ in range(_N_POLISH):
        residual, jacobian = weighted_residual(data, theta), weighted_jacobian(data, theta)
        lengths = np.linalg.norm(jacobian, axis=0)
        if not (lengths > 0).all():
            break
        step, *_ = np.linalg.lstsq(jacobian / lengths, -residual, rcond=None)
        candidate = theta + step / lengths
        candidate_cosine = _cosine(data, candidate)
        candidate_wrss = np.sum(weighted_residual(data, candidate) ** 2)
        is_better = candidate_cosine < cosine and candidate_wrss <= residual @ residual * (1 + 1e-12)
        if not is_better:
            break
        theta, cosine = candidate, candidate_cosine
    return theta


def _cosine(data: FitData, theta: Floats) -> float:
    residual, jacobian = weighted_residual(data, theta), weighted_jacobian(data, theta)
    if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
        return float("inf")
    return gradient_cosine(residual, jacobian, data.root_weight * data.signal)


def weighted_residual(data: FitData, theta: Floats) -> Floats:
    """Return the weighted residual of every well.

    Parameters
    ----------
    data : FitData
        Standards.
    theta : ndarray of float, shape (n_params,)
        Internal parameters.

    Returns
    -------
    ndarray of float, shape (n_wells,)
        Fitted minus measured signal, times the square root of the weight.
    """
    value, _ = response_and_jacobian(theta, np.asarray(data.direction), data.log_x, n_params=data.n_params)
    return np.asarray(data.root_weight * (value - data.signal))


def weighted_jacobian(data: FitData, theta: Floats) -> Floats:
    """Return the weighted derivatives of every well.

    Parameters
    ----------
    data : FitData
        Standards.
    theta : ndarray of float, shape (n_params,)
        Internal parameters.

    Returns
    -------
    ndarray of float, shape (n_wells, n_params)
        Derivatives by the internal parameters, times the square root of the weight.
    """
    _, jacobian = response_and_jacobian(theta, np.asarray(data.direction), data.log_x, n_params=data.n_params)
    return np.asarray(data.root_weight[:, None] * jacobian)
