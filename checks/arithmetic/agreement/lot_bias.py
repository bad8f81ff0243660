"""Bias of a new lot at a level, with the interval that a verdict can rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.agreement.method_comparison import Line, passing_bablok_line
from checks.arithmetic.refusal import Refusal
from schemas.finding import Verdict

Floats = npt.NDArray[np.float64]
N_RESAMPLES = 999  # samples drawn with replacement; Efron and Tibshirani 1993, chapter 13; no unit
MOST_SLOPES = 40_000_000  # slopes of pairs over all resamples: many samples are drawn less often; no unit
N_FEWEST = 99  # resamples for any number of samples; no unit
SEED = 20260  # of the resampling: the same file gives the same interval


@dataclass(frozen=True, slots=True)
class BiasInterval:
    """Bias at one level, in percent of it."""

    level: float
    """Level, in the unit of the results."""
    bias_percent: float
    """Bias by the line of Passing and Bablok, in percent."""
    ci_low: float
    """Lower 95 % limit, in percent."""
    ci_high: float
    """Upper 95 % limit, in percent."""

    def verdict(self, allowed_percent: float) -> Verdict:
        """Hold the interval against what is allowed.

        Parameters
        ----------
        allowed_percent : float
            Largest bias that is allowed, in percent, above 0.

        Returns
        -------
        Verdict
            ``pass`` if the whole interval is allowed, ``reject`` if nothing of it is, else ``not_evaluable``.
        """
        if -allowed_percent <= self.ci_low and self.ci_high <= allowed_percent:
            return Verdict.PASS
        is_beyond = self.ci_low > allowed_percent or self.ci_high < -allowed_percent
        return Verdict.REJECT if is_beyond else Verdict.NOT_EVALUABLE


def bias_intervals(old: Floats, new: Floats, line: Line, levels: Sequence[float]) -> list[BiasInterval] | Refusal:
    """Give the bias at each level with its interval.

    Parameters
    ----------
    old : ndarray of float, shape (n_samples,)
        Results of the old lot, without NaN.
    new : ndarray of float, shape (n_samples,)
        Results of the new lot, in the same unit and order.
    line : Line
        Line of Passing and Bablok through them.
    levels : sequence of float
        Levels, in the same unit, above 0.

    Returns
    -------
    list of BiasInterval or Refusal
        A refusal where samples drawn again give no line.

    Notes
    -----
    Percentile interval of 999 samples drawn with replacement, old and new together; a line that cannot be had from one
    of them is left out. Seeded.

    References
    ----------
    .. [1] CLSI EP09c. Measurement Procedure Comparison and Bias Estimation Using Patient Samples. 3rd ed. 2018.
    """
    rng = np.random.default_rng(SEED)
    n = int(old.size)
    n_drawn = max(N_FEWEST, min(N_RESAMPLES, MOST_SLOPES // max(1, n * (n - 1) // 2)))
    drawn = [passing_bablok_line(old[own], new[own]) for own in rng.integers(0, n, size=(n_drawn, n))]
    lines = np.array([one for one in drawn if one is not None])
    if len(lines) < n_drawn / 2:
        return Refusal("Most samples drawn again give no line: too few samples, or too many that are equal.")
    intervals = []
    for level in levels:
        biases = 100 * (lines[:, 0] + lines[:, 1] / level - 1)
        low, high = np.quantile(biases, [0.025, 0.975])
        intervals.append(BiasInterval(level, 100 * (line.at(level) - level) / level, float(low), float(high)))
    return intervals
