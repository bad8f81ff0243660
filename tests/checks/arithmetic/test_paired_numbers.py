from __future__ import annotations

import math

import numpy as np
import pytest

from checks.arithmetic.families.false_discovery import benjamini_hochberg
from checks.arithmetic.families.family_wise import chance_of_any, holm
from checks.arithmetic.pairs.effect_size import effect_size, hedges_j
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.leave_one_out import leave_one_out
from checks.arithmetic.pairs.log_ratio import LogRatio, log_ratio
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.shapiro import shapiro
from checks.arithmetic.pairs.sign_test import SignTest, sign_test
from checks.arithmetic.refusal import Refusal


def test_equal_decimals_are_equal_differences() -> None:
    differences = pair_differences(np.array([0.2, 0.1, 0.3]), np.array([0.3, 0.2, 0.1 + 0.2]), decimals=1)

    assert differences.tolist() == [0.1, 0.1, 0.0]


def test_the_shift_is_the_median_of_all_walsh_averages() -> None:
    # Walsh averages of 1, 2, 6: 1, 1.5, 2, 3.5, 4, 6; median 2.75, and the widest interval at three pairs is 75 %.
    shift = hodges_lehmann(np.array([1.0, 2.0, 6.0]))

    assert isinstance(shift, HodgesLehmann)
    assert (shift.estimate, shift.ci_low, shift.ci_high) == (2.75, 1.0, 6.0)
    assert (shift.conf_achieved, shift.is_attainable) == (0.75, False)


def test_six_pairs_reach_more_than_ninety_five_percent() -> None:
    shift = hodges_lehmann(np.arange(1.0, 7.0))

    assert isinstance(shift, HodgesLehmann)
    assert shift.is_attainable
    assert shift.conf_achieved == 1 - 2 / 64


def test_t_of_two_pairs_is_that_of_a_cauchy_distribution() -> None:
    # d = -1, -1.5: t = -5 with one degree of freedom, p = 1 - 2/pi atan 5.
    outcome = paired_t(np.array([-1.0, -1.5]), scale=6.0)

    assert isinstance(outcome, PairedT)
    assert outcome.t == pytest.approx(-5, rel=1e-14)
    assert outcome.p_two == pytest.approx(1 - 2 / math.pi * math.atan(5), rel=1e-12)


@pytest.mark.parametrize("differences", [[], [1.0], [0.1, 0.1, 0.1], [0.1, 0.1 + 1e-17, 0.3 - 0.2]])
def test_t_without_variation_is_a_sentence(differences: list[float]) -> None:
    outcome = paired_t(np.array(differences), scale=1.0)

    assert isinstance(outcome, Refusal)


def test_shapiro_refuses_what_has_no_shape() -> None:
    assert isinstance(shapiro(np.array([1.0, 2.0]), scale=2.0), Refusal)
    assert isinstance(shapiro(np.array([1.0, 1.0, 1.0]), scale=1.0), Refusal)


def test_hedges_correction_of_two_degrees_of_freedom_is_in_closed_form() -> None:
    # gamma(1) / (sqrt(1) gamma(1/2)) = 1 / sqrt(pi)
    assert hedges_j(2) == pytest.approx(1 / math.sqrt(math.pi), rel=1e-14)


def test_each_effect_size_has_its_own_scale() -> None:
    before, after = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])

    effect = effect_size(after - before, before, after)

    assert effect.d_z == pytest.approx(2.0)
    assert effect.d_av == pytest.approx(2 / math.sqrt(2.5))
    assert effect.g_av == pytest.approx(2 / 1.5 / math.sqrt(math.pi))
    assert effect.rank_biserial == 1.0


def test_doubling_with_a_spread_has_a_ratio_of_two() -> None:
    ratio = log_ratio(np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 4.0]))

    assert isinstance(ratio, LogRatio)
    assert ratio.gmr == pytest.approx(2.0)
    assert ratio.gmr_ci95_lo * ratio.gmr_ci95_hi == pytest.approx(4.0)


@pytest.mark.parametrize("after", [[0.0, 1.0], [-1.0, 1.0], [2.0, 2.0]])
def test_a_ratio_that_is_not_defined_is_a_sentence(after: list[float]) -> None:
    assert isinstance(log_ratio(np.array([1.0, 1.0]), np.array(after)), Refusal)


def test_leaving_one_out_of_three_names_each_rest() -> None:
    outcome = leave_one_out(np.array([1.0, 1.0, 2.0]), scale=2.0)

    assert not isinstance(outcome, Refusal)
    assert outcome.wilcoxon_exact_p == (0.5, 0.5, 0.5)
    assert isinstance(outcome.t_p[2], Refusal)


def test_five_rises_of_six_are_fourteen_in_sixty_four() -> None:
    outcome = sign_test(5, 1)

    assert isinstance(outcome, SignTest)
    assert outcome.p_two == 14 / 64


def test_no_direction_is_a_sentence() -> None:
    assert isinstance(sign_test(0, 0, 7), Refusal)


def test_holm_and_bh_leave_out_what_was_not_tested() -> None:
    p_values = [0.01, None, 0.04, float("nan"), 0.03]

    assert holm(p_values) == [pytest.approx(0.03), None, pytest.approx(0.06), None, pytest.approx(0.06)]
    assert benjamini_hochberg(p_values) == [pytest.approx(0.03), None, pytest.approx(0.04), None, pytest.approx(0.04)]


def test_a_p_beyond_one_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        holm([1.2])


def test_sixteen_quiet_tests_show_one_p_below_one_percent_in_fifteen_percent() -> None:
    assert chance_of_any(0.01, 16) == pytest.approx(1 - 0.99**16)
    assert chance_of_any(0.05, 0) == 0
