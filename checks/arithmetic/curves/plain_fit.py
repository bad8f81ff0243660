"""Fit a curve that needs no plateau to its standards, with the weights that logistic curves have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from checks.arithmetic.curves.four_pl import CurveParams, Floats
from checks.arithmetic.curves.four_pl_data import check_numbers, level_means, root_weight
from checks.arithmetic.curves.four_pl_fit import Fit
from checks.arithmetic.curves.plain_curve import N_COEFFICIENTS, basis
from schemas.errors import NotEvaluableError

_EXTRA_LEVELS = 1  # concentrations beyond the number of parameters; no unit


def plain_fits(curves: Sequence[tuple[Floats, Floats]], *, model: str, weight: str) -> list[Fit | NotEvaluableError]:
    """Fit many curves, each with its own standards.

    Parameters
    ----------
    curves : sequence of tuple of ndarray of float
        Concentrations and signals of each.
    model : str
        ``linear``, ``log-log``, ``quadratic`` or ``point-to-point``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``.

    Returns
    -------
    list of Fit or NotEvaluableError
        In their order; where a curve cannot be fitted, the error stands in its place.
    """
    found: list[Fit | NotEvaluableError] = []
    for conc, signal in curves:
        try:
            found.append(plain_fit(conc, signal, model=model, weight=weight))
        except NotEvaluableError as error:
            found.append(error)
    return found


def plain_fit(conc: Floats, signal: Floats, *, model: str, weight: str) -> Fit:
    """Fit one curve by weighted least squares.

    Parameters
    ----------
    conc : ndarray of float, shape (n_wells,)
        Nominal concentrations, 0 or above; replicates are wells of their own.
    signal : ndarray of float, shape (n_wells,)
        Signals.
    model : str
        ``linear``, ``log-log``, ``quadratic`` or ``point-to-point``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``: what the squared residual of the signal is multiplied by.

    Returns
    -------
    Fit
        The curve.

    Raises
    ------
    NotEvaluableError
        If the standards cannot carry it: too few levels, signals that are not above 0 under logarithms, signals that do
        not go one way.

    Notes
    -----
    A small residual of a logarithm is that of the signal over the signal, so that under logarithms the weights are
    those of the signal times its square: 1/y2 weighs all standards alike. A standard of concentration 0 has no
    logarithm and is left out there.
    """
    check_numbers(conc, signal, weight)
    is_straight = model == "linear"
    x, y = (conc, signal) if is_straight else (conc[conc > 0], signal[conc > 0])
    _check(x, y, model)
    levels, means = level_means(x, y)
    knots = list(zip(levels.tolist(), means.tolist(), strict=True))
    if model == "point-to-point":
        return _described(model, weight, (0.0, 0.0, 0.0), tuple(knots), np.zeros(0), np.zeros((0, 0)))
    roots = root_weight(y, weight) if is_straight else root_weight(y, weight) * y
    design, target = basis(model, x) * roots[:, None], (y if is_straight else np.log(y)) * roots
    found, *_ = np.linalg.lstsq(design, target, rcond=None)
    intercept, first, second = ([float(number) for number in found] + [0.0])[:3]
    ends = (knots[0], knots[-1])
    fit = _described(model, weight, (intercept, first, second), ends, target - design @ found, design)
    _check_one_way(fit.params, model)
    return fit


def _described(
    model: str,
    weight: str,
    coefficients: tuple[float, float, float],
    knots: tuple[tuple[float, float], ...],
    residual: Floats,
    design: Floats,
) -> Fit:
    a, b, c = coefficients
    wrss, df = float(residual @ residual), max(0, residual.size - N_COEFFICIENTS[model])
    variance = wrss / df if df else 0.0
    covariance = variance * np.linalg.inv(design.T @ design) if design.size else np.zeros((0, 0))
    return Fit(
        model=model,
        weight=weight,
        params=CurveParams(a, b, c, 0.0, shape=model, knots=knots),
        covariance=tuple(tuple(float(cell) for cell in row) for row in covariance),
        wrss=wrss,
        residual_sd=variance**0.5,
        df=df,
        gradient_cosine=0.0,
        condition_number=1.0,
        converged=True,
        is_well_determined=True,
    )


def _check(x: Floats, y: Floats, model: str) -> None:
    n_levels, n_needed = len(np.unique(x)), max(2, N_COEFFICIENTS[model]) + _EXTRA_LEVELS
    if n_levels < n_needed:
        raise NotEvaluableError(
            f"The standards have {n_levels} different concentrations; the model '{model}' needs at least {n_needed}."
        )
    if model != "linear" and (y <= 0).any():
        raise NotEvaluableError(
            f"A standard has the signal '{y.min():g}', which is not above 0 and has no logarithm: choose 'linear'."
        )
    if np.ptp(y) <= 1e-12 * np.abs(y).max():
        raise NotEvaluableError("All standards have the same signal, so there is no curve.")
    _, means = level_means(x, y)
    steps = [second - first for first, second in pairwise(means)]
    if model == "point-to-point" and not (all(step > 0 for step in steps) or all(step < 0 for step in steps)):
        raise NotEvaluableError("The mean signals of the standards do not go one way, so points cannot be joined.")


def _check_one_way(params: CurveParams, model: str) -> None:
    if model != "quadratic" or params.knots is None:
        return
    slopes = [params.b + 2 * params.c * np.log(conc) for conc, _ in params.knots]
    if slopes[0] * slopes[-1] <= 0:
        raise NotEvaluableError("The parabola turns round among the standards, so a signal has two concentrations.")
