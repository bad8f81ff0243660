"""Precision within the laboratory over several lots of a control: each lot about its own mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isinf

import numpy as np

from checks.arithmetic.refusal import Refusal

FEWEST_DF = 4
"""Degrees of freedom below which nothing is pooled: with 4 the SD is known to a factor of about 2.9 at 95 %."""


@dataclass(frozen=True, slots=True)
class PooledPrecision:
    """Scatter of one level over its lots."""

    mean: float
    """Mean of all results, in their unit."""
    cv_percent: float
    """CV within a lot, pooled over lots by degrees of freedom."""
    total_cv_percent: float | None
    """The same with what the means of the lots differ by; None with one lot or without targets."""
    df: float
    """Results less lots; infinite where the CV is stated and not measured."""
    n_lots: int
    """Lots with two results or more, or with a stated SD."""

    @property
    def is_stated(self) -> bool:
        """Return whether the control sheet states the CV, since results are too few."""
        return isinf(self.df)


def pooled_precision(
    values_by_lot: Mapping[str, Sequence[float]], targets: Mapping[str, float] | None = None
) -> PooledPrecision | Refusal:
    """Pool the precision of a control level over its lots.

    Parameters
    ----------
    values_by_lot : mapping of str to sequence of float
        Results of each lot, in one unit, above 0; a lot with one result counts for nothing.
    targets : mapping of str to float, optional
        Assigned value of each lot, above 0.

    Returns
    -------
    PooledPrecision or Refusal
        A refusal with fewer degrees of freedom than :data:`FEWEST_DF`, and where a mean is not above 0.

    Notes
    -----
    The squares of the CVs of the lots are weighted by their degrees of freedom. In total, the variance of the lots'
    recoveries is added: what a change of lot adds to a long series of results.

    References
    ----------
    .. [1] ISO/TS 20914:2019. Medical laboratories - Practical guidance for the estimation of measurement uncertainty,
       section 6.4 and annex A.
    """
    lots = {name: np.asarray(values, dtype=np.float64) for name, values in values_by_lot.items() if len(values) > 1}
    df = sum(values.size - 1 for values in lots.values())
    if df < FEWEST_DF:
        return Refusal(f"Controls leave {df} degrees of freedom for the precision; {FEWEST_DF} are needed.")
    if any(values.mean() <= 0 for values in lots.values()):
        return Refusal("The mean of a control lot is not above 0, so it has no CV.")
    square = sum(float(values.var(ddof=1)) * (values.size - 1) / float(values.mean()) ** 2 for values in lots.values())
    recoveries = [float(values.mean()) / targets[name] for name, values in lots.items() if targets and name in targets]
    cv = (square / df) ** 0.5
    total = (cv**2 + float(np.var(recoveries, ddof=1))) ** 0.5 if len(recoveries) > 1 else None
    mean = float(np.concatenate(list(lots.values())).mean())
    return PooledPrecision(mean, 100 * cv, None if total is None else 100 * total, df, len(lots))


def stated_precision(targets: Sequence[tuple[float, float]]) -> PooledPrecision | None:
    """Return the precision that a control sheet states for its lots.

    Parameters
    ----------
    targets : sequence of tuple of float
        Assigned value and SD of each lot, both above 0.

    Returns
    -------
    PooledPrecision or None
        Root of the mean square of their CVs; None without a lot.
    """
    if not targets:
        return None
    cv = (sum((sd / target) ** 2 for target, sd in targets) / len(targets)) ** 0.5
    return PooledPrecision(sum(target for target, _ in targets) / len(targets), 100 * cv, None, inf, len(targets))
