"""Student's t on the differences of pairs, refused where they do not vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.decimal_steps import mean_as_written
from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairedT:
    """Outcome of one paired t test."""

    t: float
    """Mean difference over its standard error, without unit."""
    df: int
    """Degrees of freedom: pairs less one."""
    p_two: float
    """Two-sided p."""
    p_less: float
    """One-sided p for a fall."""
    p_greater: float
    """One-sided p for a rise."""
    mean_diff: float
    """Mean difference, in the unit of the differences."""
    ci_low: float
    """Lower limit of the mean difference, in the same unit."""
    ci_high: float
    """Upper limit of the mean difference, in the same unit."""
    se: float
    """Standard error of the mean difference, in the same unit."""
    ci95_lo: float
    """Lower 95 % limit, whatever level was asked for."""
    ci95_hi: float
    """Upper 95 % limit."""
    ci90_lo: float
    """Lower 90 % limit: both one-sided tests at 0.05 in one interval."""
    ci90_hi: float
    """Upper 90 % limit."""


def paired_t(differences: Floats, *, scale: float, conf: float = 0.95) -> PairedT | Refusal:
    """Test whether the mean difference is zero.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete, uncensored pairs, in any one unit; finite.
    scale : float
        Largest absolute value that was subtracted: differences that vary less than its rounding are constant.
    conf : float
        Level of the interval, above 0 and below 1.

    Returns
    -------
    PairedT or Refusal
        A refusal below two pairs and where the differences do not vary: t would be infinite and p zero.

    References
    ----------
    .. [1] Student. The probable error of a mean. Biometrika. 1908;6(1):1-25. doi:10.2307/2331554
    """
    n_pairs = int(differences.size)
    if n_pairs < 2:
        return Refusal(f"A t test needs at least two complete pairs; there {_are(n_pairs)}.")
    if is_constant(differences, scale):
        return Refusal("The differences do not vary, so a t test has no standard error to stand on.")
    from scipy.special import stdtr, stdtrit

    df = n_pairs - 1
    mean = mean_as_written(differences)
    error = float(differences.std(ddof=1)) / n_pairs**0.5
    t = mean / error
    reach, wide, narrow = (float(stdtrit(df, 0.5 + level / 2)) * error for level in (conf, 0.95, 0.90))
    return PairedT(
        t=t,
        df=df,
        # lower tails throughout: 1 - p would lose the digits of a small p
        p_two=2 * float(stdtr(df, -abs(t))),
        p_less=float(stdtr(df, t)),
        p_greater=float(stdtr(df, -t)),
        mean_diff=mean,
        ci_low=mean - reach,
        ci_high=mean + reach,
        se=error,
        ci95_lo=mean - wide,
        ci95_hi=mean + wide,
        ci90_lo=mean - narrow,
        ci90_hi=mean + narrow,
    )


def _are(n_pairs: int) -> str:
    return "is one" if n_pairs == 1 else "is none"
