"""What a logistic curve is fitted to, and the sentences that refuse what cannot be fitted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from checks.arithmetic.curves.four_pl import MODELS, PLAIN_MODELS, WEIGHTS, Floats, log_dose
from checks.arithmetic.curves.four_pl_start import directions
from schemas.errors import ConfigError, NotEvaluableError

_REVERSED_FRACTION = 0.5
"""Share of the signal's range that steps against the curve's direction may sum up to."""


@dataclass(frozen=True, slots=True)
class FitData:
    """Standards of one curve, ready to be fitted."""

    log_x: Floats
    """Logarithms of the concentrations, shape (n_wells,); -inf for 0."""
    signal: Floats
    """Signals, shape (n_wells,)."""
    root_weight: Floats
    """Square roots of the weights, shape (n_wells,)."""
    direction: float
    """-1 for a rising curve, 1 for a falling one."""
    n_params: int
    """4 or 5."""


def fit_data(conc: ArrayLike, signal: ArrayLike, *, model: str, weight: str) -> FitData:
    """Return standards ready to be fitted.

    Parameters
    ----------
    conc : array of float, shape (n_wells,)
        Nominal concentrations, 0 or above, in any one unit.
    signal : array of float, shape (n_wells,)
        Signals.
    model : str
        ``4pl`` or ``5pl``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``: what the squared residual is multiplied by.

    Returns
    -------
    FitData
        Standards with weights.

    Raises
    ------
    ConfigError
        If model or weight is not known.
    NotEvaluableError
        If the standards cannot carry the curve: the sentence says why.
    """
    check_choice(model, weight)
    x, y = np.asarray(conc, dtype=float), np.asarray(signal, dtype=float)
    n_params = MODELS.index(model) + 4
    check_numbers(x, y, weight)
    _check_levels(x, y, n_params)
    log_x = log_dose(x)
    direction = float(directions(log_x[None], y[None])[0])
    _check_monotone(x, y, direction)
    return FitData(log_x, y, root_weight(y, weight), direction, n_params)


def check_choice(model: str, weight: str) -> None:
    """Refuse a model or a weight that is not known.

    Parameters
    ----------
    model, weight : str
        Names as in a run sheet.

    Raises
    ------
    ConfigError
        If one is not known.
    """
    known = (*MODELS, *PLAIN_MODELS)
    if model not in known:
        raise ConfigError(f"Model '{model}' is not known. Known models: {', '.join(known)}.")
    if weight not in WEIGHTS:
        raise ConfigError(f"Weight '{weight}' is not known. Known weights: {', '.join(WEIGHTS)}.")


def root_weight(signal: Floats, weight: str) -> Floats:
    """Return the factor of each residual: the square root of the weight.

    Parameters
    ----------
    signal : ndarray of float
        Signals; above 0 under ``1/y`` and ``1/y2``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``.

    Returns
    -------
    ndarray of float
        Factors, of the shape of ``signal``.
    """
    power = {"none": 0.0, "1/y": -0.5, "1/y2": -1.0}[weight]
    return np.asarray(signal**power) if power else np.ones_like(signal)


def level_means(conc: Floats, signal: Floats) -> tuple[Floats, Floats]:
    """Return the distinct concentrations, ascending, and the mean signal of each.

    Parameters
    ----------
    conc, signal : ndarray of float, shape (n_wells,)
        Concentrations and signals.

    Returns
    -------
    levels : ndarray of float, shape (n_levels,)
        Concentrations.
    means : ndarray of float, shape (n_levels,)
        Mean signals.
    """
    levels, index = np.unique(conc, return_inverse=True)
    return levels, np.bincount(index, weights=signal) / np.bincount(index)


def check_numbers(x: Floats, y: Floats, weight: str) -> None:
    """Refuse standards that are no numbers, or that a weight is not defined for.

    Parameters
    ----------
    x : ndarray of float, shape (n_wells,)
        Concentrations.
    y : ndarray of float, shape (n_wells,)
        Signals.
    weight : str
        ``none``, ``1/y`` or ``1/y2``.

    Raises
    ------
    NotEvaluableError
        The sentence says why.
    """
    if x.ndim != 1 or x.shape != y.shape:
        raise NotEvaluableError("Concentrations and signals of the standards must be two rows of equal length.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise NotEvaluableError("A standard has a concentration or a signal that is not a finite number.")
    if (x < 0).any():
        raise NotEvaluableError(f"A standard has the concentration '{x.min():g}', which is below 0.")
    if weight != "none" and (y <= 0).any():
        raise NotEvaluableError(
            f"A standard has the signal '{y.min():g}', which is not above 0, so the weight {weight} is not defined: "
            "fit the signals without blank subtraction, or use the weight 'none'."
        )


def _check_levels(x: Floats, y: Floats, n_params: int) -> None:
    n_levels, n_positive = len(np.unique(x)), len(np.unique(x[x > 0]))
    if n_levels < n_params or n_positive < 3:
        raise NotEvaluableError(
            f"The standards have {n_levels} different concentrations ({n_positive} above 0); "
            f"a {n_params}PL needs at least {n_params}, 3 of them above 0."
        )
    if len(x) <= n_params:
        raise NotEvaluableError(f"{len(x)} standards leave no degree of freedom for the {n_params} parameters.")
    if np.ptp(y) <= 1e-12 * np.abs(y).max():
        raise NotEvaluableError("All standards have the same signal, so there is no curve.")


def _check_monotone(x: Floats, y: Floats, direction: float) -> None:
    _, means = level_means(x, y)
    steps = -direction * np.diff(means)
    reversed_fraction = -steps[steps < 0].sum() / np.ptp(means)
    if reversed_fraction > _REVERSED_FRACTION:
        raise NotEvaluableError(
            "The signals of the standards go up and down with the concentration, so no curve can be fitted: "
            f"steps the wrong way sum up to {100 * reversed_fraction:.0f} % of the range."
        )
