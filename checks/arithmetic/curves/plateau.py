"""Whether standards reach the plateaus of their logistic curve, and what their curve is where they do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.arithmetic.curves.four_pl import Floats
from checks.arithmetic.curves.four_pl_fit import Fit
from checks.arithmetic.curves.four_pl_inverse import inverse
from checks.arithmetic.curves.plain_fit import plain_fit
from schemas.errors import NotEvaluableError

_NAMES = {"linear": "a straight line", "log-log": "a power law", "quadratic": "a bent power law"}


def upper_reach(fit: Fit, signal: Sequence[float]) -> float:
    """Return how far the standards go towards the upper plateau.

    Parameters
    ----------
    fit : Fit
        4PL or 5PL.
    signal : sequence of float
        Mean signals of the levels.

    Returns
    -------
    float
        Share of the way from the lower to the upper plateau that the highest signal reaches; 0 to about 1.
    """
    low, high = sorted((fit.params.a, fit.params.d))
    return float((max(signal) - low) / (high - low)) if high > low else 0.0


def shape_of(conc: Floats, signal: Floats) -> tuple[str, str]:
    """Name the plainest model that gives the standards back, and what their curve is.

    Parameters
    ----------
    conc : ndarray of float, shape (n_levels,)
        Concentrations of the levels, above 0.
    signal : ndarray of float, shape (n_levels,)
        Their mean signals.

    Returns
    -------
    model : str
        ``linear``, ``log-log`` or ``quadratic``; empty if none can be fitted.
    words : str
        What it is: ``a power law (log-log line, slope 0.86)``.

    Notes
    -----
    Fitted with weight 1/y2. A line is taken before a parabola unless it doubles the largest error of a level.
    """
    found = {}
    for model in _NAMES:
        try:
            fit = plain_fit(conc, signal, model=model, weight="1/y2")
        except NotEvaluableError:
            continue
        errors = np.abs(inverse(fit.params, signal) / conc - 1)
        if np.isfinite(errors).all():
            found[model] = (float(errors.max()) * (1 if model != "quadratic" else 2), fit)
    if not found:
        return "", "a curve without an upper plateau"
    model = min(found, key=lambda name: found[name][0])
    slope = f" (log-log line, slope {found[model][1].params.b:.2g})" if model == "log-log" else ""
    return model, f"{_NAMES[model]}{slope}"
