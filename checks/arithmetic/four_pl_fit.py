"""Fit one logistic curve to its standards, to the true least-squares optimum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from checks.arithmetic.four_pl import CurveParams, Floats, external, response_and_jacobian
from checks.arithmetic.four_pl_data import FitData, fit_data
from checks.arithmetic.four_pl_start import starts
from schemas.errors import NotEvaluableError

COSINE_LIMIT = 1e-6
"""Largest cosine between the residual and the model's tangent plane at an optimum, without unit."""
CONDITION_LIMIT = 1e5
"""Condition number of the column-scaled Jacobian above which single parameters mean nothing, without unit."""
ASYMMETRY_BOUNDS = (0.1, 10.0)
"""Asymmetries of a 5PL that count as determined, without unit."""
_EXACT = 1e-13
"""Residual, as a fraction of the signal, that is rounding and no misfit."""
_N_STARTS = 3
_N_POLISH = 30


@dataclass(frozen=True, slots=True)
class Fit:
    """One fitted curve, and how far it can be trusted."""

    model: str
    """``4pl`` or ``5pl``."""
    weight: str
    """``none``, ``1/y`` or ``1/y2``, multiplying the squared residual."""
    params: CurveParams
    """Parameters at the optimum."""
    covariance: tuple[tuple[float, ...], ...]
    """Gauss-Newton covariance of a, b, c, d and, for 5PL, g; empty if it cannot be computed."""
    wrss: float
    """Weighted residual sum of squares."""
    residual_sd: float
    """Weighted residual standard deviation, sqrt(wrss / df)."""
    df: int
    """Degrees of freedom: wells minus parameters."""
    gradient_cosine: float
    """Cosine between the residual and the model's tangent plane: 0 at an optimum."""
    condition_number: float
    """Condition number of the column-scaled Jacobian."""
    converged: bool
    """Whether ``gradient_cosine`` is below 1e-6."""
    is_well_determined: bool
    """Whether single parameters mean something; if False, only the curve as a whole does."""

    @property
    def se(self) -> dict[str, float | None]:
        """Return the Gauss-Newton standard error of each parameter.

        Returns
        -------
        dict of str to float or None
            Standard errors; None where there is none.
        """
        names = ("a", "b", "c", "d", "g")[: 5 if self.model == "5pl" else 4]
        if not self.covariance:
            return dict.fromkeys(names)
        return {name: float(np.sqrt(self.covariance[i][i])) for i, name in enumerate(names)}

    def as_json(self) -> dict[str, Any]:
        """Return the fit as a mapping of JSON values.

        Returns
        -------
        dict
            One entry a field.
        """
        return asdict(self) | {"covariance": [list(row) for row in self.covariance]}

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> Fit:
        """Return the fit that :meth:`as_json` wrote.

        Parameters
        ----------
        tree : dict
            Mapping of JSON values.

        Returns
        -------
        Fit
            The same fit.
        """
        covariance = tuple(tuple(float(cell) for cell in row) for row in tree["covariance"])
        return cls(**{**tree, "params": CurveParams(**tree["params"]), "covariance": covariance})


def fit(conc: ArrayLike, signal: ArrayLike, *, model: str = "4pl", weight: str = "1/y2") -> Fit:
    """Fit one curve to its standards.

    Parameters
    ----------
    conc : array of float, shape (n_wells,)
        Nominal concentrations, 0 or above; replicates are wells of their own.
    signal : array of float, shape (n_wells,)
        Signals; above 0 under a weight. Missing wells must have been left out.
    model : str
        ``4pl`` or ``5pl``.
    weight : str
        ``none``, ``1/y`` or ``1/y2``: what the squared residual is multiplied by.

    Returns
    -------
    Fit
        The optimum. ``converged`` and ``is_well_determined`` say how far it can be trusted.

    Raises
    ------
    ConfigError
        If model or weight is not known.
    NotEvaluableError
        If the standards cannot carry the curve.

    Notes
    -----
    Start values by variable projection on a grid; Levenberg-Marquardt on log b, log c and log g with the analytic
    Jacobian from the best three, a trust-region method where that stops early; convergence is judged by the
    gradient, not by the method's own word.

    References
    ----------
    .. [1] Golub GH, Pereyra V. The differentiation of pseudo-inverses and nonlinear least squares problems whose
       variables separate. SIAM J Numer Anal. 1973;10(2):413-432.
    """
    data = fit_data(conc, signal, model=model, weight=weight)
    return describe(data, _optimum(data), model=model, weight=weight)


def describe(data: FitData, theta: Floats, *, model: str, weight: str) -> Fit:
    """Return the fit that stands at given internal parameters, with its errors.

    Parameters
    ----------
    data : FitData
        Standards.
    theta : ndarray of float, shape (n_params,)
        Internal parameters.
    model, weight : str
        Names as in a run sheet.

    Returns
    -------
    Fit
        The fit.
    """
    residual, jacobian = _residual(data, theta), _jacobian(data, theta)
    wrss, df = float(residual @ residual), len(residual) - len(theta)
    condition = _condition(jacobian)
    cosine = gradient_cosine(residual, jacobian, data.root_weight * data.signal)
    params = external(theta, data.direction)
    low_g, high_g = ASYMMETRY_BOUNDS
    return Fit(
        model=model,
        weight=weight,
        params=params,
        covariance=_covariance(data, theta, jacobian, wrss / df),
        wrss=wrss,
        residual_sd=float(np.sqrt(wrss / df)),
        df=df,
        gradient_cosine=cosine,
        condition_number=condition,
        converged=cosine < COSINE_LIMIT,
        is_well_determined=condition < CONDITION_LIMIT and low_g <= params.g <= high_g,
    )


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


def _optimum(data: FitData) -> Floats:
    grid = starts(
        data.log_x[None], data.signal[None], data.root_weight[None], np.array([data.direction]), n_params=data.n_params
    )
    points = sorted((point[0] for point in grid), key=lambda point: float(point[-1]))
    points = [point for point in points if np.isfinite(point[-1])][:_N_STARTS]
    if not points:
        raise NotEvaluableError("No curve of this model comes near the standards.")
    found = [_descend(data, point[:-1]) for point in points]
    return min(found, key=lambda theta: float(np.sum(_residual(data, theta) ** 2)))


def _descend(data: FitData, theta: Floats) -> Floats:
    from scipy.optimize import least_squares

    for method in ("lm", "trf"):
        found = least_squares(
            lambda t: _residual(data, t),
            theta,
            jac=lambda t: _jacobian(data, t),
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
        residual, jacobian = _residual(data, theta), _jacobian(data, theta)
        lengths = np.linalg.norm(jacobian, axis=0)
        if not (lengths > 0).all():
            break
        step, *_ = np.linalg.lstsq(jacobian / lengths, -residual, rcond=None)
        candidate = theta + step / lengths
        candidate_cosine = _cosine(data, candidate)
        is_better = candidate_cosine < cosine and np.sum(_residual(data, candidate) ** 2) <= residual @ residual * (
            1 + 1e-12
        )
        if not is_better:
            break
        theta, cosine = candidate, candidate_cosine
    return theta


def _cosine(data: FitData, theta: Floats) -> float:
    residual, jacobian = _residual(data, theta), _jacobian(data, theta)
    if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
        return float("inf")
    return gradient_cosine(residual, jacobian, data.root_weight * data.signal)


def _residual(data: FitData, theta: Floats) -> Floats:
    value, _ = response_and_jacobian(theta, np.asarray(data.direction), data.log_x, n_params=data.n_params)
    return np.asarray(data.root_weight * (value - data.signal))


def _jacobian(data: FitData, theta: Floats) -> Floats:
    _, jacobian = response_and_jacobian(theta, np.asarray(data.direction), data.log_x, n_params=data.n_params)
    return np.asarray(data.root_weight[:, None] * jacobian)


def _condition(jacobian: Floats) -> float:
    lengths = np.linalg.norm(jacobian, axis=0)
    if not ((lengths > 0) & np.isfinite(lengths)).all():
        return float("inf")
    return float(np.linalg.cond(jacobian / lengths))


def _covariance(data: FitData, theta: Floats, jacobian: Floats, variance: float) -> tuple[tuple[float, ...], ...]:
    """Return the covariance in natural parameters, by the chain rule; empty if the Jacobian is singular."""
    order = [1, 0, 3, 2] if data.direction < 0 else [2, 0, 3, 1]
    order += [4] if len(theta) == 5 else []
    by_natural = np.ones(len(theta))
    by_natural[[0, 3]] = np.exp(theta[[0, 3]])
    if len(theta) == 5:
        by_natural[4] = np.exp(theta[4])
    natural = (jacobian / by_natural)[:, order]
    lengths = np.linalg.norm(natural, axis=0)
    if not _condition(natural) < 1 / np.finfo(float).eps ** 0.5:
        return ()
    upper = np.linalg.qr(natural / lengths, mode="r")
    inverse = np.linalg.inv(upper)
    covariance = variance * (inverse @ inverse.T) / np.outer(lengths, lengths)
    return tuple(tuple(float(cell) for cell in row) for row in covariance)
