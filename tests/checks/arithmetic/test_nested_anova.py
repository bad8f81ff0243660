from __future__ import annotations

import itertools

import numpy as np
import pytest

from checks.arithmetic.precision.nested_anova import chi_square_interval, nested_anova
from checks.arithmetic.precision.nested_reml import nested_reml
from checks.arithmetic.refusal import Refusal


def design(seed, sizes=((2, 3), (4, 1, 2), (3,), (2, 2, 5))):
    """Days of unequal runs of unequal replicates."""
    days = np.array([day for day, runs in enumerate(sizes) for n in runs for _ in range(n)])
    runs = np.array([run for runs in sizes for run, n in enumerate(runs) for _ in range(n)])
    chance = np.random.default_rng(seed)
    cells = {cell: chance.normal(0, 2) for cell in set(zip(days.tolist(), runs.tolist(), strict=True))}
    shift = np.array([cells[cell] for cell in zip(days.tolist(), runs.tolist(), strict=True)])
    y = 50 + chance.normal(0, 3, 4)[days] + shift + chance.normal(0, 1, days.size)
    return y, {"day": days, "run": runs}


def projections(factors):
    cells = [np.zeros_like(factors["day"]), factors["day"], factors["day"] * 100 + factors["run"]]
    shared = [np.equal.outer(cell, cell).astype(float) for cell in [*cells, np.arange(cells[0].size)]]
    return [same / same.sum(axis=1)[:, None] for same in shared], shared


@pytest.mark.parametrize("seed", range(3))
def test_an_unbalanced_design_has_the_squares_and_expectations_of_its_projections(seed):
    y, factors = design(seed)
    averages, shared = projections(factors)
    steps = [inner - outer for outer, inner in itertools.pairwise(averages)]
    squares = np.array([y @ step @ y for step in steps])
    expected = np.array([[np.trace(step @ same) for same in shared[1:]] for step in steps])

    found = nested_anova(y, factors)

    assert [part.ss for part in found.components[1:]] == pytest.approx(squares.tolist())
    assert [part.df for part in found.components[1:]] == pytest.approx([np.trace(step) for step in steps])
    estimates = np.maximum(np.linalg.solve(expected, squares), 0)
    assert [part.vc for part in found.components[1:]] == pytest.approx(estimates.tolist())


def restricted_likelihood(y, shared, variances):
    total = sum(v * same for v, same in zip(variances, shared[1:], strict=True))
    ones = np.ones(y.size)
    solved = np.linalg.solve(total, np.stack([ones, y], axis=1))
    mean = (ones @ solved[:, 1]) / (ones @ solved[:, 0])
    rest = y - mean
    return -0.5 * (np.linalg.slogdet(total)[1] + np.log(ones @ solved[:, 0]) + rest @ np.linalg.solve(total, rest))


@pytest.mark.parametrize("seed", range(3))
def test_no_step_away_from_the_restricted_estimate_is_more_likely(seed):
    y, factors = design(seed)
    start = {part.name: part.vc for part in nested_anova(y, factors).components[1:]}

    found = nested_reml(y, factors, start)

    best = np.array([found[name] for name in start])
    shared = projections(factors)[1]
    at_best = restricted_likelihood(y, shared, best)
    for place in range(best.size):
        for factor in (0.97, 1.03):
            moved = best.copy()
            moved[place] = max(moved[place] * factor, 0) if moved[place] > 0 else 1e-3 * best.sum()
            assert restricted_likelihood(y, shared, moved) <= at_best + 1e-9


def test_a_large_mean_costs_no_digits():
    y, factors = design(1)
    small, large = nested_anova(y, factors), nested_anova(np.round(y, 6) + 1e7, factors)

    assert large.components[-1].vc == pytest.approx(small.components[-1].vc, rel=1e-5)


def test_the_interval_of_a_variance_is_that_of_the_chi_square_tables():
    low, high = chi_square_interval(4.0, 10)

    # 97.5th and 2.5th centile of chi-square with 10 degrees of freedom: 20.483 and 3.247.
    assert (low, high) == (pytest.approx(40 / 20.483, rel=1e-4), pytest.approx(40 / 3.247, rel=1e-4))


def test_what_is_not_repeated_has_no_component():
    y, factors = np.array([1.0, 2.0, 3.0]), {"day": np.array([0, 1, 2])}

    assert isinstance(nested_anova(y, factors), Refusal)
