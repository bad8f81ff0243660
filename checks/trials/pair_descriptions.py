"""What ``qc try paired`` says beside its main parts: counts, further tests, every scale of effect."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.bootstrap_mean import bootstrap_mean
from checks.arithmetic.pairs.effect_interval import EffectScales, effect_scales, rank_biserial_interval
from checks.arithmetic.pairs.equivalence import equivalence
from checks.arithmetic.pairs.hodges_lehmann import hodges_lehmann
from checks.arithmetic.pairs.sign_flip import sign_flip
from checks.arithmetic.pairs.sign_test import sign_test
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
_NAMES_OF_SCALES = (
    "sd_pre",
    "sd_post",
    "r_pre_post",
    "d_av_mean_sd",
    "d_av_rms_sd",
    "d_rm",
    "glass_delta_pre",
    "hedges_J_exact",
    "hedges_J_approx",
)
_INTERVALS = {"d_z_ci": "d_z_ci95", "g_z_ci": "g_z_ci95", "d_av_ci": "d_av_ci95"}


def counts_of_differences(differences: Floats) -> dict[str, Any]:
    """Count and summarise differences.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution, after re-censoring where values are censored.

    Returns
    -------
    dict of str to Any
        ``n_pos``, ``n_neg``, ``has_ties`` and moments; a Refusal where there are too few pairs.
    """
    sizes = np.abs(differences[differences != 0])
    few = Refusal(f"Complete pairs: {differences.size}, too few for this.")
    return {
        "n_pos": int((differences > 0).sum()),
        "n_neg": int((differences < 0).sum()),
        "n_distinct_abs_nonzero": int(np.unique(sizes).size),
        "has_ties": bool(np.unique(sizes).size < sizes.size),
        "mean_diff": float(differences.mean()) if differences.size else few,
        "sd_diff": float(differences.std(ddof=1)) if differences.size > 1 else few,
        "median_diff": float(np.median(differences)) if differences.size else few,
    }


def ranked_descriptions(differences: Floats, conf: float) -> dict[str, Any]:
    """Return what rests on ranks and signs alone.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution, after re-censoring where values are censored.
    conf : float
        Level of the intervals.

    Returns
    -------
    dict of str to Any
        Both policies for zeros, shift of the moving pairs, sign test, rank-biserial correlations.
    """
    moving = differences[differences != 0]
    signs = sign_test(int((moving > 0).sum()), int((moving < 0).sum()), int(differences.size - moving.size))
    outcomes = {f"{name}_exact": signed_rank(differences, zeros=zeros) for name, zeros in _ZEROS.items()}
    return {
        **{name: _named(outcome) for name, outcome in outcomes.items()},
        "hl_nonzero": _interval(hodges_lehmann(moving, conf=conf), conf, int(moving.size)),
        "hl_all": _interval(hodges_lehmann(differences, conf=conf), conf, int(differences.size)),
        "sign_test": signs if isinstance(signs, Refusal) else asdict(signs) | {"n_used": signs.n_pos + signs.n_neg},
        "rank_biserial": _correlations(outcomes["wilcoxon_exact"], outcomes["pratt_exact"], differences),
    }


def measured_descriptions(
    differences: Floats, before: Floats, after: Floats, decimals: int | None, conf: float
) -> dict[str, Any]:
    """Return what rests on the sizes of uncensored differences.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences at the reported resolution.
    before : ndarray of float, shape (n_pairs,)
        First values.
    after : ndarray of float, shape (n_pairs,)
        Second values.
    decimals : int or None
        Decimals that differences were rounded to.
    conf : float
        Level of the bootstrap interval.

    Returns
    -------
    dict of str to Any
        Sign-flip test, bootstrap, equivalence within half an SD of the first values.
    """
    scale = float(np.abs(np.concatenate([before, after])).max(initial=0.0))
    bound = float(before.std(ddof=1)) / 2 if before.size > 1 else 0.0
    parts = {
        "perm_mean_exact": sign_flip(differences, decimals=decimals),
        "bootstrap_mean_diff": bootstrap_mean(differences, scale=scale, conf=conf),
        "tost_half_sd_pre": equivalence(differences, bound, scale=scale),
    }
    return {name: part if isinstance(part, Refusal) else asdict(part) for name, part in parts.items()}


def scales_of_effect(differences: Floats, before: Floats, after: Floats) -> dict[str, Any]:
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
    dict of str to Any
        Empty where no scale is defined: the main effect sizes say why.
    """
    scales = effect_scales(differences, before, after)
    if not isinstance(scales, EffectScales):
        return {}
    told: dict[str, Any] = {name: getattr(scales, name) for name in _NAMES_OF_SCALES}
    for name, short in _INTERVALS.items():
        interval = getattr(scales, name)
        if isinstance(interval, Refusal):
            told |= {f"{short}_lo": interval, f"{short}_hi": interval}
        else:
            told |= {f"{short}_lo": interval[0], f"{short}_hi": interval[1]}
    return told


_ZEROS: dict[str, Any] = {"wilcoxon": "wilcox", "pratt": "pratt"}  # Any: one of the two literals


def _named(outcome: SignedRank | Refusal) -> dict[str, Any] | Refusal:
    return outcome if isinstance(outcome, Refusal) else asdict(outcome) | {"method": "exact"}


def _interval(outcome: Any, conf: float, n: int) -> dict[str, Any] | Refusal:  # Any: HodgesLehmann or Refusal
    if isinstance(outcome, Refusal):
        return outcome
    names = {"ci_lo": outcome.ci_low, "ci_hi": outcome.ci_high, "attainable": outcome.is_attainable}
    return asdict(outcome) | names | {"conf_requested": conf, "n": n}


def _correlations(dropped: SignedRank | Refusal, ranked: SignedRank | Refusal, differences: Floats) -> Any:
    # Any: mapping or Refusal
    if isinstance(dropped, Refusal):
        return dropped
    if isinstance(ranked, Refusal):
        return ranked
    n = int(differences.size)
    low, high = rank_biserial_interval(dropped.rank_biserial, n)
    return {
        "wilcoxon": dropped.rank_biserial,
        "pratt": ranked.rank_biserial,
        "pratt_over_all_ranks": (ranked.w_plus - ranked.w_minus) / (n * (n + 1) / 2),
        "ps_dep": float((differences > 0).mean() + (differences == 0).mean() / 2),
        "ci95_lo": low,
        "ci95_hi": high,
    }
