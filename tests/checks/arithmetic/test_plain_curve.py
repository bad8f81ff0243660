from __future__ import annotations

import json

import numpy as np
import pytest

from checks.arithmetic.curves.four_pl_data import root_weight
from checks.arithmetic.curves.four_pl_fit import Fit
from checks.arithmetic.curves.four_pl_inverse import inverse, inverse_se, side
from checks.arithmetic.curves.plain_fit import plain_fit, plain_fits
from checks.arithmetic.curves.plateau import shape_of
from schemas.errors import NotEvaluableError

CONC = np.repeat([1.0, 2, 4, 8, 16, 32, 64], 2)
MODELS = ["linear", "log-log", "quadratic", "point-to-point"]


def noisy(signal: np.ndarray, seed: int = 1, cv: float = 0.01) -> np.ndarray:
    return signal * np.exp(np.random.default_rng(seed).normal(0, cv, signal.size))


@pytest.mark.parametrize("weight", ["none", "1/y", "1/y2"])
@pytest.mark.parametrize(("model", "degree"), [("linear", 1), ("log-log", 1), ("quadratic", 2)])
def test_coefficients_are_those_of_numpy(model: str, degree: int, weight: str) -> None:
    signal = noisy(0.02 + 0.013 * CONC)
    roots = root_weight(signal, weight) * (1 if model == "linear" else signal)
    x, y = (CONC, signal) if model == "linear" else (np.log(CONC), np.log(signal))
    expected = np.polynomial.polynomial.polyfit(x, y, degree, w=roots)

    params = plain_fit(CONC, signal, model=model, weight=weight).params

    assert [params.a, params.b, params.c][: degree + 1] == pytest.approx(expected.tolist(), rel=1e-8)


@pytest.mark.parametrize("falls", [False, True], ids=["rises", "falls"])
@pytest.mark.parametrize("model", MODELS)
def test_a_signal_of_the_curve_gives_its_concentration_back(model: str, falls: bool) -> None:
    signal = 2.0 - 0.02 * CONC if falls and model == "linear" else 0.055 * CONC ** (-0.86 if falls else 0.86)
    curve = plain_fit(CONC, noisy(signal, cv=0.004), model=model, weight="1/y2").params
    doses = np.array([1.3, 5.0, 40.0])

    assert inverse(curve, curve.response(doses)).tolist() == pytest.approx(doses.tolist())
    assert curve.is_rising is not falls
    ends = curve.response(np.array([1.0, 64.0]))
    assert side(curve, ends).tolist() == [-1, 1]


def test_the_standard_error_of_a_straight_line_is_that_of_simulation() -> None:
    true = 0.5 + 0.1 * CONC
    noises = (np.random.default_rng(seed).normal(0, 0.05, 14) for seed in range(400))
    fits = [plain_fit(CONC, true + noise, model="linear", weight="none") for noise in noises]
    read = np.array([inverse(fit.params, [2.5])[0] for fit in fits])
    errors = np.array([inverse_se(fit, [2.5])[0] for fit in fits])

    assert np.sqrt((errors**2).mean()) == pytest.approx(read.std(ddof=1), rel=0.12)  # 3 SE of an SD of 400


@pytest.mark.parametrize("model", MODELS)
def test_a_fit_comes_back_from_its_json(model: str) -> None:
    fit = plain_fit(CONC, noisy(0.055 * CONC**0.86), model=model, weight="1/y2")

    assert Fit.from_json(json.loads(json.dumps(fit.as_json()))) == fit


@pytest.mark.parametrize(
    ("model", "conc", "signal", "said"),
    [
        ("log-log", [1, 2, 4, 8], [-0.1, 0.2, 0.4, 0.8], "no logarithm"),
        ("quadratic", [1, 2, 4], [0.1, 0.2, 0.4], "at least 4"),
        ("point-to-point", [1, 2, 4, 8], [0.1, 0.4, 0.3, 0.8], "do not go one way"),
        ("quadratic", [1, 2, 4, 8, 16], [0.1, 0.4, 0.8, 0.4, 0.1], "turns round"),
        ("linear", [1, 2, 4], [0.4, 0.4, 0.4], "same signal"),
    ],
)
def test_standards_that_do_not_carry_a_curve_say_why(model: str, conc: list, signal: list, said: str) -> None:
    (outcome,) = plain_fits([(np.array(conc, float), np.array(signal, float))], model=model, weight="none")

    assert isinstance(outcome, NotEvaluableError)
    assert said in str(outcome)


@pytest.mark.parametrize(
    ("signal", "model"),
    [
        (0.055 * CONC**0.86, "log-log"),
        (0.021 + 0.0132 * CONC, "linear"),
        (np.exp(-2 + 0.6 * np.log(CONC) + 0.1 * np.log(CONC) ** 2), "quadratic"),
    ],
)
def test_the_plainest_shape_of_standards_is_named(signal: np.ndarray, model: str) -> None:
    found, words = shape_of(CONC[::2], noisy(signal, cv=0.003)[::2])

    assert found == model
    assert words
