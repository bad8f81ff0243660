"""Target and SD of a control lot from its own results: establishment, bridging from the lot before, rolling."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ControlReading:
    """One result of a control lot."""

    value: float
    """Result, in one unit for the lot; finite."""
    day: date
    """Day on which it was measured."""
    left_out: str = ""
    """Why it counts towards no target: ``rejected by westgard.1-3s``; empty if it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EstablishmentPolicy:
    """How many results on how many days a target needs."""

    min_results: int
    """Results of a new material: 20 by CLSI C24."""
    min_days: int
    """Days of a new material: 20."""
    provisional_days: int
    """Days after which as many results give a provisional target: 5."""
    bridge_results: int
    """Results of a new lot that carries the CV of the lot before: 10."""
    bridge_days: int
    """Days of such a lot: 10."""
    rolling_results: int
    """Last results that a rolling target rests on."""


@dataclass(frozen=True, slots=True)
class ControlTarget:
    """Mean and SD of a control lot, and what they rest on."""

    kind: str
    """``established``, ``provisional``, ``bridged`` or ``rolling``; ``establishing`` while there is none."""
    mean: float | None
    """Target, in the unit of the results."""
    sd: float | None
    """SD, above 0, in the same unit."""
    basis: str
    """The numbers behind it, in words."""


def established_target(readings: Sequence[ControlReading], policy: EstablishmentPolicy) -> ControlTarget:
    """Return the target of a new material from its own results.

    Parameters
    ----------
    readings : sequence of ControlReading
        Results before the run that is judged, oldest first.
    policy : EstablishmentPolicy
        How many are needed.

    Returns
    -------
    ControlTarget
        Mean and SD of the first results that fulfil the policy, which stay fixed from then on; before, a provisional
        target of all results so far, or none.

    Notes
    -----
    A lot whose results do not scatter gives no SD, and so no target. A result that is left out counts neither among the
    results nor among the days; how many there were among those that the target rests on, and why, stands in ``basis``.

    References
    ----------
    .. [1] CLSI C24-Ed4. Statistical Quality Control for Quantitative Measurement Procedures. 2016: at least 20 results
       on 20 days; 4 a day on 5 days give a provisional target.
    """
    n_needed = _first_enough(readings, policy.min_results, policy.min_days)
    if n_needed:
        return _of(readings[:n_needed], "established", "established from")
    if _first_enough(readings, policy.min_results, policy.provisional_days):
        needed = f"; {policy.min_results} on {policy.min_days} days are needed"
        return _of(readings, "provisional", "provisional from", needed)
    return _not_yet(readings, policy.min_results, policy.min_days)


def bridged_target(
    readings: Sequence[ControlReading], cv_of_lot_before: float, lot_before: str, policy: EstablishmentPolicy
) -> ControlTarget:
    """Return the target of a new lot of a known material: its own mean with the CV of the lot before.

    Parameters
    ----------
    readings : sequence of ControlReading
        Results of the new lot before the run that is judged, oldest first.
    cv_of_lot_before : float
        SD over mean of the lot before, without unit, above 0.
    lot_before : str
        Name of the lot before.
    policy : EstablishmentPolicy
        How many results are needed.

    Returns
    -------
    ControlTarget
        Mean of the first results that fulfil the policy; before, none.

    References
    ----------
    .. [1] CLSI C24-Ed4 (2016): mean from 10 results on 10 days, the CV of the lot before is carried over.
    """
    n_needed = _first_enough(readings, policy.bridge_results, policy.bridge_days)
    if not n_needed:
        return _not_yet(readings, policy.bridge_results, policy.bridge_days)
    first = readings[:n_needed]
    values = _values(first)
    mean = math.fsum(values) / len(values)
    basis = f"bridged: {_counted(first)}, and the CV of lot '{lot_before}', {100 * cv_of_lot_before:.3g} %"
    sd = abs(mean) * cv_of_lot_before
    return ControlTarget("bridged", mean, sd, basis) if sd > 0 else _no_scatter(first)


def rolling_target(readings: Sequence[ControlReading], policy: EstablishmentPolicy) -> ControlTarget:
    """Return the target of a lot from its last results.

    Parameters
    ----------
    readings : sequence of ControlReading
        Results before the run that is judged, oldest first.
    policy : EstablishmentPolicy
        How many results a target needs at least, and on how many it rests at most.

    Returns
    -------
    ControlTarget
        Mean and SD of the last results; provisional or none until a new material would have its target.

    Notes
    -----
    A rolling target follows a slow drift, and so hides it; the trailing mean against the first target shows it. Results
    that are left out count for nothing: the last ``rolling_results`` are the last ones that count.
    """
    if not _first_enough(readings, policy.min_results, policy.min_days):
        return established_target(readings, policy)
    return _of(_last(readings, policy.rolling_results), "rolling", "rolling: the last")


def _first_enough(readings: Sequence[ControlReading], n_results: int, n_days: int) -> int:
    """Return how many readings, those that are left out among them, hold enough results on enough days; 0 if none."""
    days: set[date] = set()
    n_counted = 0
    for place, reading in enumerate(readings, start=1):
        if reading.left_out:
            continue
        days.add(reading.day)
        n_counted += 1
        if n_counted >= n_results and len(days) >= n_days:
            return place
    return 0


def _last(readings: Sequence[ControlReading], n_results: int) -> Sequence[ControlReading]:
    counted_indices = [place for place, reading in enumerate(readings) if not reading.left_out]
    return readings[counted_indices[-n_results] :] if len(counted_indices) > n_results else readings


def _values(readings: Sequence[ControlReading]) -> list[float]:
    return [reading.value for reading in readings if not reading.left_out]


def _of(readings: Sequence[ControlReading], kind: str, words: str, more: str = "") -> ControlTarget:
    values = _values(readings)
    mean = math.fsum(values) / len(values)
    sd = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return ControlTarget(kind, mean, sd, f"{words} {_counted(readings)}{more}") if sd > 0 else _no_scatter(readings)


def _not_yet(readings: Sequence[ControlReading], n_results: int, n_days: int) -> ControlTarget:
    before = f"{_counted(readings)} before this run" if readings else "no result before this run"
    basis = f"establishing: {before}; {n_results} on {n_days} days are needed"
    return ControlTarget("establishing", None, None, basis)


def _no_scatter(readings: Sequence[ControlReading]) -> ControlTarget:
    return ControlTarget("establishing", None, None, f"establishing: {_counted(readings)} do not scatter")


def _counted(readings: Sequence[ControlReading]) -> str:
    counted = [reading for reading in readings if not reading.left_out]
    n_days = len({reading.day for reading in counted})
    words = f"{len(counted)} result{'' if len(counted) == 1 else 's'} on {n_days} day{'' if n_days == 1 else 's'}"
    why = Counter(reading.left_out for reading in readings if reading.left_out)
    if not why:
        return words
    counted_reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(why.items()))
    return f"{words} ({why.total()} more left out: {counted_reasons})"
