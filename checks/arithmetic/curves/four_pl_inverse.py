"""Concentrations from signals: the inverse of a logistic curve, and its standard error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from checks.arithmetic.curves.four_pl import CurveParams, Floats, internal, log_dose, response_and_jacobian
from checks.arithmetic.curves.four_pl_fit import Fit
from checks.arithmetic.curves.plain_curve import basis


def inverse(params: CurveParams, signal: ArrayLike) -> Floats:
    """Return the concentration that each signal stands for.

    Parameters
    ----------
    params : CurveParams
        The curve.
    signal : array of float, shape (n_wells,)
        Signals; NaN stays NaN.

    Returns
    -------
    ndarray of float, shape (n_wells,)
        Concentrations; NaN at or beyond an asymptote, where there is no number.

    Examples
    --------
    >>> inverse(CurveParams(a=0.0, b=1.0, c=10.0, d=2.0), [1.0, 2.0]).round(9).tolist()
    [10.0, nan]
    """
    if params.plain is not None:
        return params.plain.inverse(np.asarray(signal, dtype=float))
    theta, direction = internal(params)
    return inverse_of(theta, direction, np.asarray(signal, dtype=float))


def inverse_of(theta: Floats, direction: Floats, signal: Floats) -> Floats:
    """Return the concentration that each signal stands for, each on a curve of its own.

    Parameters
    ----------
    theta : ndarray of float, shape (5,) or (n_wells, 5)
        Internal parameters, as :func:`checks.arithmetic.curves.four_pl.internal` gives them.
    direction : ndarray of float, shape () or (n_wells,)
        -1 for a rising curve, 1 for a falling one.
    signal : ndarray of float, shape (n_wells,)
        Signals; NaN stays NaN.

    Returns
    -------
    ndarray of float, shape (n_wells,)
        Concentrations; NaN at or beyond an asymptote.
    """
    low, high = theta[..., 1], theta[..., 2]
    with np.errstate(all="ignore"):
        fraction = (signal - low) / (high - low)
        odds = np.expm1(-np.log(fraction) / np.exp(theta[..., 4]))
        dose = np.exp(theta[..., 3] + direction * np.log(odds) / np.exp(theta[..., 0]))
    is_inside = (fraction > 0) & (fraction < 1) & (odds > 0) & np.isfinite(dose) & (dose > 0)
    return np.asarray(np.where(is_inside, dose, np.nan))


def side(params: CurveParams, signal: ArrayLike) -> Floats:
    """Return on which side of the curve's reach each signal lies.

    Parameters
    ----------
    params : CurveParams
        The curve.
    signal : array of float, shape (n_wells,)
        Signals.

    Returns
    -------
    ndarray of float, shape (n_wells,)
        -1 at or beyond the asymptote of dose 0, 1 at or beyond that of infinite dose, 0 between, NaN for NaN.
    """
    y = np.asarray(signal, dtype=float)
    if params.plain is not None:
        return params.plain.side(y)
    position = (y - params.a) / (params.d - params.a)
    sides = np.where(position <= 0, -1.0, np.where(position >= 1, 1.0, 0.0))
    return np.asarray(np.where(np.isnan(position), np.nan, sides))


def inverse_se(fit: Fit, signal: ArrayLike) -> Floats:
    """Return the standard error of each back-calculated concentration, from the curve's uncertainty alone.

    Parameters
    ----------
    fit : Fit
        The fitted curve.
    signal : array of float, shape (n_wells,)
        Signals, taken as exact.

    Returns
    -------
    ndarray of float, shape (n_wells,)
        Standard errors in units of concentration, by the delta method; NaN beyond an asymptote or without covariance.
    """
    dose = inverse(fit.params, signal)
    if not fit.covariance:
        return np.full_like(dose, np.nan)
    if fit.params.shape:
        return _plain_se(fit, dose)
    n_params = len(fit.covariance)
    theta, direction = internal(fit.params)
    _, jacobian = response_and_jacobian(theta, direction, log_dose(dose), n_params=n_params)
    order = [1, 0, 3, 2] if direction < 0 else [2, 0, 3, 1]
    by_natural = np.exp(np.where(np.isin(np.arange(5), [0, 3, 4]), theta, 0.0))[:n_params]
    order += [4] if n_params == 5 else []
    gradient = (jacobian / by_natural)[:, order]
    slope = -jacobian[:, 3] / dose
    variance = np.einsum("ij,jk,ik->i", gradient, np.asarray(fit.covariance), gradient)
    return np.asarray(np.sqrt(variance) / np.abs(slope))


def _plain_se(fit: Fit, dose: Floats) -> Floats:
    # On the scale on which the curve is a polynomial: signal against dose, or their logarithms.
    by = basis(str(fit.params.shape), dose)
    variance = np.einsum("ij,jk,ik->i", by, np.asarray(fit.covariance), by)
    slope = fit.params.b + (2 * fit.params.c * np.log(dose) if fit.params.shape == "quadratic" else 0.0)
    per_dose = 1.0 if fit.params.shape == "linear" else dose
    return np.asarray(np.sqrt(variance) / np.abs(slope) * per_dose)
