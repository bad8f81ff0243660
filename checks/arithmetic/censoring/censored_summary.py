"""Everything that can be said about pairs with censored values, side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues, Recensored, censored_signs, recensor, substitute
from checks.arithmetic.censoring.interval_mle import LogRatioMle, log_ratio_mle
from checks.arithmetic.censoring.prentice_wilcoxon import prentice_wilcoxon
from checks.arithmetic.pairs.log_ratio import LogRatio, log_ratio
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.sign_test import SignTest
from checks.arithmetic.pairs.signed_rank import SignedRank, Zeros, signed_rank
from checks.arithmetic.refusal import Refusal
from schemas.json_model import JsonModel

Floats = npt.NDArray[np.float64]
FACTORS = {"full": 1.0, "half": 0.5, "sqrt2": 1 / math.sqrt(2)}  # fraction of the limit; the three customary ones


@dataclass(frozen=True, slots=True)
class RecensoredTest:
    """Signed rank of pairs that were re-censored at the highest limit."""

    limit: float
    """That limit; 0 if nothing lies below one."""
    upper_limit: float | None
    """Lowest upper limit; None if nothing lies above one."""
    n_nonzero: int
    """Pairs that moved."""
    p_wilcoxon_exact: float | Refusal
    """Two-sided p of the exact signed-rank test."""


@dataclass(frozen=True, slots=True)
class PrenticeWilcoxonTest(JsonModel):
    """Paired Prentice-Wilcoxon test, as NADA2 prints it."""

    json_keys = "Z=z p_two p_two_exact"

    z: float
    """Statistic."""
    p_two: float
    """Two-sided p by its normal approximation."""
    p_two_exact: float
    """Two-sided p by flipping the signs exactly."""


@dataclass(frozen=True, slots=True)
class SubstitutedTest:
    """Tests with a fraction of the limit in the place of what lies below it."""

    p_t: float | Refusal
    """Two-sided p of the paired t test."""
    p_wilcoxon_exact: float | Refusal
    """Two-sided p of the exact signed-rank test."""
    p_t_log: float | Refusal
    """Two-sided p of the paired t test of the logarithms."""


class CensoredParts(TypedDict):
    """Outcome by method."""

    recensored_at_highest_limit: RecensoredTest | Refusal
    """Signed rank after re-censoring."""
    sign_test: SignTest | Refusal
    """Sign test."""
    ppw_nada2: PrenticeWilcoxonTest | Refusal
    """Paired Prentice-Wilcoxon test."""
    mle_log_ratio: LogRatioMle | Refusal
    """Likelihood of the log ratio."""
    substitute_full: SubstitutedTest | Refusal
    """The limit itself in the place of what lies below it."""
    substitute_half: SubstitutedTest | Refusal
    """Half the limit."""
    substitute_sqrt2: SubstitutedTest | Refusal
    """The limit over the square root of 2."""


@dataclass(frozen=True, slots=True)
class CensoredSummary(JsonModel):
    """Tests of one set of pairs under each way to treat what lies below a limit."""

    json_keys = "n_pre_blq n_post_blq n_both_blq *parts"

    n_pre_blq: int
    """Pairs whose first value is below its limit."""
    n_post_blq: int
    """Pairs whose second value is below its limit."""
    n_both_blq: int
    """Pairs of which both are."""
    parts: CensoredParts
    """Outcome by method."""


def censored_summary(
    before: CensoredValues, after: CensoredValues, *, decimals: int | None = None, zeros: Zeros = "wilcox"
) -> CensoredSummary:
    """Treat the same pairs by every method for censored values.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,).
    after : CensoredValues
        Second values, in the same unit and order.
    decimals : int, optional
        Decimals that the laboratory reports; substituted fractions of a limit get as many more as they need.
    zeros : {'wilcox', 'pratt'}
        As in the signed-rank test.

    Returns
    -------
    CensoredSummary
        Re-censored signed rank, sign test, paired Prentice-Wilcoxon, likelihood of the log ratio, three substitutions.
    """
    ppw, mle = prentice_wilcoxon(before, after), log_ratio_mle(before, after)
    substituted = {
        name: _substituted(before, after, factor, _decimals_of(decimals, name), zeros)
        for name, factor in FACTORS.items()
    }
    parts: CensoredParts = {
        "recensored_at_highest_limit": _recensored(recensor(before, after), decimals, zeros),
        "sign_test": censored_signs(before, after, pair_differences(before.number, after.number, decimals=decimals)),
        "ppw_nada2": ppw if isinstance(ppw, Refusal) else PrenticeWilcoxonTest(ppw.z, ppw.p_two, ppw.exact.p_two),
        "mle_log_ratio": mle,
        "substitute_full": substituted["full"],
        "substitute_half": substituted["half"],
        "substitute_sqrt2": substituted["sqrt2"],
    }
    is_both = before.is_below & after.is_below
    return CensoredSummary(int(before.is_below.sum()), int(after.is_below.sum()), int(is_both.sum()), parts)


def _decimals_of(decimals: int | None, name: str) -> int | None:
    if decimals is None or name == "full":
        return decimals
    return decimals + 1 if name == "half" else None


def _recensored(pairs: Recensored | Refusal, decimals: int | None, zeros: Zeros) -> RecensoredTest | Refusal:
    if isinstance(pairs, Refusal):
        return pairs
    differences = pair_differences(pairs.before, pairs.after, decimals=decimals)
    return RecensoredTest(
        limit=pairs.lower_limit or 0,
        upper_limit=pairs.upper_limit,
        n_nonzero=int(np.count_nonzero(differences)),
        p_wilcoxon_exact=_p(signed_rank(differences, zeros=zeros)),
    )


def _substituted(
    before: CensoredValues, after: CensoredValues, factor: float, decimals: int | None, zeros: Zeros
) -> SubstitutedTest | Refusal:
    if before.is_above.any() or after.is_above.any():
        return Refusal(
            "A value above an upper limit stands among the pairs; a fraction of the limit says nothing of it."
        )
    first, second = substitute(before, factor), substitute(after, factor)
    differences = pair_differences(first, second, decimals=decimals)
    scale = float(np.abs(np.concatenate([first, second])).max(initial=0.0))
    return SubstitutedTest(
        p_t=_p(paired_t(differences, scale=scale)),
        p_wilcoxon_exact=_p(signed_rank(differences, zeros=zeros)),
        p_t_log=_p(log_ratio(first, second)),
    )


def _p(outcome: SignedRank | PairedT | LogRatio | Refusal) -> float | Refusal:
    return outcome if isinstance(outcome, Refusal) else outcome.p_two
