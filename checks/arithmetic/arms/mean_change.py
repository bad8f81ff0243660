"""Difference of the mean changes of two arms with Welch's interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class MeanChange:
    """Second arm minus first."""

    estimate: float
    """Difference of the means, in the unit of the changes."""
    ci_low: float
    """Lower limit."""
    ci_high: float
    """Upper limit."""
    df: float
    """Degrees of freedom by Welch and Satterthwaite."""
    p_two: float
    """Two-sided p of Welch's t."""


def mean_change(changes: Floats, is_second: Flags, *, conf: float = 0.95) -> MeanChange | Refusal:
    """Compare the mean changes of two arms whose scatter may differ.

    Parameters
    ----------
    changes : ndarray of float, shape (n_subjects,)
        Changes; finite.
    is_second : ndarray of bool, shape (n_subjects,)
        Who is in the second arm.
    conf : float
        Level of the interval, above 0 and below 1.

    Returns
    -------
    MeanChange or Refusal
        A refusal where an arm has fewer than two changes, or neither varies.

    References
    ----------
    .. [1] Welch BL. The generalization of Student's problem when several different population variances are involved.
       Biometrika. 1947;34(1-2):28-35. doi:10.1093/biomet/34.1-2.28
    """
    from scipy.special import stdtr, stdtrit

    arms = (changes[is_second], changes[~is_second])
    if min(arm.size for arm in arms) < 2:
        return Refusal("A mean with an interval needs two pairs in each arm.")
    squares = [float(arm.var(ddof=1)) / arm.size for arm in arms]
    if sum(squares) <= 0:
        return Refusal("The changes of each arm do not vary, so there is no scatter to hold the arms against.")
    df = sum(squares) ** 2 / sum(one**2 / (arm.size - 1) for one, arm in zip(squares, arms, strict=True))
    estimate, se = float(arms[0].mean() - arms[1].mean()), sum(squares) ** 0.5
    reach = float(stdtrit(df, (1 + conf) / 2)) * se
    return MeanChange(estimate, estimate - reach, estimate + reach, df, 2 * float(stdtr(df, -abs(estimate / se))))
