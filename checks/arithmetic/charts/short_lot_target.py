"""Target and SD of a control lot that ends after few runs: pooled over lots, or from a guide set of named runs."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from checks.arithmetic.charts.control_target import ControlReading, ControlTarget

_THREE_SD = 0.9986501019683699
"""Share of a normal distribution below 3 SD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLotPolicy:
    """How many results the target of a short lot needs."""

    pooled_results: int
    """Results of the lot itself in other runs, for its mean."""
    pooled_df: int
    """Degrees of freedom of the scatter within all lots of the level."""
    guide_runs: int
    """Runs of a guide set in which the lot was measured."""


def pooled_target(
    own: Sequence[ControlReading], other_lots: Mapping[str, Sequence[ControlReading]], policy: ShortLotPolicy
) -> ControlTarget:
    """Return the target of a lot from its other runs, with the scatter of all lots of its level.

    Parameters
    ----------
    own : sequence of ControlReading
        Results of the lot in all other runs, earlier and later ones.
    other_lots : mapping of str to sequence of ControlReading
        Results of the other lots of the material and level, by lot.
    policy : ShortLotPolicy
        How many results are needed.

    Returns
    -------
    ControlTarget
        Kind ``pooled``. ``mean`` is the geometric mean of ``own``; ``sd`` is so wide that a result of a run in control
        lies within 3 SD in 99.73 of 100 cases. Mean and SD are None while there are too few results.

    Notes
    -----
    Lots are compared as log ratios to the mean of their lot, so that a lot with another content counts by its scatter
    alone; results of 0 and below, and those that are left out, do not count. z is ln(result / mean) over sd / mean. A
    result differs from the mean of n others by a t distribution: s sqrt(1 + 1/n) with the degrees of freedom of s. The
    SD is that scatter, times the quantile of t over that of the normal distribution at 3 SD, so that rules at 3 SD keep
    their rate of false alarms; those at 2 SD alarm a little less often than usual.
    """
    lots = {"": _logs(own), **{lot: _logs(readings) for lot, readings in other_lots.items()}}
    n_own, n_lots = len(lots[""]), sum(bool(logs) for logs in lots.values())
    df = sum(len(logs) - 1 for logs in lots.values() if logs)
    counted = f"{n_own} other result{'s' * (n_own != 1)} of the lot"
    if n_own < policy.pooled_results or df < policy.pooled_df:
        basis = (
            f"pooled: {counted}, and {df} degrees of freedom over {n_lots} lot{'s' * (n_lots != 1)}; "
            f"{policy.pooled_results} and {policy.pooled_df} are needed"
        )
        return ControlTarget("pooled", None, None, basis)
    scatter = math.sqrt(math.fsum(_squares(logs) for logs in lots.values() if logs) / df)
    mean, wider = math.exp(math.fsum(lots[""]) / n_own), _widening(n_own, df)
    if not scatter > 0:
        return ControlTarget("pooled", None, None, f"pooled: {counted} and those of {n_lots} lots do not scatter")
    basis = (
        f"pooled: mean of {counted}, CV {100 * scatter:.3g} % within {n_lots} lot{'s' * (n_lots != 1)} "
        f"({df} degrees of freedom), SD {wider:.3g} times as wide since both rest on few results"
    )
    return ControlTarget("pooled", mean, mean * scatter * wider, basis)


def guide_target(
    readings: Sequence[ControlReading], n_runs: int, lacking: Collection[str], policy: ShortLotPolicy
) -> ControlTarget:
    """Return the target of a lot from a guide set.

    Parameters
    ----------
    readings : sequence of ControlReading
        Results of the lot in the named runs.
    n_runs : int
        Runs with a result that counts.
    lacking : collection of str
        Named runs in which the lot was not measured.
    policy : ShortLotPolicy
        How many runs are needed.

    Returns
    -------
    ControlTarget
        Kind ``guide_set``: mean and SD of the results that count; None while there are too few, or they do not scatter.
    """
    values = [reading.value for reading in readings if not reading.left_out]
    without = f"; not measured in {', '.join(sorted(lacking))}" if lacking else ""
    counted = f"guide set of {n_runs} run{'s' * (n_runs != 1)} ({len(values)} result{'s' * (len(values) != 1)})"
    if n_runs < policy.guide_runs:
        return ControlTarget("guide_set", None, None, f"{counted}; {policy.guide_runs} are needed{without}")
    mean = math.fsum(values) / len(values)
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    if not sd > 0:
        return ControlTarget("guide_set", None, None, f"{counted}: they do not scatter")
    return ControlTarget("guide_set", mean, sd, f"{counted}, provisional{without}")


def _logs(readings: Sequence[ControlReading]) -> list[float]:
    return [math.log(reading.value) for reading in readings if not reading.left_out and reading.value > 0]


def _squares(logs: Sequence[float]) -> float:
    mean = math.fsum(logs) / len(logs)
    return math.fsum((one - mean) ** 2 for one in logs)


def _widening(n_own: int, df: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, _THREE_SD)) / 3 * math.sqrt(1 + 1 / n_own)
