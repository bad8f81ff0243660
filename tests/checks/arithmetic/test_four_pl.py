from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.arithmetic.curves.four_pl import CurveParams
from checks.arithmetic.curves.four_pl_fit import Fit, fit
from checks.arithmetic.curves.four_pl_inverse import inverse, inverse_se, side
from schemas.errors import ConfigError, NotEvaluableError

CONC = np.array([2.5, 5, 10, 20, 40, 80, 160])
RISING = CurveParams(a=0.1, b=1.0, c=10.0, d=2.1)
FALLING = CurveParams(a=2.1, b=1.0, c=10.0, d=0.1)


def test_the_midpoint_of_a_4pl_lies_halfway_between_its_asymptotes():
    assert RISING.response(np.array([0.0, 10.0])) == pytest.approx([0.1, 1.1], abs=1e-12)
    assert FALLING.response(np.array([0.0, 10.0])) == pytest.approx([2.1, 1.1], abs=1e-12)


def test_a_falling_5pl_is_the_formula_as_it_stands():
    params = CurveParams(a=2.0, b=1.0, c=10.0, d=0.0, g=2.0)

    assert params.response(np.array([10.0, 30.0])) == pytest.approx([0.5, 0.125], abs=1e-12)  # 2 / 2^2, 2 / 4^2


def test_the_asymmetry_of_a_rising_5pl_belongs_to_its_upper_asymptote():
    params = CurveParams(a=0.0, b=1.0, c=10.0, d=2.0, g=2.0)

    assert params.response(np.array([10.0, 30.0])) == pytest.approx([0.5, 1.125], abs=1e-12)  # 2 * (1/2)^2, 2 * (3/4)^2


@pytest.mark.parametrize("weight", ["none", "1/y", "1/y2"])
@pytest.mark.parametrize("truth", [RISING, FALLING], ids=["rising", "falling"])
def test_standards_without_noise_give_their_curve_back(truth, weight):
    conc = np.concatenate([[0.0], CONC])

    found = fit(conc, truth.response(conc), weight=weight)

    assert [found.params.a, found.params.b, found.params.c, found.params.d] == pytest.approx(
        [truth.a, truth.b, truth.c, truth.d], rel=1e-9
    )
    assert found.converged
    assert found.is_well_determined


@settings(deadline=None, max_examples=40)
@given(
    b=st.floats(0.6, 3.0),
    log_c=st.floats(1.5, 4.0),
    span=st.floats(0.5, 1e5),
    low=st.floats(0.05, 0.3),
    is_rising=st.booleans(),
)
def test_any_4pl_within_the_standards_is_given_back(b, log_c, span, low, is_rising):
    ends = (low * span, (low + 1) * span)
    truth = CurveParams(a=ends[not is_rising], b=b, c=float(np.exp(log_c)), d=ends[is_rising])
    conc = 200.0 / 2.0 ** np.arange(10)

    found = fit(conc, truth.response(conc)).params

    assert [found.a, found.b, found.c, found.d] == pytest.approx([truth.a, truth.b, truth.c, truth.d], rel=1e-7)


def test_a_signal_stands_for_the_concentration_that_gives_it():
    assert inverse(RISING, [0.5, 1.1, 1.7]) == pytest.approx([2.5, 10.0, 40.0], rel=1e-12)


@pytest.mark.parametrize("params", [RISING, FALLING], ids=["rising", "falling"])
def test_at_and_beyond_an_asymptote_there_is_no_number(params):
    assert np.isnan(inverse(params, [0.1, 0.05, 2.1, 3.0, np.nan])).all()


def test_a_signal_beyond_an_asymptote_lies_on_a_side():
    assert side(RISING, [0.0, 1.0, 3.0]).tolist() == [-1.0, 0.0, 1.0]
    assert side(FALLING, [0.0, 1.0, 3.0]).tolist() == [1.0, 0.0, -1.0]


def test_the_standard_error_of_a_concentration_is_that_of_nearby_curves():
    noisy = RISING.response(np.repeat(CONC, 2)) * (1 + 0.02 * np.random.default_rng(7).normal(size=14))
    found = fit(np.repeat(CONC, 2), noisy, weight="none")
    drawn = np.random.default_rng(8).multivariate_normal(
        [found.params.a, found.params.b, found.params.c, found.params.d], np.array(found.covariance), size=4000
    )

    concentrations = [inverse(CurveParams(a, b, c, d), [1.0])[0] for a, b, c, d in drawn]

    assert inverse_se(found, [1.0])[0] == pytest.approx(np.std(concentrations), rel=0.1)


@pytest.mark.parametrize(
    "conc, signal, weight, words",
    [
        ([1, 2, 4, 8, 16], [1, 2, 3, 4, 0], "1/y2", "not above 0"),
        ([1, 2, 4, 8, 16], [1, 2, 3, 4, -1], "1/y", "not above 0"),
        ([1, 1, 2, 2, 4, 4], [1, 1, 2, 2, 3, 3], "none", "3 different concentrations"),
        ([1, 2, 4, 8], [1, 2, 3, 4], "none", "no degree of freedom"),
        ([1, 2, 4, 8, 16], [1, 1, 1, 1, 1], "none", "same signal"),
        ([1, 2, 4, 8, 16, 32], [1, 3, 1, 3, 1, 3], "none", "up and down"),
        ([-1, 2, 4, 8, 16], [1, 2, 3, 4, 5], "none", "below 0"),
        ([1, 2, 4, 8, float("nan")], [1, 2, 3, 4, 5], "none", "not a finite number"),
        ([1, 2, 4, 8], [1, 2, 3], "none", "equal length"),
    ],
)
def test_standards_that_carry_no_curve_are_refused_in_a_sentence(conc, signal, weight, words):
    with pytest.raises(NotEvaluableError, match=words):
        fit(conc, signal, weight=weight)


@pytest.mark.parametrize("choice", [{"model": "6pl"}, {"weight": "1/x"}])
def test_an_unknown_model_or_weight_is_refused(choice):
    with pytest.raises(ConfigError, match="is not known"):
        fit(CONC, RISING.response(CONC), **choice)


def test_a_5pl_whose_asymmetry_runs_away_is_said_to_be_ill_determined():
    conc = np.array([2.0, 4, 8, 16, 32, 64, 128])  # a power of the dose: no upper end in sight

    found = fit(conc, conc**0.8, model="5pl", weight="1/y2")

    assert not (found.converged and found.is_well_determined)


def test_a_fit_comes_back_from_its_json():
    found = fit(CONC, RISING.response(CONC) * (1 + 0.01 * np.cos(np.arange(7))))

    assert Fit.from_json(found.as_json()) == found
