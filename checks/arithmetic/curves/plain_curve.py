"""Curves that need no plateau: a straight line, a line or a parabola of the logarithms, or from point to point.

Each is written in the record of a logistic curve, with its shape and the ends of its standards; only within them it is
known to be one curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
N_COEFFICIENTS = {"linear": 2, "log-log": 2, "quadratic": 3, "point-to-point": 0}
"""Parameters of each model, a first."""
FORMULAS = {
    "linear": "y = a + b x",
    "log-log": "log y = a + b log x",
    "quadratic": "log y = a + b log x + c (log x)^2",
    "point-to-point": "straight between the mean signals of neighbouring standards, log y against log x",
}
"""What the parameters of each model belong to; natural logarithms."""


def basis(shape: str, dose: Floats) -> Floats:
    """Return what the coefficients of a model are multiplied with.

    Parameters
    ----------
    shape : str
        ``linear``, ``log-log`` or ``quadratic``.
    dose : ndarray of float, shape (n_wells,)
        Concentrations; above 0 but for ``linear``.

    Returns
    -------
    ndarray of float, shape (n_wells, n_coefficients)
        One column a coefficient.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        x = dose if shape == "linear" else np.log(dose)
    return np.stack([x**power for power in range(N_COEFFICIENTS[shape])], axis=-1)


@dataclass(frozen=True, slots=True)
class PlainCurve:
    """One curve without a plateau."""

    shape: str
    """``linear``, ``log-log``, ``quadratic`` or ``point-to-point``."""
    coefficients: tuple[float, float, float]
    """a, b and c of its formula; those that it does not have are 0."""
    knots: tuple[tuple[float, float], ...]
    """Concentration and signal of its lowest and highest standard, or of all of them from point to point."""

    @property
    def is_rising(self) -> bool:
        """Whether the signal grows with the dose.

        Returns
        -------
        bool
            True if the highest standard has the larger signal.
        """
        return self.knots[-1][1] > self.knots[0][1]

    def response(self, dose: Floats) -> Floats:
        """Return the signal at each dose.

        Parameters
        ----------
        dose : ndarray of float, shape (n_wells,)
            Concentrations; NaN stays NaN.

        Returns
        -------
        ndarray of float, shape (n_wells,)
            Signals; NaN beyond the ends of ``point-to-point``, and for a dose of 0 but for ``linear``.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.shape == "point-to-point":
                x, y = self._log_knots()
                return np.exp(np.interp(np.log(dose), x, y, left=np.nan, right=np.nan))
            fitted = basis(self.shape, dose) @ np.array(self.coefficients[: N_COEFFICIENTS[self.shape]])
            return np.asarray(fitted if self.shape == "linear" else np.where(dose > 0, np.exp(fitted), np.nan))

    def inverse(self, signal: Floats) -> Floats:
        """Return the concentration that each signal stands for.

        Parameters
        ----------
        signal : ndarray of float, shape (n_wells,)
            Signals; NaN stays NaN.

        Returns
        -------
        ndarray of float, shape (n_wells,)
            Concentrations; NaN where there is none: at or below 0, beyond the vertex of a parabola, beyond the ends of
            ``point-to-point``, and for signals at or below 0 where logarithms are taken.
        """
        a, b, _ = self.coefficients
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if self.shape == "linear":
                dose = (signal - a) / b
            elif self.shape == "log-log":
                dose = np.exp((np.log(signal) - a) / b)
            elif self.shape == "quadratic":
                dose = np.exp(self._root(np.log(signal)))
            else:
                x, y = self._log_knots()
                order = slice(None, None, 1 if self.is_rising else -1)
                dose = np.exp(np.interp(np.log(signal), y[order], x[order], left=np.nan, right=np.nan))
        return np.asarray(np.where(np.isfinite(dose) & (dose > 0), dose, np.nan))

    def side(self, signal: Floats) -> Floats:
        """Return towards which side of the standards each signal lies.

        Parameters
        ----------
        signal : ndarray of float, shape (n_wells,)
            Signals.

        Returns
        -------
        ndarray of float, shape (n_wells,)
            -1 towards dose 0, 1 towards infinite dose; NaN for NaN.
        """
        low, high = self.knots[0][1], self.knots[-1][1]
        position = (signal - low) / (high - low)
        return np.where(np.isnan(position), np.nan, np.where(position < 0.5, -1.0, 1.0))

    def _log_knots(self) -> tuple[Floats, Floats]:
        knots = np.log(np.array(self.knots, dtype=float))
        return knots[:, 0], knots[:, 1]

    def _root(self, log_signal: Floats) -> Floats:
        # The branch of the parabola on which the standards lie, in the form that keeps its digits where c is small.
        a, b, c = self.coefficients
        middle = (np.log(self.knots[0][0]) + np.log(self.knots[-1][0])) / 2
        root = np.sqrt(b**2 - 4 * c * (a - log_signal))
        return np.asarray(2 * (a - log_signal) / (-b - np.sign(b + 2 * c * middle) * root))
