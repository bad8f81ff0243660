"""The planned test of a contrast in worlds that the uncertainty of its results allows."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.signed_rank import SignedRank
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.uncertainty.worlds import (
    MeasuredPairs,
    Worlds,
    drawn_differences,
    signed_rank_p,
    worlds_of,
)
from checks.contrasts.outcome import Outcome
from checks.contrasts.pairing import Pairs
from checks.contrasts.plan import Plan

Floats = npt.NDArray[np.float64]
_COLUMN = {"two_sided": 0, "less": 1, "greater": 2}


def measured_worlds(pairs: Pairs, outcome: Outcome, plan: Plan) -> Worlds | Refusal | None:
    """Draw the test again in worlds that the controls of the laboratory allow.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs with the uncertainty of each result.
    outcome : Outcome
        Planned test of these pairs.
    plan : Plan
        Level, direction, scale and zeros.

    Returns
    -------
    Worlds, Refusal or None
        None where p is not below the alpha of the plan: there is no finding to shake. A refusal where a result has no
        uncertainty, a value is a bound, or the test is not the signed rank.
    """
    if outcome.p_value >= plan.alpha:
        return None
    if pairs.uncertainty is None:
        return Refusal("The uncertainty of some results is not known: too few controls, or no number above 0.")
    if outcome.values.n_censored:
        return Refusal("A value is a bound, whose uncertainty is not that of a number.")
    if not isinstance(outcome.tested, SignedRank):
        return Refusal("Worlds are drawn for the signed-rank test alone.")
    first, second = pairs.uncertainty
    before, after = pairs.before.number, pairs.after.number
    both = np.concatenate([first.alone, second.alone]) / np.concatenate([before, after])
    u_percent = 100 * float(np.median(both))
    if not np.any(both):
        return worlds_of(np.array([outcome.p_value]), outcome.p_value, 0.0)
    shared = np.concatenate([first.whole, second.whole]) ** 2 - np.concatenate([first.alone, second.alone]) ** 2
    u_shared = float(np.median(np.sqrt(np.maximum(shared, 0.0)) / np.concatenate([before, after])))
    drawn = drawn_differences(
        MeasuredPairs(before, after, first.alone, second.alone, u_shared),
        partial(_changes, decimals=outcome.values.decimals, is_log=plan.scale == "log"),
    )
    p_values = signed_rank_p(drawn, is_pratt=plan.zeros == "pratt")[:, _COLUMN[plan.alternative]]
    return worlds_of(p_values, outcome.p_value, u_percent)


def _changes(before: Floats, after: Floats, *, decimals: int | None, is_log: bool) -> Floats:
    # As reported: values, and so differences, are rounded to the decimals of the laboratory.
    if decimals is not None:
        before, after = np.round(before, decimals), np.round(after, decimals)
    if is_log:
        least = np.finfo(float).tiny
        return np.round(np.log(np.maximum(after, least)) - np.log(np.maximum(before, least)), 12) + 0.0
    return np.round(after - before, 12 if decimals is None else decimals) + 0.0


def world_words(found: Worlds) -> str:
    """Say in a sentence how far a p stands in the worlds that were drawn.

    Parameters
    ----------
    found : Worlds
        Shares of worlds.

    Returns
    -------
    str
        The share below 0.01, or below 0.05 where p itself is not below 0.01.
    """
    is_small = found.p_value < 0.01
    level, share = (0.01, found.share_below_0_01) if is_small else (0.05, found.share_below_0_05)
    return (
        f"In {100 * share:.0f} % of {found.n_worlds:,} worlds that the laboratory's own controls allow "
        f"(u {found.u_percent:.1f} % a result) p stays below {level:g}."
    )
