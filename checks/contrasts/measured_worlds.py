"""The planned test of a contrast in worlds that the uncertainty of its results allows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.arithmetic.pairs.signed_rank import SignedRank
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.uncertainty.worlds import (
    MeasuredPairs,
    Worlds,
    drawn_values,
    signed_rank_p,
    worlds_of,
)
from checks.contrasts.outcome import Outcome, p_of, values_and_test
from checks.contrasts.pairing import Pairs
from checks.contrasts.plan import Plan

Floats = npt.NDArray[np.float64]
N_ONE_BY_ONE = 400  # worlds in which the whole plan is run again: a share is then known to 2.5 percent; no unit
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
        None where p is not below the alpha of the plan: there is no finding to shake. A refusal where the uncertainty
        of a number is not known.

    Notes
    -----
    10,000 worlds for the signed rank of numbers; where values are bounds, and for other tests, the whole plan is run
    again in each of 400 worlds.
    """
    if outcome.p_value >= plan.alpha:
        return None
    if pairs.uncertainty is None:
        return Refusal("The uncertainty of some results is not known: too few controls, or no number above 0.")
    first, second = pairs.uncertainty
    before, after = pairs.before.number, pairs.after.number
    is_number = np.concatenate([~pairs.before.is_censored, ~pairs.after.is_censored])
    numbers = np.concatenate([before, after])[is_number]
    alone, whole = (
        np.concatenate([getattr(one, name) for one in (first, second)])[is_number] / numbers
        for name in ("alone", "whole")
    )
    u_percent = 100 * float(np.median(alone))
    if not np.any(whole):
        return worlds_of(np.array([outcome.p_value]), outcome.p_value, 0.0)
    u_shared = float(np.median(np.sqrt(np.maximum(whole**2 - alone**2, 0.0))))
    measured = MeasuredPairs(before, after, first.alone, second.alone, u_shared)
    if outcome.values.n_censored or not isinstance(outcome.tested, SignedRank):
        return worlds_of(_one_by_one(pairs, measured, plan), outcome.p_value, u_percent)
    rounded = partial(_changes, decimals=outcome.values.decimals, is_log=plan.scale == "log")
    p_values = signed_rank_p(rounded(*drawn_values(measured)), is_pratt=plan.zeros == "pratt")
    return worlds_of(p_values[:, _COLUMN[plan.alternative]], outcome.p_value, u_percent)


def _one_by_one(pairs: Pairs, measured: MeasuredPairs, plan: Plan) -> Floats:
    # The whole plan again in each world: bounds stay where they are, and so do the limits in force.
    found = []
    for before, after in zip(*drawn_values(measured, N_ONE_BY_ONE), strict=True):
        world = replace(pairs, before=_moved(pairs.before, before), after=_moved(pairs.after, after))
        tested = values_and_test(world, plan)
        found.append(1.0 if isinstance(tested, Refusal) else p_of(tested[1], plan))
    return np.array(found)


def _moved(values: CensoredValues, numbers: Floats) -> CensoredValues:
    return replace(values, number=np.where(values.is_censored, values.number, numbers))


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
