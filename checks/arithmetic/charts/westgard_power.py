"""Power of a set of Westgard rules by simulation: how often it rejects without a fault, and how soon it finds a shift.

The same rules as ``checks.arithmetic.charts.westgard``, for many rows of runs at once; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from checks.arithmetic.charts import westgard_rules as shape
from checks.arithmetic.charts.westgard import RULES, WARNING_RULES, check_rules

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
WARM_RUNS = 12
"""Runs without a fault before the first that counts: what the longest rule (12-x) looks back on with one level."""


@dataclass(frozen=True, slots=True)
class RulePower:
    """How often a set of rules rejects a run."""

    p_false_rejection: float
    """Chance to reject a run without any fault, once the row is long enough for every rule."""
    p_first_run: float
    """Chance to reject the first run after the shift."""
    p_per_run: float
    """Chance to reject a run long after the shift, every rule looking back on shifted runs alone."""
    mean_runs_to_rejection: float
    """Runs from the shift to the first rejection, on average; a row that never rejects counts as its whole length."""
    p_by_rule: Mapping[str, tuple[float, float]]
    """Of each rule alone: chance to speak without a fault, and long after the shift."""
    n_rows: int
    """Rows that were simulated."""
    standard_error: float
    """Largest Monte Carlo standard error of the chances."""


def rule_power(
    rules: Sequence[str], *, n_levels: int, shift_sd: float = 2.0, n_rows: int = 20_000, seed: int = 1
) -> RulePower:
    """Simulate the power of a set of rules.

    Parameters
    ----------
    rules : sequence of str
        Short ids; rules that only warn are left out of the rejections.
    n_levels : int
        Controls a run, each measured once, 1 or more.
    shift_sd : float
        Shift of every control in SD.
    n_rows : int
        Rows to simulate, 100 or more.
    seed : int
        Seed of the random numbers; the same seed gives the same answer.

    Returns
    -------
    RulePower
        Chances, each from ``n_rows`` independent rows of independent normal results.

    References
    ----------
    .. [1] Westgard JO, Groth T. Power functions for statistical control rules. Clin Chem. 1979;25(6):863-869.
    """
    check_rules(rules)
    chance = np.random.default_rng(seed)
    z = chance.standard_normal((n_rows, 2 * WARM_RUNS + 1, n_levels))
    calm = {name: broken(z[:, : WARM_RUNS + 1], name) for name in rules}
    z[:, WARM_RUNS:] += shift_sd
    moved = {name: broken(z, name) for name in rules}
    rejecting = [name for name in rules if name not in WARNING_RULES]
    rejected = _any([moved[name] for name in rejecting], z.shape[:2])
    after = rejected[:, WARM_RUNS:]
    first = np.where(after.any(axis=1), after.argmax(axis=1) + 1, after.shape[1])
    chances = (
        float(_any([calm[name] for name in rejecting], (n_rows, WARM_RUNS + 1))[:, -1].mean()),
        float(after[:, 0].mean()),
        float(after[:, -1].mean()),
    )
    by_rule = {name: (float(calm[name][:, -1].mean()), float(moved[name][:, -1].mean())) for name in rules}
    errors = [(p * (1 - p) / n_rows) ** 0.5 for p in chances]
    return RulePower(*chances, float(first.mean()), MappingProxyType(by_rule), n_rows, max(errors))


def broken(z: Floats, rule: str) -> Flags:
    """Tell for every run of many rows whether a rule speaks.

    Parameters
    ----------
    z : ndarray of float, shape (n_rows, n_runs, n_levels)
        z in SD, without NaN; every level is measured once a run.
    rule : str
        Short id.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_runs)
        True where the run completes a violation.
    """
    definition = RULES[rule]
    if not isinstance(definition, partial):
        raise TypeError(f"Rule '{rule}' has no shape.")
    limits = {name: float(value) for name, value in definition.keywords.items()}
    return _SHAPES[definition.func](z, **limits)


def _any(flags: Sequence[Flags], shape_of_none: tuple[int, ...]) -> Flags:
    return np.logical_or.reduce(flags) if flags else np.zeros(shape_of_none, dtype=bool)


def _both(side: Callable[[Floats], Flags], z: Floats) -> Flags:
    return side(z) | side(-z)


def _above(z: Floats, limit: float) -> Flags:
    return z > limit + shape.SLACK_SD


def _one(z: Floats, sd_limit: float) -> Flags:
    return np.asarray(_above(np.abs(z), sd_limit).any(axis=2))


def _two(z: Floats, sd_limit: float) -> Flags:
    def side(z: Floats) -> Flags:
        is_above = _above(z, sd_limit)
        found: Flags = np.asarray(is_above.sum(axis=2) >= 2)
        found[:, 1:] |= (is_above[:, 1:] & is_above[:, :-1]).any(axis=2)
        return found

    return _both(side, z)


def _of_three(z: Floats, sd_limit: float, n_beyond: int) -> Flags:
    def side(z: Floats) -> Flags:
        if z.shape[2] < 3:
            return np.zeros(z.shape[:2], dtype=bool)
        triples = np.lib.stride_tricks.sliding_window_view(_above(z, sd_limit), 3, axis=2)
        return np.asarray((triples.sum(axis=3) >= n_beyond).any(axis=2))

    return _both(side, z)


def _opposite(z: Floats, sd_limit: float) -> Flags:
    return np.asarray(_above(z, sd_limit).any(axis=2) & _above(-z, sd_limit).any(axis=2))


def _range(z: Floats, range_sd: float) -> Flags:
    return np.asarray(_above(z.max(axis=2) - z.min(axis=2), range_sd)) if z.shape[2] > 1 else _range_of_one(z)


def _range_of_one(z: Floats) -> Flags:
    return np.zeros(z.shape[:2], dtype=bool)


def _last(z: Floats, n_results: float, sd_limit: float) -> Flags:
    return _last_of_each(z, int(n_results), sd_limit) | _last_of_all(z, n_results, sd_limit)


def _last_of_each(z: Floats, n_results: int, sd_limit: float) -> Flags:
    def side(z: Floats) -> Flags:
        found = np.zeros(z.shape[:2], dtype=bool)
        if z.shape[1] >= n_results:
            windows: Flags = np.lib.stride_tricks.sliding_window_view(_above(z, sd_limit), n_results, axis=1)
            found[:, n_results - 1 :] = np.any(np.all(windows, axis=3), axis=2)
        return found

    return _both(side, z)


def _last_of_all(z: Floats, n_results: float, sd_limit: float) -> Flags:
    n, n_levels = int(n_results), z.shape[2]

    def side(z: Floats) -> Flags:
        found = np.zeros(z.shape[:2], dtype=bool)
        flat = _above(z, sd_limit).reshape(z.shape[0], -1)
        if n_levels > 1 and n > 1 and flat.shape[1] >= n:
            windows: Flags = np.lib.stride_tricks.sliding_window_view(flat, n, axis=1)
            ends = np.asarray(np.all(windows, axis=2))
            first = -(-n // n_levels)  # the first run by whose end there are n results
            found[:, first - 1 :] = ends[:, first * n_levels - n :: n_levels]
        return found

    return _both(side, z)


def _trend(z: Floats, n_results: float) -> Flags:
    found = np.zeros(z.shape[:2], dtype=bool)
    found[:, 1:] = _last_of_each(np.diff(z, axis=1), int(n_results) - 1, 0.0)
    return found


_SHAPES: Mapping[Callable[..., list[str]], Callable[..., Flags]] = MappingProxyType(
    {
        shape.one_beyond: _one,
        shape.two_beyond: _two,
        shape.two_of_three_beyond: partial(_of_three, n_beyond=2),
        shape.three_beyond: partial(_of_three, n_beyond=3),
        shape.both_sides_beyond: _opposite,
        shape.range_beyond: _range,
        shape.last_beyond: _last,
        shape.last_beyond_across: _last_of_all,
        shape.trend: _trend,
    }
)
