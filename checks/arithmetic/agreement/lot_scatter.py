"""Scatter of samples about the line of two lots, against what the precision of both explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.agreement.method_comparison import Line
from checks.arithmetic.precision.grubbs import grubbs
from checks.arithmetic.precision.nested_anova import chi_square_interval
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
OUTLIER_ALPHA = 0.01  # chance of a false outlier in one comparison; Grubbs 1969, proposed; no unit


@dataclass(frozen=True, slots=True)
class LotScatter:
    """Scatter of the log ratios about the line, as a CV."""

    sd_percent: float
    """SD of log(new / line), in percent."""
    sd_low: float
    """Lower 95 % limit, in percent."""
    sd_high: float
    """Upper 95 % limit, in percent."""
    n_beyond_allowed: int | None
    """Samples whose two results differ by more than the bias that is allowed; None if nobody says."""
    worst_percent: float
    """Largest difference of one sample, in percent of the old result, with its sign."""
    outlier: int | None
    """Place of a sample that lies too far from the line for the scatter of the others; None if there is none."""


def lot_scatter(old: Floats, new: Floats, line: Line, allowed_percent: float | None) -> LotScatter | Refusal:
    """Describe how far single samples lie from the line.

    Parameters
    ----------
    old : ndarray of float, shape (n_samples,)
        Results of the old lot, without NaN.
    new : ndarray of float, shape (n_samples,)
        Results of the new lot, in the same unit and order.
    line : Line
        Line through them.
    allowed_percent : float or None
        Largest bias that is allowed, in percent.

    Returns
    -------
    LotScatter or Refusal
        A refusal where a result, or what the line expects, is not above 0, and where nothing scatters.
    """
    expected = np.asarray(line.intercept + line.slope * old)
    if old.size < 4 or min(old.min(), new.min(), expected.min()) <= 0:
        return Refusal("A scatter in percent needs four samples or more, all results and the line above 0.")
    residuals = np.log(new / expected)
    variance = float((residuals - residuals.mean()) @ (residuals - residuals.mean()) / (old.size - 2))
    if variance <= np.finfo(np.float64).eps ** 2:
        return Refusal("The samples lie on the line: nothing scatters.")
    low, high = chi_square_interval(variance, float(old.size - 2))
    differences = 100 * (new / old - 1)
    found = grubbs(residuals.tolist(), OUTLIER_ALPHA)
    return LotScatter(
        sd_percent=100 * variance**0.5,
        sd_low=100 * low**0.5,
        sd_high=100 * high**0.5,
        n_beyond_allowed=None if allowed_percent is None else int((np.abs(differences) > allowed_percent).sum()),
        worst_percent=float(differences[np.argmax(np.abs(differences))]),
        outlier=found.index if found is not None and found.is_outlying else None,
    )
