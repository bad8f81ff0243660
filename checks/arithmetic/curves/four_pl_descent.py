"""Levenberg-Marquardt on many logistic curves at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.arithmetic.curves.four_pl import Floats, response_and_jacobian

MAX_STEPS = 60
"""Steps in which nearly every curve arrives."""
_FINE_COSINE = 1e-9
"""Cosine at which a curve is done: far below the limit of convergence, so that wrss is exact to rounding."""
_EXACT = 1e-13
"""Residual, as a fraction of the signal, that is rounding and no misfit."""
_SMALL_DAMPING = 1e-2
_LARGEST_DAMPING = 1e10
_TINY = 1e-300
_UNDERFLOW = 1e-150
"""Length of a derivative below which its square is no longer a normal double."""
_ROUNDING_RIDGE = 1e-12


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
    within: Floats
    """Weighted sum of squares within levels, which no curve can lower, shape (n_curves,); 0 where wells stand alone."""

    def at(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Problem:
        """Return some of the curves.

        Parameters
        ----------
        rows : ndarray of bool, shape (n_curves,), or of int
            Which.

        Returns
        -------
        Problem
            The same, smaller.
        """
        picked = (self.log_x[rows], self.signal[rows], self.root_weight[rows], self.direction[rows])
        return Problem(*picked, self.n_params, self.within[rows])

    def merged(self) -> Problem:
        """Return the same problem with one well a level, where all curves share their doses.

        Returns
        -------
        Problem
            Weighted means of the replicates, the sum of their weights, and what lies within levels; the optimum and
            its weighted RSS are the same. The problem itself where the curves differ in their doses.
        """
        levels, place = np.unique(self.log_x[0], return_inverse=True)
        if len(levels) == self.log_x.shape[1] or not (self.log_x == self.log_x[0]).all():
            return self
        weight = self.root_weight**2
        total = _added(weight, place)
        mean = _added(weight * self.signal, place) / np.where(total > 0, total, 1.0)
        within = (weight * (self.signal - mean[:, place]) ** 2).sum(1)
        log_x = np.broadcast_to(levels, total.shape)
        return Problem(log_x, mean, np.sqrt(total), self.direction, self.n_params, self.within + within)

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


def _added(rows: Floats, place: NDArray[np.int64]) -> Floats:
    # Column by column: a matrix product would add in an order that depends on how many curves there are.
    total = np.zeros((len(rows), int(place.max()) + 1))
    for column, level in enumerate(place):
        total[:, level] += rows[:, column]
    return total


def descend(problem: Problem, theta: Floats, *, max_steps: int = MAX_STEPS) -> tuple[Floats, Floats, Floats]:
    """Return the optimum that each curve reaches from its start.

    Parameters
    ----------
    problem : Problem
        The curves.
    theta : ndarray of float, shape (n_curves, n_params)
        Start values.
    max_steps : int
        Most steps.

    Returns
    -------
    theta : ndarray of float, shape (n_curves, n_params)
        Internal parameters.
    wrss : ndarray of float, shape (n_curves,)
        Weighted residual sums of squares.
    gradient_cosine : ndarray of float, shape (n_curves,)
        How far each is from an optimum; what is above the limit of convergence did not reach one.
    """
    theta, wrss, cosine = theta.copy(), np.full(len(theta), np.inf), np.full(len(theta), np.inf)
    rows, damping = np.arange(len(theta)), np.full(len(theta), 1e-3)
    part, here = problem, theta.copy()
    with np.errstate(all="ignore"):
        residual, jacobian = part.linearised(here)
        for _ in range(max_steps):
            step, cosine[rows] = _step(part, residual, jacobian, damping)
            theta[rows], wrss[rows] = here, _square(residual)
            is_at_optimum = (cosine[rows] <= _FINE_COSINE) & (damping <= _SMALL_DAMPING)
            is_open = ~is_at_optimum & (damping < _LARGEST_DAMPING)
            if not is_open.any():
                break
            if not is_open.all():
                rows, part, damping = rows[is_open], part.at(is_open), damping[is_open]
                here, step, residual, jacobian = here[is_open], step[is_open], residual[is_open], jacobian[is_open]
            next_residual, next_jacobian = part.linearised(here + step)
            is_better = _square(next_residual) <= _square(residual)
            here = np.where(is_better[:, None], here + step, here)
            residual = np.where(is_better[:, None], next_residual, residual)
            jacobian = np.where(is_better[:, None, None], next_jacobian, jacobian)
            damping = np.where(is_better, np.maximum(damping * 0.1, 1e-15), damping * 5)
        # Damping makes a cosine look smaller: what is handed out is told without it.
        _, cosine = _step(problem, *problem.linearised(theta), np.zeros(len(theta)))
    return theta, wrss + problem.within, np.where(np.isfinite(cosine), cosine, np.inf)


def _square(residual: Floats) -> Floats:
    return np.asarray(np.einsum("cw,cw->c", residual, residual))


def _step(part: Problem, residual: Floats, jacobian: Floats, damping: Floats) -> tuple[Floats, Floats]:
    """Return the damped step of each curve, and the cosine of its residual with the tangent plane."""
    lengths = np.sqrt((jacobian**2).sum(1))
    # A derivative whose square is lost to underflow moves nothing: its parameter stays where it is.
    lengths = np.where(lengths > _UNDERFLOW, lengths, np.inf)
    unit = jacobian / lengths[:, None, :]
    transposed = unit.transpose(0, 2, 1)
    gradient = (transposed @ residual[..., None])[..., 0]
    normal = transposed @ unit
    is_sound = np.isfinite(normal).all((1, 2)) & np.isfinite(gradient).all(1)
    normal[~is_sound], gradient[~is_sound] = np.eye(part.n_params), 0.0
    # The smallest ridge makes a singular matrix regular; its curve will not pass for converged.
    damped = normal + (damping + 1e-15)[:, None, None] * np.eye(part.n_params)
    solved = _solved(damped, gradient)
    norm = np.sqrt(_square(residual) + part.within)
    reach = _EXACT * np.sqrt(_square(part.root_weight * part.signal))
    projection = np.sqrt(np.maximum((gradient * solved).sum(-1), 0.0))
    cosine = np.where(norm <= reach, 0.0, projection / np.maximum(norm, _TINY))
    return solved / lengths, np.where(is_sound, cosine, np.inf)


def _solved(normal: Floats, gradient: Floats) -> Floats:
    """Return the steps; where rounding made a matrix singular all the same, under a ridge that it cannot undo."""
    try:
        return np.asarray(np.linalg.solve(normal, gradient[..., None])[..., 0])
    except np.linalg.LinAlgError:
        return np.array([_solved_alone(*one) for one in zip(normal, gradient, strict=True)])


def _solved_alone(normal: Floats, gradient: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(normal, gradient))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.solve(normal + _ROUNDING_RIDGE * np.eye(len(normal)), gradient))
