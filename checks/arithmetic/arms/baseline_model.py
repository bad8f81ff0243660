"""Analysis of covariance: follow-up values of two arms, adjusted for the baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class BaselineModel:
    """Fitted line with one slope and two arms."""

    estimate: float
    """Second arm minus first at the same baseline, in the unit of the values (natural logarithms on a log scale)."""
    se: float
    """Its standard error."""
    df: int
    """Degrees of freedom: subjects less 3."""
    t: float
    """Estimate over standard error."""
    p_two: float
    """Two-sided p."""
    p_less: float
    """One-sided p for lower values in the second arm."""
    p_greater: float
    """One-sided p for higher ones."""
    ci_low: float
    """Lower limit."""
    ci_high: float
    """Upper limit."""
    slope: float
    """Follow-up by baseline, common to both arms."""


def baseline_model(before: Floats, after: Floats, is_second: Flags, *, conf: float = 0.95) -> BaselineModel | Refusal:
    """Compare the follow-up values of two arms at the same baseline.

    Parameters
    ----------
    before, after : ndarray of float, shape (n_subjects,)
        Values of each subject, in one unit; finite.
    is_second : ndarray of bool, shape (n_subjects,)
        Who is in the second arm.
    conf : float
        Level of the interval, above 0 and below 1.

    Returns
    -------
    BaselineModel or Refusal
        A refusal with fewer than 4 subjects, one arm, one baseline for all (within the arms), or values without
        residual scatter.

    References
    ----------
    .. [1] Vickers AJ, Altman DG. Analysing controlled trials with baseline and follow up measurements. BMJ.
       2001;323:1123-4. doi:10.1136/bmj.323.7321.1123
    """
    from scipy.special import stdtr, stdtrit

    design = np.column_stack([np.ones(before.size), is_second.astype(float), before])
    df = before.size - 3
    if df < 1 or np.linalg.matrix_rank(design) < 3:
        return Refusal("A line over the baseline needs both arms, four subjects and different baselines.")
    coefficients = np.linalg.lstsq(design, after, rcond=None)[0]
    left = float(((after - design @ coefficients) ** 2).sum())
    if left <= (1e-12 * float(np.abs(after).max() or 1.0)) ** 2:
        return Refusal("The values lie on the line exactly: there is no scatter to hold the arms against.")
    se = float((left / df * np.linalg.inv(design.T @ design)[1, 1]) ** 0.5)
    estimate = float(coefficients[1])
    t, reach = estimate / se, float(stdtrit(df, (1 + conf) / 2)) * se
    less, two = float(stdtr(df, t)), 2 * float(stdtr(df, -abs(t)))
    return BaselineModel(
        estimate, se, df, t, two, less, float(stdtr(df, -t)), estimate - reach, estimate + reach, float(coefficients[2])
    )
