"""Levenberg-Marquardt on many logistic curves at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.four_pl import Floats, response_and_jacobian

_MAX_STEPS = 60
_FINE_COSINE = 1e-9
"""Cosine at which a curve is done: far below the limit of convergence, so that wrss is exact to rounding."""
_EXACT = 1e-13
"""Residual, as a fraction of the signal, that is rounding and no misfit."""
_LARGEST_DAMPING = 1e10
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Problem:
    """Curves that are fitted together; wells of weight 0 fill shorter ones up."""

    log_x: Floats
    """Logarithms of the concentrations, shape (n_curves, n_wells); -inf for 0."""
    signal: Floats
    """Signals, shape (n_curves, n_wells)."""
    root_weight: Floats
    """Square roots of the weights, shape (n_curves, n_wells)."""
    direction: Floats
    """-1 for a rising curve, 1 for a falling one, shape (n_curves,)."""
    n_params: int
    """4 or 5."""

    def at(self, rows: NDArray[np.intp]) -> Problem:
        """Return some of the curves.

        Parameters
        ----------
        rows : ndarray of int
            Their positions.

        Returns
        -------
        Problem
            The same, smaller.
        """
        picked = (self.log_x[rows], self.signal[rows], self.root_weight[rows], self.direction[rows])
        return Problem(*picked, self.n_params)

    def linearised(self, theta: Floats) -> tuple[Floats, Floats]:
        """Return weighted residuals (signal minus curve) and weighted derivatives.

        Parameters
        ----------
        theta : ndarray of float, shape (n_curves, n_params)
            Internal parameters.

        Returns
        -------
        residual : ndarray of float, shape (n_curves, n_wells)
            Residuals.
        jacobian : ndarray of float, shape (n_curves, n_wells, n_params)
            Derivatives.
        """
        value, jacobian = response_and_jacobian(theta, self.direction, self.log_x, n_params=self.n_params)
        return self.root_weight * (self.signal - value), self.root_weight[..., None] * jacobian


def descend(problem: Problem, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the optimum that each curve reaches from its start.

    Parameters
    ----------
    problem : Problem
        The curves.
    theta : ndarray of float, shape (n_curves, n_params)
        Start values.

    Returns
    -------
    theta : ndarray of float, shape (n_curves, n_params)
        Internal parameters.
    wrss : ndarray of float, shape (n_curves,)
        Weighted residual sums of squares.
    gradient_cosine : ndarray of float, shape (n_curves,)
        How far each is from an optimum; what is above the limit of convergence did not reach one.
    """
    theta = theta.copy()
    wrss, cosine = np.full(len(theta), np.inf), np.full(len(theta), np.inf)
    rows, damping = np.arange(len(theta)), np.full(len(theta), 1e-3)
    with np.errstate(all="ignore"):
        for _ in range(_MAX_STEPS):
            part = problem.at(rows)
            residual, jacobian = part.linearised(theta[rows])
            wrss[rows] = (residual**2).sum(1)
            step, cosine[rows] = _step(part, residual, jacobian, damping[rows])
            candidate = theta[rows] + step
            candidate_wrss = (part.linearised(candidate)[0] ** 2).sum(1)
            is_better = candidate_wrss <= wrss[rows]
            is_open = (cosine[rows] > _FINE_COSINE) & (damping[rows] < _LARGEST_DAMPING)
            moving = is_better & is_open
            theta[rows[moving]] = candidate[moving]
            damping[rows] = np.where(is_better, np.maximum(damping[rows] * 0.1, 1e-15), damping[rows] * 5)
            rows = rows[is_open]
            if not rows.size:
                break
        residual, jacobian = problem.linearised(theta)
        _, cosine = _step(problem, residual, jacobian, np.zeros(len(theta)))
    return theta, (residual**2).sum(1), np.where(np.isfinite(cosine), cosine, np.inf)


def _step(part: Problem, residual: Floats, jacobian: Floats, damping: Floats) -> tuple[Floats, Floats]:
    """Return the damped step of each curve, and the cosine of its residual with the tangent plane."""
    lengths = np.sqrt((jacobian**2).sum(1)) + _TINY
    unit = jacobian / lengths[:, None, :]
    gradient = np.einsum("cwp,cw->cp", unit, residual)
    normal = np.einsum("cwp,cwq->cpq", unit, unit)
    damped = normal + damping[:, None, None] * np.eye(part.n_params)
    is_sound = np.isfinite(damped).all((1, 2)) & np.isfinite(gradient).all(1)
    damped[~is_sound] = np.eye(part.n_params)
    # A singular matrix is made regular by the smallest ridge; its curve will not pass for converged.
    damped += 1e-16 * np.eye(part.n_params)
    step = np.linalg.solve(damped, gradient[..., None])[..., 0] / lengths
    norm = np.sqrt((residual**2).sum(1))
    reach = _EXACT * np.sqrt(((part.root_weight * part.signal) ** 2).sum(1))
    cosine = np.where(norm <= reach, 0.0, _projection(normal, gradient) / np.maximum(norm, _TINY))
    return np.where(is_sound[:, None], step, np.nan), np.where(is_sound, cosine, np.inf)


def _projection(normal: Floats, gradient: Floats) -> Floats:
    """Return the length of the residual's projection on the tangent plane."""
    ridge = 1e-15 * np.eye(normal.shape[-1])
    sound = np.where(np.isfinite(normal), normal, 0.0) + ridge
    solved = np.linalg.solve(sound, np.nan_to_num(gradient)[..., None])[..., 0]
    return np.asarray(np.sqrt(np.maximum((gradient * solved).sum(-1), 0.0)))
