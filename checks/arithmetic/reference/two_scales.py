"""Which numbers of a column lie on the scale of another unit: a mixture of two scales, person by person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MOST_TOGETHER = 5  # results of one person whose slips are weighed in every combination; no unit
_SD_OVER_QUANTILE = {0.5: 1.4826, 0.75: 0.8693}  # SD of a normal curve over quantiles of absolute deviations; no unit
_ROUNDS = 6  # in which shares and chances settle to a hundredth; no unit
_PRIOR_RESULTS = 100  # results that what is likely beforehand counts as; Assaygate
_SMALLEST_SD = 0.05  # natural logarithm: people who differ less than by 5 percent are not found; Assaygate


@dataclass(frozen=True, slots=True)
class Spread:
    """How the logarithms of a column spread."""

    centre: float
    """Natural logarithm of the median."""
    between_sd: float
    """SD between people, natural logarithm."""
    within_sd: float
    """SD of one result within a person, natural logarithm."""


@dataclass(frozen=True, slots=True)
class Tails:
    """What is held for likely before any number is seen."""

    slip_fraction: float
    """Share of numbers that are written in another unit, above 0 and below 1; what a column says moves it."""
    tail_fraction: float
    """Share of people, and of results, that are unusual without any slip."""
    tail_widening: float
    """How many times as far those lie."""


@dataclass(frozen=True, slots=True)
class Person:
    """Results of one person, as natural logarithms."""

    own: Floats
    """Those that may be slips."""
    others: Floats
    """Those of other runs, taken as they are."""


def spread_of(logs: Floats, pair_differences: Floats, within_sd: float | None) -> Spread:
    """Describe a column by quantiles, which a few slips hardly move.

    Parameters
    ----------
    logs : ndarray of float, shape (n_results,)
        Natural logarithms, finite.
    pair_differences : ndarray of float, shape (n_pairs,)
        Differences of logarithms of two results of one person.
    within_sd : float or None
        SD within a person where there are too few pairs to tell; None if nobody knows.

    Returns
    -------
    Spread
        Without pairs and without a known SD, all variation is within people: nothing is learnt from other results.
    """
    centre = float(np.median(logs))
    total = max(_robust_sd(logs - centre), _SMALLEST_SD)
    within = within_sd
    if pair_differences.size:
        within = _robust_sd(pair_differences) / math.sqrt(2)
    within = min(max(total if within is None else within, _SMALLEST_SD), total)
    return Spread(centre, max(math.sqrt(max(total**2 - within**2, 0.0)), _SMALLEST_SD), within)


def _robust_sd(deviations: Floats) -> float:
    # By two quantiles: in a column of few digits half of the deviations may be 0 although the other half is not.
    return max(scale * float(np.quantile(np.abs(deviations), at)) for at, scale in _SD_OVER_QUANTILE.items())


def slip_chances(
    people: Sequence[Person], n_results: int, shifts: Sequence[float], spread: Spread, tails: Tails
) -> list[Floats]:
    """Return the chance of each result to be a slip, by the shift that puts it right.

    Parameters
    ----------
    people : sequence of Person
        People with a result that may be a slip; all others may be left out.
    n_results : int
        Results of the column, those of the people who are left out included.
    shifts : sequence of float
        Natural logarithms of the factors that one slip can explain.
    spread : Spread
        How people and results spread.
    tails : Tails
        What is likely beforehand.

    Returns
    -------
    list of ndarray of float, shape (n_shifts, n_own)
        Chances, 0 to 1, by person.

    Notes
    -----
    log x = centre + person + result, person and result normal, each with a wide tail. Per person every combination of
    slips of up to five results is weighed for each shift, of more one slip at a time, and no slip against all of them.
    The share of slips of each shift is that of the column, with a hundred results of ``slip_fraction`` before it.
    """
    weighed = [[_weights(one, shift, spread, tails) for shift in shifts] for one in people]
    states = [np.array(_states(one.own.size)) for one in people]
    fractions = np.full(len(shifts), tails.slip_fraction / len(shifts))
    chances: list[Floats] = []
    for _ in range(_ROUNDS):
        chances = [_chances(logs, table, fractions) for logs, table in zip(weighed, states, strict=True)]
        found = sum((one.sum(axis=1) for one in chances), np.zeros(len(shifts)))
        before = _PRIOR_RESULTS * tails.slip_fraction / len(shifts)
        fractions = (found + before) / (n_results + _PRIOR_RESULTS)
    return chances


def _chances(logs: Sequence[Floats], table: Floats, fractions: Floats) -> Floats:
    n_slips, n_own = table.sum(axis=1), table.shape[1]
    none = float(logs[0][0]) + n_own * math.log1p(-float(fractions.sum()))
    slips = [
        own[1:] + n_slips[1:] * math.log(share) + (n_own - n_slips[1:]) * math.log1p(-float(fractions.sum()))
        for own, share in zip(logs, fractions, strict=True)
    ]
    total = _log_sum(np.concatenate([[none], *slips]))
    return np.array([np.exp(own - total) @ table[1:] for own in slips])


def _states(n: int) -> list[Floats]:
    if n <= MOST_TOGETHER:
        return [np.array(state, dtype=np.float64) for state in product((0.0, 1.0), repeat=n)]
    return [np.zeros(n), *np.eye(n)]


def _weights(person: Person, shift: float, spread: Spread, tails: Tails) -> Floats:
    states = _states(person.own.size)
    return np.array([_log_weight(person.own + shift * one, person.others, spread, tails) for one in states])


def _log_weight(own: Floats, others: Floats, spread: Spread, tails: Tails) -> float:
    residuals = np.concatenate([own, others]) - spread.centre
    usual, wide = math.log1p(-tails.tail_fraction), math.log(tails.tail_fraction)
    logs = []
    for tail, scale in ((usual, 1.0), (wide, tails.tail_widening)):
        between = spread.between_sd * scale
        for place in range(-1, residuals.size):
            sds = np.full(residuals.size, spread.within_sd)
            sds[place] *= tails.tail_widening if place >= 0 else 1.0
            logs.append(tail + (usual if place < 0 else wide) + _log_density(residuals, between, sds))
    return _log_sum(np.array(logs))


def _log_density(residuals: Floats, between: float, sds: Floats) -> float:
    precision, explained = 1 / sds**2, float((residuals / sds**2).sum())
    total = float(precision.sum())
    square = float((residuals**2 * precision).sum()) - explained**2 / (1 / between**2 + total)
    return -0.5 * (square + float(np.log(sds**2).sum()) + math.log1p(between**2 * total))


def _log_sum(logs: Floats) -> float:
    return float(np.logaddexp.reduce(logs))
