from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from checks.arithmetic.agreement.method_comparison import deming, passing_bablok
from checks.arithmetic.refusal import Refusal


def pairs(seed, n=25, noise=0.05):
    chance = np.random.default_rng(seed)
    truth = np.exp(chance.normal(3, 0.8, n))
    return truth * np.exp(chance.normal(0, noise, n)), 1.08 * truth * np.exp(chance.normal(0, noise, n)) + 0.5


@pytest.mark.parametrize("seed", range(5))
def test_deming_with_equal_errors_is_orthogonal_regression(seed):
    x, y = pairs(seed)
    centred = np.stack([x - x.mean(), y - y.mean()])
    (across, up) = np.linalg.svd(centred)[0][:, 0]

    line = deming(x, y)

    assert line.slope == pytest.approx(up / across, rel=1e-10)
    assert line.at(x.mean()) == pytest.approx(y.mean(), rel=1e-12)


@pytest.mark.parametrize("ratio", [0.25, 1.0, 4.0])
def test_deming_minimises_the_weighted_squares_of_both_errors(ratio):
    x, y = pairs(3)
    line = deming(x, y, error_ratio=ratio)

    def squares(slope, intercept):
        return np.sum((y - intercept - slope * x) ** 2) / (ratio + slope**2)

    best = squares(line.slope, line.intercept)
    steps = itertools.product((-1e-4, 0, 1e-4), (-1e-3, 0, 1e-3))
    assert all(squares(line.slope + a, line.intercept + b) >= best for a, b in steps)


def test_exchanging_the_lots_inverts_both_lines():
    x, y = pairs(8)

    assert deming(y, x).slope == pytest.approx(1 / deming(x, y).slope)
    assert passing_bablok(y, x).slope == pytest.approx(1 / passing_bablok(x, y).slope, rel=0.01)
    odd = slice(0, 23)  # 253 pairs: the median is one of the slopes, and the inversion exact
    assert passing_bablok(y[odd], x[odd]).slope == pytest.approx(1 / passing_bablok(x[odd], y[odd]).slope)


@pytest.mark.parametrize("seed", range(5))
def test_without_falling_pairs_passing_bablok_is_the_slope_of_theil_and_sen(seed):
    chance = np.random.default_rng(seed)
    x = np.cumsum(chance.uniform(1, 2, 20))
    y = 3 + np.cumsum(chance.uniform(1, 2, 20))

    line = passing_bablok(x, y)
    sen = stats.theilslopes(y, x, alpha=0.95)

    assert line.slope == pytest.approx(sen.slope)
    assert (line.slope_low, line.slope_high) == pytest.approx((sen.low_slope, sen.high_slope), rel=0.01)


def test_passing_bablok_follows_its_definition_step_by_step():
    x, y = np.array([1.0, 2, 2, 3, 5, 8, 9]), np.array([1.0, 2, 3, 2, 6, 8, 11])
    slopes = []
    for (x1, y1), (x2, y2) in itertools.combinations(zip(x, y, strict=True), 2):
        if (x1, y1) != (x2, y2):
            slope = (y2 - y1) / (x2 - x1) if x1 != x2 else np.copysign(np.inf, y2 - y1)
            slopes += [slope] if slope != -1 else []
    slopes.sort()
    shift = sum(slope < -1 for slope in slopes)
    half = 1.959963984540054 * (7 * 6 * 19 / 18) ** 0.5
    first = round((len(slopes) - half) / 2)

    line = passing_bablok(x, y)

    assert line.slope == pytest.approx(np.median(slopes[shift:] + [np.inf] * shift))
    assert line.slope_low == slopes[first + shift - 1]
    assert line.slope_high == slopes[len(slopes) - first + shift]
    assert line.intercept == pytest.approx(np.median(y - line.slope * x))


def test_the_limits_of_deming_hold_the_truth_as_often_as_they_say(is_long):
    chance = np.random.default_rng(11)
    n_sets, held = (2000 if is_long else 200), 0
    for _ in range(n_sets):
        truth = chance.uniform(10, 100, 40)
        line = deming(truth + chance.normal(0, 3, 40), 1.1 * truth + chance.normal(0, 3, 40))
        held += line.slope_low <= 1.1 <= line.slope_high

    assert abs(held / n_sets - 0.95) < 4 * (0.95 * 0.05 / n_sets) ** 0.5


@pytest.mark.parametrize("compare", [deming, passing_bablok])
@pytest.mark.parametrize(
    ("x", "y"),
    [([1.0, 2.0], [1.0, 2.0]), ([1.0, 2, 3, 4], [5.0, 5, 5, 5]), ([2.0, 2, 2, 2], [1.0, 2, 3, 4])],
    ids=["two samples", "the new ones are equal", "the old ones are equal"],
)
def test_what_gives_no_line_is_a_refusal(compare, x, y):
    assert isinstance(compare(np.array(x), np.array(y)), Refusal)


def test_a_falling_relation_has_no_passing_bablok_line():
    x = np.arange(1.0, 20)

    assert isinstance(passing_bablok(x, 40 - 2 * x), Refusal)
