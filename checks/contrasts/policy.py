"""What the plan does with values below a limit, before anything is ranked."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues, substitute
from checks.arithmetic.censoring.censored_summary import FACTORS
from checks.arithmetic.censoring.pair_limits import recensor_in_pairs
from checks.arithmetic.pairs.decimal_steps import rounded_as_written
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.refusal import Refusal
from checks.contrasts.pairing import Pairs
from checks.contrasts.plan import Plan

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
    """After minus before at the resolution of the plan; on the log scale, of the natural logarithms."""
    decimals: int | None
    """Decimals that the differences were rounded to; None where they were not."""
    lower_limit: float | None
    """Limit that all values were re-censored at; None where nothing was, and where the limits differ."""
    n_censored: int
    """Pairs with at least one censored value."""
    is_invented: bool
    """True where a number stands that nobody measured: by substitution."""
    test: str
    """Test that the plan, or its ladder, asks for: ``signed_rank``, ``prentice_wilcoxon``, ``sign_test``, ..."""
    reported: tuple[CensoredValues, CensoredValues]
    """Values as reported, limits kept."""

    def only(self, is_kept: npt.NDArray[np.bool_]) -> TestedValues:
        """Return some of the pairs, with limits and decimals as they are.

        Parameters
        ----------
        is_kept : ndarray of bool, shape (n_pairs,)
            Which.

        Returns
        -------
        TestedValues
            Those pairs.
        """
        before, after = (visit.only(is_kept) for visit in self.reported)
        return replace(
            self,
            before=self.before[is_kept],
            after=self.after[is_kept],
            differences=self.differences[is_kept],
            n_censored=int((before.is_censored | after.is_censored).sum()),
            reported=(before, after),
        )

    @property
    def is_estimable(self) -> bool:
        """Return whether a size of the change can be given: not where the signs alone are used for what is censored."""
        return not (self.n_censored and self.test == "sign_test" and not self.is_invented)

    @property
    def scale(self) -> float:
        """Return the largest absolute value, in the unit of the values."""
        return float(np.abs(np.concatenate([self.before, self.after])).max(initial=0.0))


def apply_policy(pairs: Pairs, plan: Plan) -> TestedValues | Refusal:
    """Turn pairs into the numbers that the plan tests.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs.
    plan : Plan
        Test, scale, policy below the limit and resolution.

    Returns
    -------
    TestedValues or Refusal
        A refusal where a value above an upper limit would have to be substituted or scored, where a mean would rest on
        a censored value, and where a logarithm is not defined.
    """
    is_censored = pairs.before.is_censored | pairs.after.is_censored
    decimals = pairs.decimals if plan.resolution == "reported" else None
    pairs = _as_reported(pairs, decimals)
    decimals = _with_limits(pairs, decimals)
    policy = rung(pairs, plan) if is_censored.any() else "recensor"
    if policy.startswith("substitute_"):
        values = _substituted(pairs, plan, decimals)
    else:
        values = _recensored(pairs, plan, decimals, policy)
    if isinstance(values, Refusal) or plan.scale == "raw":
        return values
    return _on_logs(values)


def rung(pairs: Pairs, plan: Plan) -> str:
    """Return the policy for the censored values of a contrast, by the plan or by its ladder.

    Parameters
    ----------
    pairs : Pairs
        Complete pairs, some of their values censored.
    plan : Plan
        Policy, and the shares at which the ladder changes.

    Returns
    -------
    str
        Policy; it looks at what is censored and at no difference.
    """
    if plan.below_lloq != "ladder":
        return plan.below_lloq
    visits = (pairs.before, pairs.after)
    share = float(np.concatenate([visit.is_censored for visit in visits]).mean())
    if share > plan.sign_test_above:
        return "sign_test"
    has_upper = any(visit.is_above.any() for visit in visits)
    limits = np.unique(np.concatenate([visit.number[visit.is_below] for visit in visits]))
    if not has_upper and (share > plan.prentice_wilcoxon_above or limits.size > 1):
        return "prentice_wilcoxon"
    return "recensor"


def _recensored(pairs: Pairs, plan: Plan, decimals: int | None, policy: str) -> TestedValues | Refusal:
    is_censored = pairs.before.is_censored | pairs.after.is_censored
    values = recensor_in_pairs(pairs.before, pairs.after)
    test = policy if policy in ("prentice_wilcoxon", "sign_test") else plan.test
    if is_censored.any() and test in ("paired_t", "sign_flip"):
        return Refusal("A value is censored, so a test of the mean would rest on an invented number.")
    return TestedValues(
        before=values.before,
        after=values.after,
        differences=pair_differences(values.before, values.after, decimals=decimals),
        decimals=decimals,
        lower_limit=values.lower_limit,
        n_censored=int(is_censored.sum()),
        is_invented=False,
        test=test,
        reported=(pairs.before, pairs.after),
    )


def _on_logs(values: TestedValues) -> TestedValues | Refusal:
    if values.before.size and min(float(values.before.min()), float(values.after.min())) <= 0:
        return Refusal("A value is zero or below, so the logarithm of the plan is not defined.")
    logs = np.round(np.log(values.after) - np.log(values.before), MOST_DECIMALS) + 0.0  # equal ratios are ties
    return replace(values, differences=np.where(values.before == values.after, 0.0, logs))


def _as_reported(pairs: Pairs, decimals: int | None) -> Pairs:
    # A release keeps the digits of the calculation; what is tested is what the laboratory reports.
    if decimals is None:
        return pairs
    return replace(pairs, before=_rounded(pairs.before, decimals), after=_rounded(pairs.after, decimals))


def _rounded(values: CensoredValues, decimals: int) -> CensoredValues:
    # A limit is nobody's reading: it keeps its digits.
    return replace(
        values, number=np.where(values.is_censored, values.number, rounded_as_written(values.number, decimals))
    )


def _with_limits(pairs: Pairs, decimals: int | None) -> int | None:
    # A limit finer than the reported decimals must not round a value just above it to no difference.
    if decimals is None:
        return None
    limits = [visit.number[visit.is_censored] for visit in (pairs.before, pairs.after)]
    finest = (_decimals_of(float(limit)) for limit in np.unique(np.concatenate(limits)))
    return max([decimals, *finest])


def _decimals_of(limit: float) -> int:
    return next((n for n in range(MOST_DECIMALS) if round(limit, n) == limit), MOST_DECIMALS)


def _substituted(pairs: Pairs, plan: Plan, decimals: int | None) -> TestedValues | Refusal:
    if pairs.before.is_above.any() or pairs.after.is_above.any():
        return Refusal(
            f"A value above an upper limit stands among the pairs: '{plan.below_lloq}' has no number for it."
        )
    name = plan.below_lloq.removeprefix("substitute_").replace("limit", "full")
    before, after = substitute(pairs.before, FACTORS[name]), substitute(pairs.after, FACTORS[name])
    if decimals is not None:
        decimals = {"full": decimals, "half": decimals + 1}.get(name)  # half of the last decimal; a root has no end
    return TestedValues(
        before=before,
        after=after,
        differences=pair_differences(before, after, decimals=decimals),
        decimals=decimals,
        lower_limit=None,
        n_censored=int((pairs.before.is_censored | pairs.after.is_censored).sum()),
        is_invented=True,
        test=plan.test,
        reported=(pairs.before, pairs.after),
    )
