"""Pairs on the log scale: geometric mean ratio, t on logs, shift as a ratio."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
LOWER_BOUND = 0.80  # ratio; customary bounds of equivalence of two formulations, FDA 2001
UPPER_BOUND = 1.25  # ratio; 1 / 0.80


@dataclass(frozen=True, slots=True)
class _OneSided:
    p_less: float
    p_greater: float


@dataclass(frozen=True, slots=True)
class LogRatio:
    """Change as a ratio, after over before; 1 is no change."""

    gmr: float
    """Geometric mean ratio, without unit."""
    gmr_ci95_lo: float
    """Lower 95 % limit of the ratio."""
    gmr_ci95_hi: float
    """Upper 95 % limit of the ratio."""
    gmr_ci90_lo: float
    """Lower 90 % limit of the ratio."""
    gmr_ci90_hi: float
    """Upper 90 % limit of the ratio."""
    t: float
    """t of the mean log ratio, without unit."""
    p_two: float
    """Two-sided p of that t."""
    sd_log: float
    """SD of the log ratios, natural logarithm."""
    cv_within_percent: float
    """Variation of one value within a subject, in percent, from half the variance of the log ratios."""
    hl_ratio: float
    """Hodges-Lehmann shift on logs, as a ratio."""
    hl_ratio_ci_lo: float
    """Lower limit of that ratio, exact interval at 95 % or the nearest level that is attainable."""
    hl_ratio_ci_hi: float
    """Upper limit of that ratio."""
    gm_pre: float
    """Geometric mean of the first values, in their unit."""
    gm_post: float
    """Geometric mean of the second values, in their unit."""
    tost_080_125_p_lower: float
    """One-sided p against a ratio of 0.80 or less."""
    tost_080_125_p_upper: float
    """One-sided p against a ratio of 1.25 or more; equivalence needs both."""


def log_ratio(before: Floats, after: Floats) -> LogRatio | Refusal:
    """Compare pairs as ratios.

    Parameters
    ----------
    before : ndarray of float, shape (n_pairs,)
        First value of each complete, uncensored pair, above 0.
    after : ndarray of float, shape (n_pairs,)
        Second value of each pair, in the same unit, above 0.

    Returns
    -------
    LogRatio or Refusal
        A refusal below two pairs, where a value is zero or below, and where the ratios do not vary.
    """
    if before.size < 2:
        return Refusal(f"A ratio with an interval needs at least two complete pairs; there are {before.size}.")
    if min(float(before.min()), float(after.min())) <= 0:
        return Refusal("A value is zero or below, so the logarithm is not defined.")
    pre, post = np.log(before), np.log(after)
    logs = post - pre
    scale = float(max(np.abs(pre).max(), np.abs(post).max()))
    wide, narrow = paired_t(logs, scale=scale, conf=0.95), paired_t(logs, scale=scale, conf=0.90)
    shift = hodges_lehmann(logs, conf=0.95)
    if isinstance(wide, Refusal) or isinstance(narrow, Refusal) or isinstance(shift, Refusal):
        return Refusal("The ratios do not vary, so a t test on logs has no standard error to stand on.")
    return _ratio_of(wide, narrow, shift, pre, post)


def _ratio_of(wide: PairedT, narrow: PairedT, shift: HodgesLehmann, pre: Floats, post: Floats) -> LogRatio:
    sd_log = float((post - pre).std(ddof=1))
    return LogRatio(
        gmr=math.exp(wide.mean_diff),
        gmr_ci95_lo=math.exp(wide.ci_low),
        gmr_ci95_hi=math.exp(wide.ci_high),
        gmr_ci90_lo=math.exp(narrow.ci_low),
        gmr_ci90_hi=math.exp(narrow.ci_high),
        t=wide.t,
        p_two=wide.p_two,
        sd_log=sd_log,
        # a difference of two logs carries the variance within a subject twice
        cv_within_percent=100 * math.sqrt(math.expm1(sd_log**2 / 2)),
        hl_ratio=math.exp(shift.estimate),
        hl_ratio_ci_lo=math.exp(shift.ci_low),
        hl_ratio_ci_hi=math.exp(shift.ci_high),
        gm_pre=math.exp(float(pre.mean())),
        gm_post=math.exp(float(post.mean())),
        tost_080_125_p_lower=_shifted(wide, sd_log, pre.size, LOWER_BOUND).p_greater,
        tost_080_125_p_upper=_shifted(wide, sd_log, pre.size, UPPER_BOUND).p_less,
    )


def _shifted(wide: PairedT, sd_log: float, n_pairs: int, bound: float) -> _OneSided:
    from scipy.special import stdtr

    t = (wide.mean_diff - math.log(bound)) / (sd_log / math.sqrt(n_pairs))
    return _OneSided(p_less=float(stdtr(wide.df, t)), p_greater=float(stdtr(wide.df, -t)))
