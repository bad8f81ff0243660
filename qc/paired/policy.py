"""What the plan does with values below a limit, before anything is ranked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censored_pairs import CensoredValues, recensor, substitute
from checks.arithmetic.pair_differences import pair_differences
from checks.arithmetic.refusal import Refusal
from qc.paired.pairing import Pairs
from qc.paired.plan import Plan

Floats = npt.NDArray[np.float64]
MOST_DECIMALS = 12  # beyond it a limit's digits are those of binary arithmetic; no unit


@dataclass(frozen=True, slots=True)
class TestedValues:
    """Numbers that a contrast is tested on."""

    before: Floats
    """Values at the baseline, after the policy."""
    after: Floats
    """Values at the follow-up, after the policy."""
    differences: Floats
    """After minus before, at the resolution of the plan."""
    decimals: int | None
    """Decimals that the differences were rounded to; None where they were not."""
    lower_limit: float | None
    """Limit that values were re-censored at, None where nothing was."""
    n_censored: int
    """Pairs with at least one censored value."""
    is_invented: bool
    """True where a number stands that nobody measured: by substitution."""


def apply_policy(pairs: Pairs, plan: Plan) -> TestedValues | Refusal:
    """Turn pairs into the numbers that the plan tests.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs.
    plan : Plan
        Policy below the limit and resolution.

    Returns
    -------
    TestedValues or Refusal
        A refusal where limits cross, and where a value above an upper limit would have to be substituted.
    """
    is_censored = pairs.before.is_censored | pairs.after.is_censored
    n_censored = int(is_censored.sum())
    decimals = pairs.decimals if plan.resolution == "reported" else None
    pairs = _as_reported(pairs, decimals)
    decimals = _with_limits(pairs, decimals)
    if plan.below_lloq == "substitute_half":
        return _substituted(pairs, decimals, n_censored)
    values = recensor(pairs.before, pairs.after)
    if isinstance(values, Refusal):
        return values
    differences = pair_differences(values.before, values.after, decimals=decimals)
    return TestedValues(values.before, values.after, differences, decimals, values.lower_limit, n_censored, False)


def _as_reported(pairs: Pairs, decimals: int | None) -> Pairs:
    # A release keeps the digits of the calculation; what is tested is what the laboratory reports.
    if decimals is None:
        return pairs
    return replace(pairs, before=_rounded(pairs.before, decimals), after=_rounded(pairs.after, decimals))


def _rounded(values: CensoredValues, decimals: int) -> CensoredValues:
    # A limit is nobody's reading: it keeps its digits.
    return replace(values, number=np.where(values.is_censored, values.number, np.round(values.number, decimals)))


def _with_limits(pairs: Pairs, decimals: int | None) -> int | None:
    # A limit finer than the reported decimals must not round a value just above it to no difference.
    if decimals is None:
        return None
    limits = [visit.number[visit.is_censored] for visit in (pairs.before, pairs.after)]
    finest = (_decimals_of(float(limit)) for limit in np.unique(np.concatenate(limits)))
    return max([decimals, *finest])


def _decimals_of(limit: float) -> int:
    return next((n for n in range(MOST_DECIMALS) if round(limit, n) == limit), MOST_DECIMALS)


def _substituted(pairs: Pairs, decimals: int | None, n_censored: int) -> TestedValues | Refusal:
    if pairs.before.is_above.any() or pairs.after.is_above.any():
        return Refusal("A value above an upper limit stands among the pairs: 'substitute_half' has no number for it.")
    before, after = substitute(pairs.before, 0.5), substitute(pairs.after, 0.5)
    if decimals is not None and n_censored:
        decimals += 1  # half of the last reported decimal
    differences = pair_differences(before, after, decimals=decimals)
    return TestedValues(before, after, differences, decimals, None, n_censored, n_censored > 0)
