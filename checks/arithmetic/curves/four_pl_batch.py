"""Fit many logistic curves at once; what the batch cannot finish goes to the single fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.curves.four_pl import MODELS, Floats, log_dose
from checks.arithmetic.curves.four_pl_asymmetry import has_run_away
from checks.arithmetic.curves.four_pl_data import FitData, check_choice, fit_data, root_weight
from checks.arithmetic.curves.four_pl_descent import Problem
from checks.arithmetic.curves.four_pl_fit import Fit, describe, with_rival
from checks.arithmetic.curves.four_pl_optimum import COSINE_LIMIT, optimum
from checks.arithmetic.curves.four_pl_rival import has_rival
from checks.arithmetic.curves.four_pl_solve import solve
from checks.arithmetic.curves.four_pl_start import directions
from schemas.errors import NotEvaluableError


@dataclass(frozen=True, slots=True)
class BatchFit:
    """Optima of many curves with standards of one shape."""

    theta: Floats
    """Internal parameters, shape (n_curves, n_params): log b, low, high, log c and, for 5PL, log g."""
    direction: Floats
    """-1 for a rising curve, 1 for a falling one, shape (n_curves,)."""
    wrss: Floats
    """Weighted residual sums of squares, shape (n_curves,)."""
    gradient_cosine: Floats
    """Cosines between residual and tangent plane, shape (n_curves,); NaN where the single fit refused the curve."""
    is_single: NDArray[np.bool_]
    """Whether the batch did not finish a curve and the single fit did, shape (n_curves,)."""


def batch_fit(conc: Floats, signal: Floats, *, model: str = "4pl", weight: str = "1/y2") -> BatchFit:
    """Fit many curves with the same number of wells.

    Parameters
    ----------
    conc : ndarray of float, shape (n_wells,) or (n_curves, n_wells)
        Nominal concentrations, 0 or above.
    signal : ndarray of float, shape (n_curves, n_wells)
        Signals; above 0 under a weight.
    model : str
        ``4pl`` or ``5pl``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``.

    Returns
    -------
    BatchFit
        Optima. A curve that cannot be fitted has NaN in every number.

    Raises
    ------
    ConfigError
        If model or weight is not known.
    """
    check_choice(model, weight)
    signal = np.atleast_2d(np.asarray(signal, dtype=float))
    conc = np.broadcast_to(np.asarray(conc, dtype=float), signal.shape)
    n_params = MODELS.index(model) + 4
    is_sound = _is_sound(conc, signal, n_params)
    is_sound &= (signal > 0).all(1) if weight != "none" else True
    theta = np.full((len(signal), n_params), np.nan)
    wrss, cosine, direction = (np.full(len(signal), np.nan) for _ in range(3))
    rows = np.flatnonzero(is_sound)
    if rows.size:
        log_x, weights = log_dose(conc[rows]), root_weight(signal[rows], weight)
        direction[rows] = directions(log_x, signal[rows])
        problem = Problem(log_x, signal[rows], weights, direction[rows], n_params, np.zeros(len(rows)))
        theta[rows], wrss[rows], cosine[rows] = solve(problem)
    is_single = is_sound & ~(cosine < COSINE_LIMIT) & ~has_run_away(theta)
    batch = BatchFit(theta, direction, wrss, cosine, is_single)
    _finish_singly(batch, conc, signal, model=model, weight=weight)
    return batch


def fit_many(
    curves: Sequence[tuple[Floats, Floats]], *, model: str = "4pl", weight: str = "1/y2"
) -> list[Fit | NotEvaluableError]:
    """Fit many curves, each with its own standards.

    Parameters
    ----------
    curves : sequence of tuple of ndarray of float
        Concentrations and signals of each curve; lengths and doses may differ. A fit does not depend on the others.
    model : str
        ``4pl`` or ``5pl``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``.

    Returns
    -------
    list of Fit or NotEvaluableError
        In the order of ``curves``; where a curve cannot be fitted, the error stands in its place.

    Raises
    ------
    ConfigError
        If model or weight is not known.
    """
    data = [_data_or_error(*curve, model=model, weight=weight) for curve in curves]
    sound = [one for one in data if isinstance(one, FitData)]
    fits = iter(_fits(sound, model=model, weight=weight))
    return [next(fits) if isinstance(one, FitData) else one for one in data]


def _fits(data: Sequence[FitData], *, model: str, weight: str) -> list[Fit | NotEvaluableError]:
    # Only curves with the same doses are computed together: what stands beside a curve must not move its last digits,
    # or a run that is judged again in other company would seem to have other values.
    together: dict[bytes, list[int]] = {}
    for place, one in enumerate(data):
        together.setdefault(one.log_x.tobytes(), []).append(place)
    fits: dict[int, Fit | NotEvaluableError] = {}
    for curve_indices in together.values():
        fits |= zip(
            curve_indices,
            _fits_of_same_doses([data[p] for p in curve_indices], model=model, weight=weight),
            strict=True,
        )
    return [fits[place] for place in range(len(data))]


def _fits_of_same_doses(data: Sequence[FitData], *, model: str, weight: str) -> list[Fit | NotEvaluableError]:
    problem = _stacked(data)
    theta, _, _ = solve(problem)
    fits = [_one(one, own, model=model, weight=weight) for one, own in zip(data, theta, strict=True)]
    wrss = np.array([one.wrss if isinstance(one, Fit) else np.nan for one in fits])
    rivals = has_rival(problem, wrss).tolist()
    return [
        with_rival(one, is_there=rival) if isinstance(one, Fit) else one
        for one, rival in zip(fits, rivals, strict=True)
    ]


def _one(data: FitData, theta: Floats, *, model: str, weight: str) -> Fit | NotEvaluableError:
    """Return the batch's fit, or the single one where the batch's did not converge or is ill-determined."""
    if np.isfinite(theta).all():
        fit = describe(data, theta, model=model, weight=weight)
        if fit.converged and fit.is_well_determined:
            return fit
    try:
        return describe(data, optimum(data, theta), model=model, weight=weight)
    except NotEvaluableError as error:
        return error


def _data_or_error(conc: Floats, signal: Floats, *, model: str, weight: str) -> FitData | NotEvaluableError:
    try:
        return fit_data(conc, signal, model=model, weight=weight)
    except NotEvaluableError as error:
        return error


def _stacked(data: Sequence[FitData]) -> Problem:
    return Problem(
        np.array([one.log_x for one in data]),
        np.array([one.signal for one in data]),
        np.array([one.root_weight for one in data]),
        np.array([one.direction for one in data]),
        data[0].n_params,
        np.zeros(len(data)),
    )


def _is_sound(conc: Floats, signal: Floats, n_params: int) -> NDArray[np.bool_]:
    """Return which curves have finite numbers, enough levels, a degree of freedom and a signal that changes."""
    is_finite = np.isfinite(signal).all(1) & np.isfinite(conc).all(1) & (conc >= 0).all(1)
    steps = np.diff(np.sort(conc, axis=1), axis=1) > 0
    n_levels = steps.sum(1) + 1
    n_positive = n_levels - (conc == 0).any(1)
    is_enough = (n_levels >= n_params) & (n_positive >= 3) & (signal.shape[1] > n_params)
    return np.asarray(is_finite & is_enough & (np.ptp(signal, axis=1) > 0))


def _finish_singly(batch: BatchFit, conc: Floats, signal: Floats, *, model: str, weight: str) -> None:
    """Put the single fit in the place of the batch's where that did not converge and is no better."""
    for row in np.flatnonzero(batch.is_single):
        outcome = _data_or_error(conc[row], signal[row], model=model, weight=weight)
        try:
            if isinstance(outcome, NotEvaluableError):
                raise outcome
            theta = optimum(outcome, batch.theta[row])
        except NotEvaluableError:
            batch.theta[row], batch.wrss[row], batch.gradient_cosine[row] = np.nan, np.nan, np.nan
            continue
        fit = describe(outcome, theta, model=model, weight=weight)
        if not batch.wrss[row] < fit.wrss:
            batch.theta[row], batch.wrss[row], batch.gradient_cosine[row] = theta, fit.wrss, fit.gradient_cosine
