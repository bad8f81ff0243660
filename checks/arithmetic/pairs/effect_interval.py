"""Intervals of effect sizes, and the further scales that a mean difference is put on."""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, isnan, sqrt, tanh

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.effect_size import hedges_j
from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Interval = tuple[float, float]
_WIDEST = 1e6  # noncentrality beyond which no limit is sought; no unit


@dataclass(frozen=True, slots=True)
class EffectScales:
    """The same mean difference on every scale in use, with intervals; without unit unless said."""

    sd_pre: float
    """SD of the first values, in their unit."""
    sd_post: float
    """SD of the second values, in their unit."""
    r_pre_post: float | Refusal
    """Pearson's correlation of the two visits, -1 to 1."""
    d_z_ci: Interval
    """Interval of d_z from the noncentral t."""
    g_z_ci: Interval
    """That interval times Hedges' exact correction."""
    d_av_mean_sd: float | Refusal
    """Mean difference over the plain mean of the two SDs."""
    d_av_rms_sd: float | Refusal
    """Mean difference over their root mean square."""
    d_av_ci: Interval | Refusal
    """Interval of that by Algina and Keselman: the one of d_z on the other scale."""
    d_rm: float | Refusal
    """d_z corrected for the correlation of the visits."""
    glass_delta_pre: float | Refusal
    """Mean difference over the SD of the first values."""
    hedges_J_exact: float  # noqa: N815 - Hedges' own letter
    """Hedges' correction, gamma form."""
    hedges_J_approx: float  # noqa: N815
    """Its usual approximation."""


def effect_scales(differences: Floats, before: Floats, after: Floats, *, conf: float = 0.95) -> EffectScales | Refusal:
    """Put the mean difference on every scale in use.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete, uncensored pairs, rounded to the reported resolution; finite.
    before : ndarray of float, shape (n_pairs,)
        First values, in the same unit.
    after : ndarray of float, shape (n_pairs,)
        Second values, in the same unit.
    conf : float
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    EffectScales or Refusal
        A refusal below two pairs and where the differences do not vary.

    References
    ----------
    .. [1] Algina J, Keselman HJ. Approximate confidence intervals for effect sizes. Educ Psychol Meas.
       2003;63(4):537-553. doi:10.1177/0013164403256358
    .. [2] Lakens D. Calculating and reporting effect sizes to facilitate cumulative science. Front Psychol. 2013;4:863.
       doi:10.3389/fpsyg.2013.00863
    """
    if differences.size < 2:
        return Refusal(f"A standardised difference needs at least two complete pairs; there are {differences.size}.")
    scale = float(max(np.abs(before).max(), np.abs(after).max()))
    if is_constant(differences, scale):
        return Refusal("The differences do not vary, so they cannot be standardised by their own SD.")
    mean, sd = float(differences.mean()), float(differences.std(ddof=1))
    sd_pre, sd_post = float(before.std(ddof=1)), float(after.std(ddof=1))
    df, rms = int(differences.size) - 1, sqrt((sd_pre**2 + sd_post**2) / 2)
    low, high = noncentral_interval(mean / sd * sqrt(df + 1), df, conf)
    interval = (low / sqrt(df + 1), high / sqrt(df + 1))
    j = hedges_j(df)
    correlation = _correlation(before, after, sd_pre, sd_post)
    return EffectScales(
        sd_pre=sd_pre,
        sd_post=sd_post,
        r_pre_post=correlation,
        d_z_ci=interval,
        g_z_ci=(interval[0] * j, interval[1] * j),
        d_av_mean_sd=_over(mean, (sd_pre + sd_post) / 2),
        d_av_rms_sd=_over(mean, rms),
        d_av_ci=(interval[0] * sd / rms, interval[1] * sd / rms) if rms > 0 else _FLAT,
        d_rm=correlation if isinstance(correlation, Refusal) else mean / sd * sqrt(2 * max(0.0, 1 - correlation)),
        glass_delta_pre=_over(mean, sd_pre),
        hedges_J_exact=j,
        hedges_J_approx=1 - 3 / (4 * df - 1),
    )


def noncentral_interval(t: float, df: int, conf: float) -> Interval:
    """Return the noncentralities between which a t is not surprising.

    Parameters
    ----------
    t : float
        Observed t, without unit.
    df : int
        Degrees of freedom, 1 or more.
    conf : float
        Level, above 0 and below 1.

    Returns
    -------
    tuple of float
        Lower and upper limit of the noncentrality, without unit.
    """
    return _noncentrality((1 + conf) / 2, t, df), _noncentrality((1 - conf) / 2, t, df)


def rank_biserial_interval(r: float, n_pairs: int, *, conf: float = 0.95) -> Interval:
    """Return the interval of a matched-pairs rank-biserial correlation by Fisher's z.

    Parameters
    ----------
    r : float
        Correlation, -1 to 1.
    n_pairs : int
        Complete pairs, zeros among them as in R's effectsize, 1 or more.
    conf : float
        Level, above 0 and below 1.

    Returns
    -------
    tuple of float
        Limits, -1 to 1; approximate, and of no width where all pairs move one way.

    References
    ----------
    .. [1] Kerby DS. The simple difference formula: an approach to teaching nonparametric correlation. Compr Psychol.
       2014;3:11.IT.3.1. doi:10.2466/11.IT.3.1
    """
    # Where all ranks point one way, the transform of the correlation is infinite.
    if abs(r) == 1:
        return r, r
    from scipy.special import ndtri

    error = sqrt((2 * n_pairs**3 + 3 * n_pairs**2 + n_pairs) / 6) / ((n_pairs**2 + n_pairs) / 2)
    reach = float(ndtri((1 + conf) / 2)) * error
    return tanh(atanh(r) - reach), tanh(atanh(r) + reach)


def _noncentrality(chance: float, t: float, df: int) -> float:
    from scipy.optimize import brentq

    span = 4.0 + 2 * abs(t)
    low, high = t - span, t + span
    while _chance_below(low, t, df) < chance and low > -_WIDEST:
        low -= span
    while _chance_below(high, t, df) > chance and high < _WIDEST:
        high += span
    return float(brentq(lambda ncp: _chance_below(ncp, t, df) - chance, low, high, xtol=1e-12, rtol=1e-13))


def _chance_below(ncp: float, t: float, df: int) -> float:
    from scipy.stats import nct

    below = float(nct.cdf(t, df, ncp))
    return float(t > ncp) if isnan(below) else below  # far beyond either tail it comes back as NaN


_FLAT = Refusal("Neither visit varies between subjects, so there is no SD to standardise by.")


def _over(mean: float, spread: float) -> float | Refusal:
    return mean / spread if spread > 0 else _FLAT


def _correlation(before: Floats, after: Floats, sd_pre: float, sd_post: float) -> float | Refusal:
    if before.size < 3 or sd_pre == 0 or sd_post == 0:
        return Refusal("A correlation needs three complete pairs or more, and subjects that differ at both visits.")
    return float(np.corrcoef(before, after)[0, 1])
