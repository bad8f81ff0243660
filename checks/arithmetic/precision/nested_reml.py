"""Variance components of nested designs by restricted maximum likelihood, none below 0."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from checks.arithmetic.precision.nested_anova import TOTAL, nested_cells
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
MOST_RESULTS = 600
"""Results beyond which the dense algebra would take minutes."""
MOST_STEPS = 200
"""Scoring steps; a well-determined design takes about ten."""
SETTLED = 1e-11
"""Relative change of the components at which they have settled; no unit."""


def nested_reml(
    values: Floats, factors: Mapping[str, Labels], start: Mapping[str, float]
) -> dict[str, float] | Refusal:
    """Estimate the variance components of a nested design by restricted maximum likelihood.

    Parameters
    ----------
    values : ndarray of float, shape (n_results,)
        Results in any one unit, without NaN.
    factors : mapping of str to ndarray of int, shape (n_results,)
        Labels by factor, the outermost first.
    start : mapping of str to float
        Component of each factor and of ``error`` to begin with, such as those of the analysis of variance.

    Returns
    -------
    dict of str to float or Refusal
        Variance by name, ``total`` first; a refusal if the steps do not settle, or beyond 600 results.

    Notes
    -----
    Fisher scoring; a component that would fall below 0 is held at 0 as long as the likelihood wants it lower. For a
    balanced design without a negative component the answer is that of the analysis of variance.

    References
    ----------
    .. [1] Patterson HD, Thompson R. Recovery of inter-block information when block sizes are unequal. Biometrika.
       1971;58(3):545-554. doi:10.1093/biomet/58.3.545
    """
    if values.size > MOST_RESULTS:
        return Refusal(f"Restricted maximum likelihood is given for at most {MOST_RESULTS} results.")
    scale = float(np.var(values))
    if scale == 0:
        return Refusal("All results are equal, so no variance can be estimated.")
    cells = nested_cells(list(factors.values()), values.size)[1:]
    shapes = [np.equal.outer(cell, cell).astype(float) for cell in cells]
    found = _settle((values - values.mean()) / scale**0.5, shapes, np.array([start[name] for name in start]) / scale)
    if found is None:
        return Refusal("The restricted likelihood has no settled maximum; read the analysis of variance.")
    named = dict(zip(start, (found * scale).tolist(), strict=True))
    return {TOTAL: float(np.sum(found) * scale), **named}


def _settle(y: Floats, shapes: list[Floats], variances: Floats) -> Floats | None:
    floor = 1e-8  # of the variance of the results: the error is never exactly 0
    variances = np.maximum(variances, floor)
    for _ in range(MOST_STEPS):
        score, information = _score(y, shapes, variances)
        is_free = (variances > 0) | (score > 0)
        step = np.zeros_like(variances)
        step[is_free] = np.linalg.lstsq(information[np.ix_(is_free, is_free)], score[is_free], rcond=None)[0]
        moved = np.maximum(variances + step, 0.0)
        moved[-1] = max(moved[-1], variances[-1] / 10, floor**2)
        if np.max(np.abs(moved - variances)) <= SETTLED * np.sum(moved):
            return moved
        variances = moved
    return None


def _score(y: Floats, shapes: list[Floats], variances: Floats) -> tuple[Floats, Floats]:
    total = sum(v * shape for v, shape in zip(variances, shapes, strict=True))
    inverse = np.linalg.inv(np.asarray(total))
    ones = inverse.sum(axis=1)
    projection = inverse - np.outer(ones, ones) / ones.sum()
    residual = projection @ y
    products = [projection @ shape for shape in shapes]
    score = np.array([residual @ shape @ residual - np.trace(p) for p, shape in zip(products, shapes, strict=True)]) / 2
    information = np.array([[np.sum(a * b.T) for b in products] for a in products]) / 2
    return score, information
