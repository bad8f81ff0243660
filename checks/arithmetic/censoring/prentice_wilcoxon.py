"""Paired Prentice-Wilcoxon test: pairs with nondetects at several limits, without substitution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.arithmetic.pairs.sign_flip import SignFlip, sign_flip
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PrenticeWilcoxon:
    """Outcome of one paired Prentice-Wilcoxon test."""

    z: float
    """Standardised sum of score differences, without unit; above 0 when the first values are larger."""
    p_two: float
    """Two-sided p by the normal approximation."""
    exact: SignFlip
    """The same scores with their signs flipped: the p that a small number of pairs can be held to."""


def prentice_wilcoxon(before: CensoredValues, after: CensoredValues) -> PrenticeWilcoxon | Refusal:
    """Compare pairs by scores that use what each limit says.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,); none above an upper limit.
    after : CensoredValues
        Second values, in the same unit and order.

    Returns
    -------
    PrenticeWilcoxon or Refusal
        A refusal without pairs, with values above an upper limit, and where all scores are equal.

    Notes
    -----
    All values are pooled. Turned round, a value below its limit is one whose time of survival is longer than known;
    with S the Prentice estimate of survival, a measured value scores 1 - 2 S and a censored one 1 - S at the event
    before it. Tied values share the mean of their S. Within a pair, what lies under the other's limit is censored at
    that limit, and two censored values are equal. A value that is known to lie between two bounds, as one that was
    detected and not quantified, scores as measured where it is surely more, or surely less, than its partner.

    References
    ----------
    .. [1] O'Brien PC, Fleming TR. A paired Prentice-Wilcoxon test for censored paired data. Biometrics.
       1987;43(1):169-180. doi:10.2307/2531957
    """
    if before.is_above.any() or after.is_above.any():
        return Refusal(
            "A value above an upper limit stands among the pairs; this test takes values below a limit only."
        )
    rises = score_rises(before, after)
    if not np.any(rises):
        return Refusal("All pairs have equal scores, so there is nothing to compare.")
    z = -float(rises.sum() / np.sqrt((rises**2).sum()))
    exact = sign_flip(rises)
    if isinstance(exact, Refusal):
        return exact
    return PrenticeWilcoxon(z=z, p_two=math.erfc(abs(z) / math.sqrt(2)), exact=exact)


def score_rises(before: CensoredValues, after: CensoredValues) -> Floats:
    """Return by how much the score of each pair rises.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,); none above an upper limit.
    after : CensoredValues
        Second values, in the same unit and order.

    Returns
    -------
    ndarray of float, shape (n_pairs,)
        Rises without unit, above 0 where the second value is larger.
    """
    first, second = _same_limit_in_each_pair(_placed(before, after), _placed(after, before))
    times = -np.concatenate([first.number, second.number])
    scores = _scores(times, np.concatenate([first.is_below, second.is_below]))
    n_pairs = before.number.size
    return np.asarray(scores[:n_pairs] - scores[n_pairs:], dtype=np.float64)  # scores fall as values rise


def _placed(values: CensoredValues, partner: CensoredValues) -> CensoredValues:
    # Just below its upper bound, which no measured value of the class above can undercut.
    is_between = values.is_below & np.isfinite(values.least)
    is_sure = is_between & ((values.least >= partner.most) | (partner.least >= values.most))
    number = np.where(is_sure, np.nextafter(values.number, -np.inf), values.number)
    return CensoredValues(number, values.is_below & ~is_sure, values.is_above)


def _same_limit_in_each_pair(before: CensoredValues, after: CensoredValues) -> tuple[CensoredValues, CensoredValues]:
    limit = np.maximum(
        np.where(before.is_below, before.number, -np.inf), np.where(after.is_below, after.number, -np.inf)
    )
    return _at_limit(before, limit), _at_limit(after, limit)


def _at_limit(values: CensoredValues, limit: Floats) -> CensoredValues:
    is_below = values.is_below | (values.number < limit)
    return CensoredValues(
        np.where(is_below, np.maximum(values.number, limit), values.number), is_below, values.is_above
    )


def _scores(times: Floats, is_censored: Flags) -> Floats:
    survival = _survival(times, is_censored)
    return np.where(is_censored, 1 - survival, 1 - 2 * survival)


def _survival(times: Floats, is_censored: Flags) -> Floats:
    survival = np.empty(times.size)
    left = at_last_event = 1.0
    for time in np.unique(times):
        here = times == time
        n_at_risk, n_events = int((times >= time).sum()), int((here & ~is_censored).sum())
        if n_events:
            one_by_one = left * (n_at_risk - np.arange(n_events)) / (n_at_risk + 1)
            left, at_last_event = float(one_by_one[-1]), float(one_by_one.mean())
        survival[here] = at_last_event
    return survival
