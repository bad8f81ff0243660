"""The four- and five-parameter logistic curve: its parameters, values and derivatives.

Rising and falling curves are one formula on an internal scale, so that many curves can be computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.curves.plain_curve import PlainCurve
from schemas.json_model import JsonModel

Floats = NDArray[np.float64]
MODELS = ("4pl", "5pl")
PLAIN_MODELS = ("linear", "log-log", "quadratic", "point-to-point")
"""Models without a plateau; see ``plain_curve``."""
WEIGHTS = ("none", "1/y", "1/y2")
_ZERO_DOSE = 1e300
"""Exponent that stands for an infinite one: a 5PL raises its exponential to the power g, which may be near 0."""


@dataclass(frozen=True, slots=True)
class CurveParams(JsonModel):
    """Parameters of one curve: y = d + (a - d) / (1 + (x / c)^b)^g, or those of a plainer shape.

    Notes
    -----
    With g = 1 (4PL) the formula holds for rising and falling curves. The asymmetry g of a 5PL always belongs to the
    upper asymptote, as in LL.5 of the R package drc: a falling curve (a above d) is the formula as it stands, a
    rising one is y = a + (d - a) / (1 + (x / c)^-b)^g. With g = 1 both are the same curve. Where a shape is named, a, b
    and c are its coefficients (``plain_curve.FORMULAS``) and d and g mean nothing.
    """

    json_keys = "a b c d g shape? knots?"

    a: float
    """Response at dose 0, in units of the signal."""
    b: float
    """Slope, above 0, without unit."""
    c: float
    """Scale of the dose, in units of concentration, above 0; the midpoint where g is 1."""
    d: float
    """Response at infinite dose, in units of the signal."""
    g: float = 1.0
    """Asymmetry, above 0, without unit; 1 for 4PL."""
    shape: str | None = None
    """Shape of a curve that is not logistic: ``linear``, ``log-log``, ``quadratic`` or ``point-to-point``."""
    knots: tuple[tuple[float, float], ...] | None = None
    """Its lowest and highest standard, or all of them from point to point: concentration and signal."""

    @property
    def is_rising(self) -> bool:
        """Whether the signal grows with the dose.

        Returns
        -------
        bool
            True if d is above a.
        """
        return self.d > self.a if self.plain is None else self.plain.is_rising

    @property
    def plain(self) -> PlainCurve | None:
        """The curve where it is not logistic.

        Returns
        -------
        PlainCurve or None
            None for a 4PL or 5PL.
        """
        if self.shape is None or self.knots is None:
            return None
        return PlainCurve(self.shape, (self.a, self.b, self.c), self.knots)

    def response(self, dose: Floats) -> Floats:
        """Return the signal that the curve gives at each dose.

        Parameters
        ----------
        dose : ndarray of float, shape (n_wells,)
            Concentrations, 0 or above; NaN stays NaN.

        Returns
        -------
        ndarray of float, shape (n_wells,)
            Signals.

        Examples
        --------
        >>> CurveParams(a=0.0, b=1.0, c=10.0, d=2.0).response(np.array([0.0, 10.0])).round(9).tolist()
        [0.0, 1.0]
        """
        dose = np.asarray(dose, dtype=float)
        if self.plain is not None:
            return self.plain.response(dose)
        theta, direction = internal(self)
        value, _ = response_and_jacobian(theta, direction, log_dose(dose), n_params=5)
        return np.where(np.isnan(dose), np.nan, value)


def internal(params: CurveParams) -> tuple[Floats, Floats]:
    """Return the internal parameters and the direction of a curve.

    Parameters
    ----------
    params : CurveParams
        The curve.

    Returns
    -------
    theta : ndarray of float, shape (5,)
        log b, lower part's end, upper part's end, log c, log g.
    direction : ndarray of float, shape ()
        -1 for a rising curve, 1 for a falling one.
    """
    direction = -1.0 if params.is_rising else 1.0
    low, high = (params.a, params.d) if params.is_rising else (params.d, params.a)
    return np.array([np.log(params.b), low, high, np.log(params.c), np.log(params.g)]), np.asarray(direction)


def external(theta: Floats, direction: float) -> CurveParams:
    """Return the curve of internal parameters.

    Parameters
    ----------
    theta : ndarray of float, shape (4,) or (5,)
        Internal parameters.
    direction : float
        -1 for a rising curve, 1 for a falling one.

    Returns
    -------
    CurveParams
        The curve.
    """
    a, d = (theta[1], theta[2]) if direction < 0 else (theta[2], theta[1])
    g = float(np.exp(theta[4])) if theta.size > 4 else 1.0
    return CurveParams(a=float(a), b=float(np.exp(theta[0])), c=float(np.exp(theta[3])), d=float(d), g=g)


def log_dose(dose: Floats) -> Floats:
    """Return the natural logarithm of each dose; -inf where the dose is 0.

    Parameters
    ----------
    dose : ndarray of float
        Concentrations, 0 or above.

    Returns
    -------
    ndarray of float
        Logarithms.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(np.asarray(dose, dtype=float)))


def response_and_jacobian(theta: Floats, direction: Floats, log_x: Floats, *, n_params: int) -> tuple[Floats, Floats]:
    """Return signals and their derivatives by the internal parameters.

    Parameters
    ----------
    theta : ndarray of float, shape (..., 4) or (..., 5)
        log b, low, high, log c and, for 5PL, log g.
    direction : ndarray of float, shape (...)
        -1 for a rising curve, 1 for a falling one.
    log_x : ndarray of float, shape (..., n_wells)
        Logarithms of the doses; -inf for dose 0.
    n_params : int
        4 or 5.

    Returns
    -------
    value : ndarray of float, shape (..., n_wells)
        Signals.
    jacobian : ndarray of float, shape (..., n_wells, n_params)
        Derivatives.

    Notes
    -----
    y = low + (high - low) * h, h = (1 + e^z)^-g, z = direction * b * (log x - log c), computed without overflow.
    """
    low, high = theta[..., 1, None], theta[..., 2, None]
    with np.errstate(over="ignore"):
        slope = np.asarray(direction)[..., None] * np.exp(theta[..., 0, None])
    z = exponent(slope, theta[..., 3, None], log_x)
    base, rest = logistic(z)
    if n_params == 4:
        by_z = -(high - low) * base * rest
        return low + (high - low) * base, np.stack([by_z * z, rest, base, -by_z * slope], axis=-1)
    with np.errstate(invalid="ignore", over="ignore"):
        g = np.exp(theta[..., 4, None])
        log_base = -np.logaddexp(0.0, z)
        h = np.exp(g * log_base)
        by_z = -(high - low) * g * h * rest
        columns = [by_z * z, 1.0 - h, h, -by_z * slope, (high - low) * h * log_base * g]
    return low + (high - low) * h, np.stack(columns, axis=-1)


def exponent(slope: Floats, log_c: Floats, log_x: Floats) -> Floats:
    """Return z = slope * (log x - log c), held within what exp can bear; dose 0 lies at its end.

    Parameters
    ----------
    slope : ndarray of float
        Slope b, times -1 for a rising curve.
    log_c, log_x : ndarray of float
        Logarithms of scale and dose, of shapes that fit together.

    Returns
    -------
    ndarray of float
        Exponents.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        z = np.where(np.isneginf(log_x), -_ZERO_DOSE * np.sign(slope), slope * (log_x - log_c))
    return np.asarray(np.clip(z, -_ZERO_DOSE, _ZERO_DOSE))


def logistic(z: Floats) -> tuple[Floats, Floats]:
    """Return 1 / (1 + e^z) and its complement, both without loss of digits.

    Parameters
    ----------
    z : ndarray of float
        Exponents.

    Returns
    -------
    base, rest : ndarray of float
        The two fractions, which sum up to 1.
    """
    small = np.exp(-np.abs(z))
    larger = 1.0 / (1.0 + small)
    smaller = small * larger
    is_positive = z > 0
    return np.where(is_positive, smaller, larger), np.where(is_positive, larger, smaller)
