"""The 4PL curve of the generator: simulate, refit by weighted least squares, invert."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

Floats = NDArray[np.float64]


def four_pl(conc: Floats, params: Floats) -> Floats:
    """Return the response y = d + (a - d) / (1 + (x / c) ** b).

    Parameters
    ----------
    conc : ndarray of float
        Concentration, 0 or above.
    params : ndarray of float, shape (4,)
        a, b, c, d.

    Returns
    -------
    ndarray of float
        Response, in absorbance.
    """
    a, b, c, d = params
    response: Floats = d + (a - d) / (1 + (conc / c) ** b)
    return response


def fit_four_pl(conc: Floats, response: Floats) -> Floats:
    """Fit the curve with weights 1/y2.

    Parameters
    ----------
    conc : ndarray of float, shape (n_wells,)
        Concentration of the calibrators, above 0.
    response : ndarray of float, shape (n_wells,)
        Their response, above 0.

    Returns
    -------
    ndarray of float, shape (4,)
        a, b, c, d with b above 0.
    """
    start = np.array([response.min() * 0.8, 0.0, np.log(np.median(conc) * 2), response.max() * 1.4])
    data = (conc, response)
    fit = least_squares(_residual, start, args=data, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=4000)
    return _params(fit.x)


def _params(theta: Floats) -> Floats:
    # Slope and midpoint are fitted as logarithms, which keeps them above 0.
    return np.array([theta[0], np.exp(theta[1]), np.exp(theta[2]), theta[3]])


def _residual(theta: Floats, conc: Floats, response: Floats) -> Floats:
    weighted: Floats = (response - four_pl(conc, _params(theta))) / response
    return weighted


def invert(response: Floats, params: Floats) -> Floats:
    """Return the concentration of a response.

    Parameters
    ----------
    response : ndarray of float
        Response, in absorbance.
    params : ndarray of float, shape (4,)
        a, b, c, d.

    Returns
    -------
    ndarray of float
        Concentration; 0 below the lower asymptote, infinite above the upper one.
    """
    a, b, c, d = params
    with np.errstate(invalid="ignore", divide="ignore"):
        conc: Floats = c * ((response - a) / (d - response)) ** (1 / b)
    return np.where(response <= a, 0.0, np.where(response >= d, np.inf, conc))
