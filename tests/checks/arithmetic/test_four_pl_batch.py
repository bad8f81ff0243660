from __future__ import annotations

import os

import numpy as np
import pytest

from checks.arithmetic.curves.four_pl import CurveParams, external
from checks.arithmetic.curves.four_pl_asymmetry import is_determined
from checks.arithmetic.curves.four_pl_batch import batch_fit, fit_many
from checks.arithmetic.curves.four_pl_descent import Problem, descend
from checks.arithmetic.curves.four_pl_fit import fit
from schemas.errors import NotEvaluableError

N_CURVES = 500 if os.environ.get("ASSAYGATE_LONG") else 40
CONC = np.repeat(1000 / 3.0 ** np.arange(8), 2)


def noisy_signals(n_curves, seed=11):
    random = np.random.default_rng(seed)
    low, high = random.uniform(0.02, 0.1, n_curves), random.uniform(1.5, 3.5, n_curves)
    scale, slope = np.exp(random.uniform(3, 6, n_curves)), random.uniform(0.7, 1.6, n_curves)
    clean = high[:, None] + (low - high)[:, None] / (1 + (CONC / scale[:, None]) ** slope[:, None])
    return clean * (1 + 0.04 * random.normal(size=clean.shape))


@pytest.mark.parametrize("model", ["4pl", "5pl"])
@pytest.mark.parametrize("weight", ["none", "1/y", "1/y2"])
def test_the_batch_reaches_the_optimum_of_the_single_fit(model, weight):
    signals = noisy_signals(N_CURVES)

    batch = batch_fit(CONC, signals, model=model, weight=weight)

    single = np.array([fit(CONC, signal, model=model, weight=weight).wrss for signal in signals])
    assert np.mean(np.abs(batch.wrss / single - 1) < 1e-9) >= 0.999


def test_a_5pl_that_runs_away_is_told_as_not_determined_by_the_batch_as_well():
    conc = np.array([2.0, 4, 8, 16, 32, 64, 128])

    together = fit_many([(conc, conc**0.8)], model="5pl")[0]

    assert not (together.converged and together.is_well_determined)


def test_a_5pl_whose_asymmetry_shrinks_without_end_has_the_optimum_of_curve_fit():
    signal = [2.865, 2.8568, 2.7115, 2.9461, 2.8442, 2.8584, 1.932, 2.1075, 1.2912, 1.3615]
    signal += [0.6922, 0.7625, 0.3696, 0.3693, 0.1994, 0.2099]

    batch = batch_fit(CONC, np.array([signal]), model="5pl", weight="none")

    # scipy 1.17.1 curve_fit, method lm, analytic Jacobian, from [0, min, max, median log dose, 0], tolerances 1e-15.
    assert batch.wrss[0] == pytest.approx(0.06221759811748, rel=1e-9)
    assert not is_determined(batch.theta)[0]


def test_a_5pl_of_small_asymmetry_begins_at_its_lower_asymptote():
    # h = (1 + e^z)^-g: at dose 0 it is 0 however small g is, and far below c it is (x / c)^(b g).
    curve = CurveParams(a=1.0, b=150.0, c=100.0, d=3.0, g=0.01)

    at = curve.response(np.array([0.0, 1e-3, 1.0]))

    assert at == pytest.approx([1.0, 1 + 2 * (1e-5) ** 1.5, 1 + 2 * 0.01**1.5], rel=1e-12)


def test_a_start_whose_derivatives_underflow_ends_without_an_error():
    signals = noisy_signals(1)
    problem = Problem(np.log(CONC)[None], signals, 1 / signals, np.array([-1.0]), 5, np.zeros(1))
    steep_and_far_off = np.array([[np.log(150.0), 0.05, 2.0, np.log(CONC.max()) + 3.0, 0.0]])

    theta, _, _ = descend(problem, steep_and_far_off)

    assert np.isfinite(theta).all()


def test_replicates_that_are_merged_to_levels_leave_the_sum_of_squares_as_it_is():
    signals = noisy_signals(5)

    batch = batch_fit(CONC, signals, weight="1/y")

    for signal, theta, direction, wrss in zip(signals, batch.theta, batch.direction, batch.wrss, strict=True):
        value = external(theta, float(direction)).response(CONC)
        assert wrss == pytest.approx(np.sum((signal - value) ** 2 / signal), rel=1e-12)


def test_curves_of_unlike_length_are_fitted_together_as_if_each_were_alone():
    signals = noisy_signals(6)
    curves = [(CONC[: 16 - place], signals[place][: 16 - place]) for place in range(6)]

    together = fit_many(curves)

    for curve, one in zip(curves, together, strict=True):
        alone = fit(*curve)
        assert one.wrss == pytest.approx(alone.wrss, rel=1e-9)
        assert one.df == alone.df


def test_a_curve_that_cannot_be_fitted_leaves_the_others_alone():
    good = noisy_signals(1)[0]

    first, second = fit_many([(CONC, np.full(16, 0.5)), (CONC, good)])

    assert isinstance(first, NotEvaluableError)
    assert second.wrss == pytest.approx(fit(CONC, good).wrss, rel=1e-9)


def test_a_row_that_cannot_be_fitted_is_not_a_number():
    signals = noisy_signals(3)
    signals[0, 4], signals[1] = np.nan, 0.7

    batch = batch_fit(CONC, signals)

    assert np.isnan(batch.wrss).tolist() == [True, True, False]
    assert np.isnan(batch.theta[:2]).all()


def test_no_curves_give_no_fits():
    assert fit_many([]) == []


def test_the_last_digits_of_a_fit_do_not_depend_on_its_company():
    random = np.random.default_rng(11)

    def curve(n_levels, n_replicates):
        conc = np.repeat(np.geomspace(1.0, 1000.0, n_levels), n_replicates)
        mean = 0.05 + 2.0 / (1.0 + (conc / 80.0) ** -1.1)
        return conc, mean * np.exp(random.normal(0.0, 0.05, conc.size))

    curves = [curve(*shape) for shape in [(8, 2), (7, 2), (8, 3), (6, 2)] for _ in range(6)]

    together = fit_many(curves)
    some = fit_many(curves[3:17])
    alone = [fit_many([one])[0] for one in curves]

    assert [one.params for one in alone] == [one.params for one in together]
    assert [one.params for one in some] == [one.params for one in together[3:17]]
