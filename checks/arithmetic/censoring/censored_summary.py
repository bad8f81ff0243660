"""Everything that can be said about pairs with censored values, side by side."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues, Recensored, censored_signs, recensor, substitute
from checks.arithmetic.censoring.interval_mle import log_ratio_mle
from checks.arithmetic.censoring.prentice_wilcoxon import prentice_wilcoxon
from checks.arithmetic.pairs.log_ratio import LogRatio, log_ratio
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.sign_test import SignTest
from checks.arithmetic.pairs.signed_rank import SignedRank, Zeros, signed_rank
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
FACTORS = {"full": 1.0, "half": 0.5, "sqrt2": 1 / math.sqrt(2)}  # fraction of the limit; the three customary ones


@dataclass(frozen=True, slots=True)
class CensoredSummary:
    """Tests of one set of pairs under each way to treat what lies below a limit."""

    n_pre_blq: int
    """Pairs whose first value is below its limit."""
    n_post_blq: int
    """Pairs whose second value is below its limit."""
    n_both_blq: int
    """Pairs of which both are."""
    parts: dict[str, Any]
    """Outcome by method; Any: each is a mapping of names to numbers, or a Refusal."""


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
    parts: dict[str, Any] = {
        "recensored_at_highest_limit": _recensored(recensor(before, after), decimals, zeros),
        "sign_test": _signs(
            censored_signs(before, after, pair_differences(before.number, after.number, decimals=decimals))
        ),
        "ppw_nada2": ppw
        if isinstance(ppw, Refusal)
        else {"Z": ppw.z, "p_two": ppw.p_two, "p_two_exact": ppw.exact.p_two},
        "mle_log_ratio": mle if isinstance(mle, Refusal) else asdict(mle),
    }
    for name, factor in FACTORS.items():
        parts[f"substitute_{name}"] = _substituted(before, after, factor, _decimals_of(decimals, name), zeros)
    is_both = before.is_below & after.is_below
    return CensoredSummary(int(before.is_below.sum()), int(after.is_below.sum()), int(is_both.sum()), parts)


def _decimals_of(decimals: int | None, name: str) -> int | None:
    if decimals is None or name == "full":
        return decimals
    return decimals + 1 if name == "half" else None


def _recensored(pairs: Recensored | Refusal, decimals: int | None, zeros: Zeros) -> dict[str, Any] | Refusal:
    if isinstance(pairs, Refusal):
        return pairs
    differences = pair_differences(pairs.before, pairs.after, decimals=decimals)
    return {
        "limit": pairs.lower_limit or 0,
        "upper_limit": pairs.upper_limit,
        "n_nonzero": int(np.count_nonzero(differences)),
        "p_wilcoxon_exact": _p(signed_rank(differences, zeros=zeros)),
    }


def _signs(outcome: SignTest | Refusal) -> dict[str, Any] | Refusal:
    return outcome if isinstance(outcome, Refusal) else asdict(outcome)


def _substituted(
    before: CensoredValues, after: CensoredValues, factor: float, decimals: int | None, zeros: Zeros
) -> dict[str, Any] | Refusal:
    if before.is_above.any() or after.is_above.any():
        return Refusal(
            "A value above an upper limit stands among the pairs; a fraction of the limit says nothing of it."
        )
    first, second = substitute(before, factor), substitute(after, factor)
    differences = pair_differences(first, second, decimals=decimals)
    scale = float(np.abs(np.concatenate([first, second])).max(initial=0.0))
    return {
        "p_t": _p(paired_t(differences, scale=scale)),
        "p_wilcoxon_exact": _p(signed_rank(differences, zeros=zeros)),
        "p_t_log": _p(log_ratio(first, second)),
    }


def _p(outcome: SignedRank | PairedT | LogRatio | Refusal) -> float | Refusal:
    return outcome if isinstance(outcome, Refusal) else outcome.p_two
