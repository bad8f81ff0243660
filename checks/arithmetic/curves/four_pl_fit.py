"""Fit one logistic curve to its standards, to the true least-squares optimum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from checks.arithmetic.curves.four_pl import MODELS, CurveParams, Floats, external
from checks.arithmetic.curves.four_pl_asymmetry import ASYMMETRY_BOUNDS
from checks.arithmetic.curves.four_pl_data import FitData, fit_data
from checks.arithmetic.curves.four_pl_optimum import (
    COSINE_LIMIT,
    gradient_cosine,
    optimum,
    weighted_jacobian,
    weighted_residual,
)
from checks.arithmetic.curves.four_pl_rival import has_rival, problem_of
from checks.arithmetic.curves.four_pl_solve import solve
from schemas.json_model import JsonModel

CONDITION_LIMIT = 1e5
"""Condition number of the column-scaled Jacobian above which single parameters mean nothing, without unit."""


@dataclass(frozen=True, slots=True)
class Fit(JsonModel):
    """One fitted curve, and how far it can be trusted."""

    model: str
    """``4pl``, ``5pl``, ``linear``, ``log-log``, ``quadratic`` or ``point-to-point``."""
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
    has_rival: bool = False
    """Whether a 5PL that bends at the other end fits better by letting its asymmetry run away."""

    @property
    def why_ill_determined(self) -> str:
        """Return why single parameters mean nothing, as the end of a sentence.

        Returns
        -------
        str
            Empty for a fit that is well determined.
        """
        low_g, high_g = ASYMMETRY_BOUNDS
        if self.is_well_determined:
            return ""
        if not low_g <= self.params.g <= high_g:
            return f"the asymmetry g runs to {self.params.g:.3g}, beyond {low_g:g} to {high_g:g}"
        if self.has_rival:
            return "a curve that bends at its other end fits better, with an asymmetry that runs away"
        return f"the condition number of the fit is {self.condition_number:.2g}, above {CONDITION_LIMIT:g}"

    @property
    def aicc(self) -> float | None:
        """Return Akaike's criterion with its correction for few wells, up to a constant of the standards.

        Returns
        -------
        float or None
            n log(wrss / n) + 2 k + 2 k (k + 1) / (n - k - 1), where k counts the parameters and the variance; None
            where that is not defined.

        References
        ----------
        .. [1] Hurvich CM, Tsai CL. Regression and time series model selection in small samples. Biometrika.
           1989;76(2):297-307. doi:10.1093/biomet/76.2.297
        """
        if self.model == "point-to-point":
            return None
        k = len(self.covariance) + 1 if self.params.shape else MODELS.index(self.model) + 5
        n = self.df + k - 1
        if self.wrss <= 0 or n <= k + 1:
            return None
        return float(n * np.log(self.wrss / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1))

    @property
    def se(self) -> dict[str, float | None]:
        """Return the Gauss-Newton standard error of each parameter.

        Returns
        -------
        dict of str to float or None
            Standard errors; None where there is none.
        """
        n_names = {"5pl": 5, "linear": 2, "log-log": 2, "quadratic": 3, "point-to-point": 0}.get(self.model, 4)
        names = ("a", "b", "c", "d", "g")[:n_names]
        if not self.covariance:
            return dict.fromkeys(names)
        return {name: float(np.sqrt(self.covariance[i][i])) for i, name in enumerate(names)}

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
        knots = tree["params"].get("knots")
        params = tree["params"] | ({"knots": tuple((conc, signal) for conc, signal in knots)} if knots else {})
        return cls(**{**tree, "params": CurveParams(**params), "covariance": covariance})


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
    Jacobian from the best three, a trust-region method where that stops early, and the batch's way as well, whose many
    starts matter for a 5PL that is hardly determined: the smaller weighted RSS is taken. Convergence is judged by the
    gradient, not by the method's own word.

    References
    ----------
    .. [1] Golub GH, Pereyra V. The differentiation of pseudo-inverses and nonlinear least squares problems whose
       variables separate. SIAM J Numer Anal. 1973;10(2):413-432.
    """
    data = fit_data(conc, signal, model=model, weight=weight)
    problem = problem_of(data)
    together = solve(problem)[0][0]
    candidates = [describe(data, theta, model=model, weight=weight) for theta in (optimum(data, together), together)]
    found = min(candidates, key=lambda fit: (not np.isfinite(fit.wrss), fit.wrss, fit.gradient_cosine))
    return with_rival(found, is_there=bool(has_rival(problem, np.array([found.wrss]))[0]))


def with_rival(found: Fit, *, is_there: bool) -> Fit:
    """Return a fit that knows of its rival: with one it is not well determined.

    Parameters
    ----------
    found : Fit
        The fit.
    is_there : bool
        Whether :func:`checks.arithmetic.curves.four_pl_rival.has_rival` holds for it.

    Returns
    -------
    Fit
        The same fit where there is none.
    """
    return replace(found, has_rival=True, is_well_determined=False) if is_there else found


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
    residual, jacobian = weighted_residual(data, theta), weighted_jacobian(data, theta)
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


def _condition(jacobian: Floats) -> float:
    with np.errstate(over="ignore"):
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
    with np.errstate(over="ignore"):
        natural = (jacobian / by_natural)[:, order]
        lengths = np.linalg.norm(natural, axis=0)
    if not _condition(natural) < 1 / np.finfo(float).eps ** 0.5:
        return ()
    upper = np.linalg.qr(natural / lengths, mode="r")
    inverse = np.linalg.inv(upper)
    covariance = variance * (inverse @ inverse.T) / np.outer(lengths, lengths)
    return tuple(tuple(float(cell) for cell in row) for row in covariance)
