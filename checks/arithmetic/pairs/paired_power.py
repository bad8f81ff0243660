"""Power of a paired t test: what so many pairs can show, and how many it would take."""

from __future__ import annotations

from functools import partial
from typing import Literal

from checks.arithmetic.refusal import Refusal

MOST_PAIRS = 1e7  # pairs beyond which no number is sought; no unit
Tails = Literal["both", "one"]


def paired_t_power(n_pairs: float, delta: float, sd_diff: float, alpha: float, *, tails: Tails = "both") -> float:
    """Return the chance that a two-sided paired t test falls below alpha.

    Parameters
    ----------
    n_pairs : float
        Pairs, 2 or more; a fraction stands between two whole numbers.
    delta : float
        True mean difference, in the unit of the differences.
    sd_diff : float
        SD of the differences, in the same unit, above 0.
    alpha : float
        Limit of the two-sided p, above 0 and below 1.
    tails : {'both', 'one'}
        Whether a significant result in the wrong direction counts; it does in strict counting.

    Returns
    -------
    float
        Power, 0 to 1.

    References
    ----------
    .. [1] Cohen J. Statistical Power Analysis for the Behavioral Sciences. 2nd ed. Lawrence Erlbaum; 1988. Chapter 2.

    Examples
    --------
    >>> round(paired_t_power(15, 0.5, 1.0, 0.05), 4)
    0.4379
    """
    from scipy.special import stdtrit

    df, shift = n_pairs - 1, abs(delta) / sd_diff * n_pairs**0.5
    critical = float(stdtrit(df, 1 - alpha / 2))
    right = _tail_above(df, shift, critical)
    return right if tails == "one" else right + _tail_above(df, -shift, critical)


def detectable_difference(
    n_pairs: float, power: float, sd_diff: float, alpha: float, *, tails: Tails = "both"
) -> float | Refusal:
    """Return the smallest true mean difference that so many pairs find with the power asked for.

    Parameters
    ----------
    n_pairs : float
        Pairs, 2 or more.
    power : float
        Power asked for, above alpha and below 1.
    sd_diff : float
        SD of the differences, above 0.
    alpha : float
        Limit of the two-sided p, above 0 and below 1.
    tails : {'both', 'one'}
        As in :func:`paired_t_power`.

    Returns
    -------
    float or Refusal
        Difference in the unit of ``sd_diff``; a refusal where the power does not exceed alpha.
    """
    from scipy.optimize import brentq

    if power <= alpha:
        return Refusal(f"A power of {power:g} is no more than alpha ({alpha:g}): no difference at all gives that much.")
    high = 1.0
    while paired_t_power(n_pairs, high, 1.0, alpha, tails=tails) < power:
        high *= 2
        if high > MOST_PAIRS:
            return Refusal(f"No difference was found that {n_pairs:g} pairs show with a power of {power:g}.")

    lack = partial(_lack, power=power, alpha=alpha, tails=tails)
    return float(brentq(lambda delta: lack(n_pairs, delta), 0.0, high, xtol=1e-13, rtol=1e-14)) * sd_diff


def pairs_needed(delta: float, power: float, sd_diff: float, alpha: float, *, tails: Tails = "both") -> float | Refusal:
    """Return how many pairs find a true mean difference with the power asked for.

    Parameters
    ----------
    delta : float
        True mean difference, not 0, in the unit of the differences.
    power : float
        Power asked for, above alpha and below 1.
    sd_diff : float
        SD of the differences, above 0.
    alpha : float
        Limit of the two-sided p, above 0 and below 1.
    tails : {'both', 'one'}
        As in :func:`paired_t_power`.

    Returns
    -------
    float or Refusal
        Pairs, as a fraction: round up; at least 2. A refusal for no difference and where more than ten million are
        needed.
    """
    from scipy.optimize import brentq

    if delta == 0 or power <= alpha:
        return Refusal("No number of pairs finds a difference of zero, or needs to reach a power below alpha.")

    lack = partial(_lack, delta=delta / sd_diff, power=power, alpha=alpha, tails=tails)
    if lack(2.0) >= 0:
        return 2.0
    high = 4.0
    while lack(high) < 0:
        high *= 2
        if high > MOST_PAIRS:
            return Refusal(f"More than {MOST_PAIRS:g} pairs would be needed to find a difference of {delta:g}.")
    return float(brentq(lack, 2.0, high, xtol=1e-12, rtol=1e-14))


def _lack(n_pairs: float, delta: float, *, power: float, alpha: float, tails: Tails) -> float:
    return paired_t_power(n_pairs, delta, 1.0, alpha, tails=tails) - power


def _tail_above(df: float, shift: float, critical: float) -> float:
    from math import isnan

    from scipy.stats import nct

    below = float(nct.cdf(-critical, df, -shift))  # P(T > c) with ncp s is P(T < -c) with ncp -s
    return 0.0 if isnan(below) else below  # the far lower tail comes back as NaN: it is zero
