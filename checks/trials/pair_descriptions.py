"""What ``qc try paired`` says beside its main parts: counts, further tests, every scale of effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.bootstrap_mean import BootstrapMean, bootstrap_mean
from checks.arithmetic.pairs.decimal_steps import mean_as_written
from checks.arithmetic.pairs.effect_interval import EffectScales, effect_scales, rank_biserial_interval
from checks.arithmetic.pairs.equivalence import Equivalence, equivalence
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.sign_flip import SignFlip, sign_flip
from checks.arithmetic.pairs.sign_test import SignTest, sign_test
from checks.arithmetic.pairs.signed_rank import ExactSignedRank, SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal
from schemas.json_model import JsonModel

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceCounts(JsonModel):
    """Counts and moments of differences."""

    n_pos: int
    """Differences above 0."""
    n_neg: int
    """Differences below 0."""
    n_distinct_abs_nonzero: int
    """Sizes that differ, 0 left out."""
    has_ties: bool
    """Whether two sizes are equal."""
    mean_diff: float | Refusal
    """Mean."""
    sd_diff: float | Refusal
    """SD."""
    median_diff: float | Refusal
    """Median."""


@dataclass(frozen=True, slots=True)
class ShiftInterval(JsonModel):
    """Hodges and Lehmann's shift with its interval, under the names of other programs as well."""

    json_keys = """*shift ci_lo=ci_low ci_hi=ci_high attainable=is_attainable conf_requested n"""

    shift: HodgesLehmann
    """The shift."""
    conf_requested: float
    """Level that was asked for."""
    n: int
    """Pairs."""

    @property
    def ci_low(self) -> float:
        """Return the lower limit."""
        return self.shift.ci_low

    @property
    def ci_high(self) -> float:
        """Return the upper limit."""
        return self.shift.ci_high

    @property
    def is_attainable(self) -> bool:
        """Return whether so many pairs can reach the level that was asked for."""
        return self.shift.is_attainable


@dataclass(frozen=True, slots=True)
class CountedSignTest(JsonModel):
    """Sign test with the number of its signs."""

    json_keys = "*signs n_used"

    signs: SignTest
    """The test."""

    @property
    def n_used(self) -> int:
        """Return the pairs that moved."""
        return self.signs.n_pos + self.signs.n_neg


@dataclass(frozen=True, slots=True, kw_only=True)
class RankBiserials(JsonModel):
    """Rank-biserial correlations."""

    wilcoxon: float
    """Zeros dropped before ranking."""
    pratt: float
    """Zeros dropped after ranking."""
    pratt_over_all_ranks: float
    """The same over the ranks of the zeros too."""
    ps_dep: float
    """Chance that a second value is above its first, ties counted half."""
    ci95_lo: float
    """Lower 95 % limit of the first."""
    ci95_hi: float
    """Upper 95 % limit of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDescriptions(JsonModel):
    """What rests on ranks and signs alone."""

    wilcoxon_exact: ExactSignedRank | Refusal
    """Signed rank, zeros dropped before ranking."""
    pratt_exact: ExactSignedRank | Refusal
    """Signed rank, zeros dropped after ranking."""
    hl_nonzero: ShiftInterval | Refusal
    """Shift of the moving pairs."""
    hl_all: ShiftInterval | Refusal
    """Shift of all pairs."""
    sign_test: CountedSignTest | Refusal
    """Sign test."""
    rank_biserial: RankBiserials | Refusal
    """Rank-biserial correlations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredDescriptions(JsonModel):
    """What rests on the sizes of uncensored differences."""

    perm_mean_exact: SignFlip | Refusal
    """Sign-flip test of the mean."""
    bootstrap_mean_diff: BootstrapMean | Refusal
    """Bootstrap intervals of the mean."""
    tost_half_sd_pre: Equivalence | Refusal
    """Equivalence within half an SD of the first values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EveryScale(JsonModel):
    """The mean difference on every scale in use, with 95 % intervals."""

    sd_pre: float
    """SD of the first values."""
    sd_post: float
    """SD of the second values."""
    r_pre_post: float | Refusal
    """Correlation of the two."""
    d_av_mean_sd: float | Refusal
    """Over the mean of both SD."""
    d_av_rms_sd: float | Refusal
    """Over the root mean square of both SD."""
    d_rm: float | Refusal
    """Over the SD of the differences, corrected for their correlation."""
    glass_delta_pre: float | Refusal
    """Over the SD of the first values."""
    hedges_J_exact: float  # noqa: N815 - Hedges' own letter
    """Hedges' correction, exact."""
    hedges_J_approx: float  # noqa: N815
    """Hedges' correction, as it is customarily approximated."""
    d_z_ci95_lo: float | Refusal
    """Lower limit of d over the SD of the differences."""
    d_z_ci95_hi: float | Refusal
    """Upper limit of it."""
    g_z_ci95_lo: float | Refusal
    """Lower limit of it, corrected by Hedges."""
    g_z_ci95_hi: float | Refusal
    """Upper limit of it, corrected by Hedges."""
    d_av_ci95_lo: float | Refusal
    """Lower limit of d over the mean of both SD."""
    d_av_ci95_hi: float | Refusal
    """Upper limit of it."""


def counts_of_differences(differences: Floats) -> DifferenceCounts:
    """Count and summarise differences.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution, after re-censoring where values are censored.

    Returns
    -------
    DifferenceCounts
        A Refusal where there are too few pairs.
    """
    sizes = np.abs(differences[differences != 0])
    few = Refusal(f"Complete pairs: {differences.size}, too few for this.")
    return DifferenceCounts(
        n_pos=int((differences > 0).sum()),
        n_neg=int((differences < 0).sum()),
        n_distinct_abs_nonzero=int(np.unique(sizes).size),
        has_ties=bool(np.unique(sizes).size < sizes.size),
        mean_diff=mean_as_written(differences) if differences.size else few,
        sd_diff=float(differences.std(ddof=1)) if differences.size > 1 else few,
        median_diff=float(np.median(differences)) if differences.size else few,
    )


def ranked_descriptions(differences: Floats, conf: float) -> RankedDescriptions:
    """Return what rests on ranks and signs alone.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution, after re-censoring where values are censored.
    conf : float
        Level of the intervals.

    Returns
    -------
    RankedDescriptions
        Both policies for zeros, shift of the moving pairs, sign test, rank-biserial correlations.
    """
    moving = differences[differences != 0]
    signs = sign_test(int((moving > 0).sum()), int((moving < 0).sum()), int(differences.size - moving.size))
    dropped, ranked = signed_rank(differences, zeros="wilcox"), signed_rank(differences, zeros="pratt")
    return RankedDescriptions(
        wilcoxon_exact=dropped if isinstance(dropped, Refusal) else ExactSignedRank(dropped),
        pratt_exact=ranked if isinstance(ranked, Refusal) else ExactSignedRank(ranked),
        hl_nonzero=_interval(hodges_lehmann(moving, conf=conf), conf, int(moving.size)),
        hl_all=_interval(hodges_lehmann(differences, conf=conf), conf, int(differences.size)),
        sign_test=signs if isinstance(signs, Refusal) else CountedSignTest(signs),
        rank_biserial=_correlations(dropped, ranked, differences),
    )


def measured_descriptions(differences: Floats, before: Floats, after: Floats, conf: float) -> MeasuredDescriptions:
    """Return what rests on the sizes of uncensored differences.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution.
    before : ndarray of float, shape (n_pairs,)
        First values.
    after : ndarray of float, shape (n_pairs,)
        Second values.
    conf : float
        Level of the bootstrap interval.

    Returns
    -------
    MeasuredDescriptions
        Sign-flip test, bootstrap, equivalence within half an SD of the first values.
    """
    scale = float(np.abs(np.concatenate([before, after])).max(initial=0.0))
    bound = float(before.std(ddof=1)) / 2 if before.size > 1 else 0.0
    return MeasuredDescriptions(
        perm_mean_exact=sign_flip(differences),
        bootstrap_mean_diff=bootstrap_mean(differences, scale=scale, conf=conf),
        tost_half_sd_pre=equivalence(differences, bound, scale=scale),
    )


def scales_of_effect(differences: Floats, before: Floats, after: Floats) -> EveryScale | None:
    """Return the mean difference on every scale in use, with 95 % intervals.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution.
    before : ndarray of float, shape (n_pairs,)
        First values, uncensored.
    after : ndarray of float, shape (n_pairs,)
        Second values, uncensored.

    Returns
    -------
    EveryScale or None
        None where no scale is defined: the main effect sizes say why.
    """
    scales = effect_scales(differences, before, after)
    if not isinstance(scales, EffectScales):
        return None
    d_av_ci = scales.d_av_ci
    return EveryScale(
        sd_pre=scales.sd_pre,
        sd_post=scales.sd_post,
        r_pre_post=scales.r_pre_post,
        d_av_mean_sd=scales.d_av_mean_sd,
        d_av_rms_sd=scales.d_av_rms_sd,
        d_rm=scales.d_rm,
        glass_delta_pre=scales.glass_delta_pre,
        hedges_J_exact=scales.hedges_J_exact,
        hedges_J_approx=scales.hedges_J_approx,
        d_z_ci95_lo=scales.d_z_ci[0],
        d_z_ci95_hi=scales.d_z_ci[1],
        g_z_ci95_lo=scales.g_z_ci[0],
        g_z_ci95_hi=scales.g_z_ci[1],
        d_av_ci95_lo=d_av_ci if isinstance(d_av_ci, Refusal) else d_av_ci[0],
        d_av_ci95_hi=d_av_ci if isinstance(d_av_ci, Refusal) else d_av_ci[1],
    )


def _interval(outcome: HodgesLehmann | Refusal, conf: float, n: int) -> ShiftInterval | Refusal:
    return outcome if isinstance(outcome, Refusal) else ShiftInterval(outcome, conf, n)


def _correlations(
    dropped: SignedRank | Refusal, ranked: SignedRank | Refusal, differences: Floats
) -> RankBiserials | Refusal:
    if isinstance(dropped, Refusal):
        return dropped
    if isinstance(ranked, Refusal):
        return ranked
    n = int(differences.size)
    low, high = rank_biserial_interval(dropped.rank_biserial, n)
    return RankBiserials(
        wilcoxon=dropped.rank_biserial,
        pratt=ranked.rank_biserial,
        pratt_over_all_ranks=(ranked.w_plus - ranked.w_minus) / (n * (n + 1) / 2),
        ps_dep=float((differences > 0).mean() + (differences == 0).mean() / 2),
        ci95_lo=low,
        ci95_hi=high,
    )
