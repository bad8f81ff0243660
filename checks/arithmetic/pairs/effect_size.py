"""Effect sizes of pairs, each under its own name: they differ, and a bare 'd' does not say which."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EffectSize:
    """Effect sizes of one set of pairs, without unit; positive is a rise."""

    d_z: float | Refusal
    """Mean difference over the SD of the differences."""
    g_z: float | Refusal
    """d_z times Hedges' exact correction for small n."""
    d_av: float | Refusal
    """Mean difference over the root mean square of the two SDs."""
    g_av: float | Refusal
    """Mean difference over the plain mean of the two SDs, times Hedges' exact correction."""
    rank_biserial: float | Refusal
    """Share of ranks that rise less the share that falls, zeros dropped, -1 to 1."""


def hedges_j(df: int) -> float:
    """Return Hedges' exact correction for small samples.

    Parameters
    ----------
    df : int
        Degrees of freedom, 1 or more.

    Returns
    -------
    float
        Gamma form, 0 (df = 1) to 1.

    References
    ----------
    .. [1] Hedges LV. Distribution theory for Glass's estimator of effect size and related estimators. J Educ Stat.
       1981;6(2):107-128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> round(hedges_j(14), 6)
    0.945288
    """
    # Gamma has a pole at zero: the factor tends to 0 where `lgamma` would stop.
    if df == 1:
        return 0.0
    # By logarithms, because gamma itself leaves the range of a double at 172.
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def effect_size(differences: Floats, before: Floats, after: Floats) -> EffectSize:
    """Measure the size of the change in four ways of scaling and one of ranking.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete, uncensored pairs, rounded to the reported resolution; finite.
    before : ndarray of float, shape (n_pairs,)
        First value of each pair, in the same unit.
    after : ndarray of float, shape (n_pairs,)
        Second value of each pair, in the same unit.

    Returns
    -------
    EffectSize
        Each field a number or the refusal that stands in its place.

    Notes
    -----
    Two averages of the SDs are in use: d_av takes their root mean square, g_av their plain mean, as the reference
    answers do; where the two SDs are equal they agree.
    """
    ranked = signed_rank(differences)
    rank_biserial = ranked.rank_biserial if isinstance(ranked, SignedRank) else ranked
    if differences.size < 2:
        few = Refusal(f"A standardised difference needs at least two complete pairs; there are {differences.size}.")
        return EffectSize(few, few, few, few, rank_biserial)
    j = hedges_j(int(differences.size) - 1)
    sd_before, sd_after = float(before.std(ddof=1)), float(after.std(ddof=1))
    d_z = _d_z(differences, before, after)
    return EffectSize(
        d_z=d_z,
        g_z=d_z if isinstance(d_z, Refusal) else d_z * j,
        d_av=_scaled(differences, math.sqrt((sd_before**2 + sd_after**2) / 2), 1.0),
        g_av=_scaled(differences, (sd_before + sd_after) / 2, j),
        rank_biserial=rank_biserial,
    )


def _d_z(differences: Floats, before: Floats, after: Floats) -> float | Refusal:
    scale = float(max(np.abs(before).max(), np.abs(after).max()))
    if is_constant(differences, scale):
        return Refusal("The differences do not vary, so they cannot be standardised by their own SD.")
    return float(differences.mean() / differences.std(ddof=1))


def _scaled(differences: Floats, spread: float, correction: float) -> float | Refusal:
    if spread == 0:
        return Refusal("Neither visit varies between subjects, so there is no SD to standardise by.")
    return float(differences.mean()) / spread * correction
