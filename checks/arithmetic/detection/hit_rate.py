"""Limit of detection by probit: the concentration at which 95 of 100 results are positive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.arithmetic.detection.blank_limit import SHARE_BELOW
from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MOST_STEPS = 100  # scoring steps; a fit that needs more has no finite optimum
_CLOSE = 1e-12  # relative change of the coefficients at which the fit stands
_Z_TWO_SIDED = 1.959963984540054  # 97.5 % point of the standard normal


@dataclass(frozen=True, slots=True)
class HitRateLimit:
    """Concentration of 95 % positive results, from a probit line over the logarithm of the concentration."""

    value: float
    """Limit of detection, in the unit of the concentrations."""
    lo: float
    """Lower end of its 95 % interval, by the delta method on the log scale."""
    hi: float
    """Upper end."""
    intercept: float
    """Probit at concentration 1."""
    slope: float
    """Probits a decade."""
    misfit_p: float | None
    """p of Pearson's chi-square against the line; None with two concentrations."""


def hit_rate_limit(concentrations: Floats, hits: Floats, tries: Floats) -> HitRateLimit | Refusal:
    """Fit a probit line by maximum likelihood and read it at 95 %.

    Parameters
    ----------
    concentrations : ndarray of shape (n,)
        Nominal concentrations above 0, each once.
    hits, tries : ndarray of shape (n,)
        Positive results and all results at each.

    Returns
    -------
    HitRateLimit or Refusal
        Limit and line; a refusal where fewer than two concentrations lie between none and all, where the line does not
        rise, and where no optimum is found.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.5.
    .. [2] Finney DJ. Probit Analysis. 3rd ed. Cambridge University Press, 1971.
    """
    n_between = int(((hits > 0) & (hits < tries)).sum())
    if n_between < 2:
        return Refusal(f"Hit rates between 0 and 100 % stand at {n_between} concentrations; a line needs two.")
    design = np.column_stack([np.ones(concentrations.size), np.log10(concentrations)])
    found = _scored(design, hits, tries)
    if found is None:
        return Refusal("The hit rates have no probit line: no optimum was found.")
    (intercept, slope), information = found
    if slope <= 0:
        return Refusal("The hit rate does not rise with the concentration.")
    return _read(float(intercept), float(slope), information, _misfit_p(design @ [intercept, slope], hits, tries))


def _scored(design: Floats, hits: Floats, tries: Floats) -> tuple[Floats, Floats] | None:
    from scipy.stats import norm

    line = np.zeros(2)
    for _ in range(MOST_STEPS):
        probits = design @ line
        chance = np.clip(norm.cdf(probits), 1e-15, 1 - 1e-15)
        height = norm.pdf(probits)
        weights = tries * height**2 / (chance * (1 - chance))
        information = design.T @ (weights[:, None] * design)
        score = design.T @ (height * (hits - tries * chance) / (chance * (1 - chance)))
        if np.linalg.cond(information) > 1e14:
            return None
        step = np.linalg.solve(information, score)
        line = line + step
        if np.max(np.abs(step)) <= _CLOSE * max(1.0, float(np.max(np.abs(line)))):
            return line, information
    return None


def _misfit_p(probits: Floats, hits: Floats, tries: Floats) -> float | None:
    from scipy.stats import chi2, norm

    if hits.size < 3:
        return None
    chance = norm.cdf(probits)
    spread = np.maximum(tries * chance * (1 - chance), np.finfo(float).tiny)
    return float(chi2.sf(np.sum((hits - tries * chance) ** 2 / spread), hits.size - 2))


def _read(intercept: float, slope: float, information: Floats, misfit_p: float | None) -> HitRateLimit:
    from scipy.stats import norm

    at = (float(norm.ppf(SHARE_BELOW)) - intercept) / slope
    gradient = np.array([-1 / slope, -at / slope])
    half = _Z_TWO_SIDED * float(gradient @ np.linalg.solve(information, gradient)) ** 0.5
    return HitRateLimit(10**at, 10 ** (at - half), 10 ** (at + half), intercept, slope, misfit_p)
