from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from checks.arithmetic.reference.reference_box_cox import box_cox_limits
from checks.arithmetic.reference.reference_normal import normal_limits
from checks.arithmetic.refusal import Refusal


@pytest.mark.parametrize("seed", range(4))
def test_the_power_is_that_of_scipy_and_the_limits_are_given_back_by_its_inverse(seed):
    chance = np.random.default_rng(seed)
    x = (2 + chance.normal(0, 0.3, 200)) ** 2 * 10

    limits = box_cox_limits(x)

    transformed, power = stats.boxcox(x)
    assert limits.power == pytest.approx(power, abs=1e-4)
    ends = normal_limits(transformed)
    expected = [(1 + power * end) ** (1 / power) for end in (ends.lower, ends.upper, ends.lower_lo, ends.upper_hi)]
    # scipy stops its search near 1e-6 of the power.
    assert [limits.lower, limits.upper, limits.lower_lo, limits.upper_hi] == pytest.approx(expected, rel=1e-4)


def test_the_unit_of_the_values_changes_nothing_but_the_limits():
    x = np.exp(np.random.default_rng(7).normal(1, 0.5, 150))

    one, thousand = box_cox_limits(x), box_cox_limits(1000 * x)

    assert thousand.power == pytest.approx(one.power, abs=1e-7)
    assert thousand.upper == pytest.approx(1000 * one.upper, rel=1e-6)


@pytest.mark.parametrize(
    "x, words",
    [
        (np.arange(1.0, 11), "needs 20"),
        (np.arange(0.0, 30), "above 0"),
        (np.full(30, 2.0), "differ"),
        (np.r_[np.full(60, 1.0), 1.0 + 1e-9 * np.arange(60), 2.0], "No power"),
    ],
)
def test_what_no_power_can_make_normal_is_refused_in_a_sentence(x, words):
    answer = box_cox_limits(x)

    assert isinstance(answer, Refusal)
    assert words in answer.sentence
