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
    moves = np.asarray(shifts, dtype=np.float64)
    alike = _alike(people)
    weighed = [_weights([people[place] for place in places], moves, spread, tails) for places in alike]
    fractions = np.full(len(shifts), tails.slip_fraction / len(shifts))
    chances: list[Floats] = [np.zeros((len(shifts), one.own.size)) for one in people]
    for _ in range(_ROUNDS):
        for places, logs in zip(alike, weighed, strict=True):
            for place, own in zip(places, _chances(logs, people[places[0]].own.size, fractions), strict=True):
                chances[place] = own
        found = sum((one.sum(axis=1) for one in chances), np.zeros(len(shifts)))
        before = _PRIOR_RESULTS * tails.slip_fraction / len(shifts)
        fractions = (found + before) / (n_results + _PRIOR_RESULTS)
    return chances


def _alike(people: Sequence[Person]) -> list[list[int]]:
    """Return places of people with as many results as each other, who are weighed at once."""
    places: dict[tuple[int, int], list[int]] = {}
    for place, one in enumerate(people):
        places.setdefault((one.own.size, one.others.size), []).append(place)
    return list(places.values())


def _chances(logs: Floats, n_own: int, fractions: Floats) -> Floats:
    """Return the chances of people with ``n_own`` results each, shape (n_people, n_shifts, n_own)."""
    table = _states(n_own)
    n_slips, unslipped = table.sum(axis=1), math.log1p(-float(fractions.sum()))
    prior = n_slips * np.log(fractions)[:, None] + (table.shape[1] - n_slips) * unslipped
    own = (logs + prior)[:, :, 1:]
    none = logs[:, 0, 0] + prior[0, 0]
    total = np.logaddexp.reduce(np.concatenate([none[:, None], own.reshape(len(own), -1)], axis=1), axis=1)
    return np.asarray(np.exp(own - total[:, None, None]) @ table[1:], dtype=np.float64)


def _states(n: int) -> Floats:
    if n <= MOST_TOGETHER:
        return np.array(list(product((0.0, 1.0), repeat=n)))
    return np.concatenate([np.zeros((1, n)), np.eye(n)])


def _weights(alike: Sequence[Person], shifts: Floats, spread: Spread, tails: Tails) -> Floats:
    """Return the log density of people's results, shape (n_people, n_shifts, n_states), by which are slips."""
    states = _states(alike[0].own.size)
    moved = np.stack([one.own for one in alike])[:, None, None, :] + shifts[:, None, None] * states
    known = np.stack([one.others for one in alike])[:, None, None, :]
    others = np.broadcast_to(known, (*moved.shape[:3], known.shape[3]))
    residuals = np.concatenate([moved, others], axis=3) - spread.centre
    n = residuals.shape[3]
    # Nobody, or one of the results, is unusual; and the person is usual, or not.
    wide = np.concatenate([np.zeros((1, n)), np.eye(n)])
    precision = (spread.within_sd * (1 + (tails.tail_widening - 1) * wide)) ** -2
    total = precision.sum(axis=1)[:, None]
    explained, square = (residuals @ precision.T)[..., None], (residuals**2 @ precision.T)[..., None]
    between = (spread.between_sd * np.array([1.0, tails.tail_widening])) ** 2
    exponent = square - explained**2 / (1 / between + total) - np.log(precision).sum(axis=1)[:, None]
    chance = np.log([1 - tails.tail_fraction, tails.tail_fraction])
    prior = chance[[0] + [1] * n][:, None] + chance
    logs = prior - (exponent + np.log1p(between * total)) / 2
    return np.asarray(np.logaddexp.reduce(logs.reshape(*logs.shape[:3], -1), axis=3), dtype=np.float64)
