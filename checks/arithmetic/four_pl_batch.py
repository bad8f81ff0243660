"""Fit many logistic curves at once; what the batch cannot finish goes to the single fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checks.arithmetic.four_pl import Floats
from checks.arithmetic.four_pl_data import fit_data
from checks.arithmetic.four_pl_fit import Fit, describe
from checks.arithmetic.four_pl_optimum import optimum
from schemas.errors import NotEvaluableError

_CHUNK = 2048
_MAX_STEPS = 60
_MIN_BATCH = 4
"""Curves below which the single fit is as fast."""
_FINE_COSINE = 1e-9
"""Cosine at which a curve leaves the batch, far below the limit of convergence."""


@dataclass(frozen=True, slots=True)
class BatchOptimum:
    """Optima of many curves."""

    theta: Floats
    """Internal parameters, shape (n_curves, n_params)."""
    wrss: Floats
    """Weighted residual sums of squares, shape (n_curves,)."""
    gradient_cosine: Floats
    """Cosines between residual and tangent plane, shape (n_curves,)."""


def fit_many(
    curves: Sequence[tuple[Floats, Floats]], *, model: str = "4pl", weight: str = "1/y2"
) -> list[Fit | NotEvaluableError]:
    """Fit many curves, each with its own standards.

    Parameters
    ----------
    curves : sequence of tuple of ndarray of float
        Concentrations and signals of each curve; lengths may differ.
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
    outcomes: list[Fit | NotEvaluableError] = []
    for conc, signal in curves:
        try:
            data = fit_data(conc, signal, model=model, weight=weight)
            outcomes.append(describe(data, optimum(data), model=model, weight=weight))
        except NotEvaluableError as error:
            outcomes.append(error)
    return outcomes
