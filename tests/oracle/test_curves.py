"""Second judge: standard curves, beside scipy's solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares

from checks.arithmetic.curves.four_pl_fit import fit
from checks.arithmetic.curves.four_pl_inverse import inverse
from schemas.errors import NotEvaluableError

CASES = pytest.mark.parametrize("n_cases", [8, pytest.param(500, marks=pytest.mark.long)])
POWERS = {"none": 0, "1/y": 1, "1/y2": 2}


def plate(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, str]:
    conc = np.repeat(1000 / rng.choice([2.0, 3.0, 4.0]) ** np.arange(8), 2)
    low, high = rng.uniform(0.02, 0.1), rng.uniform(1.5, 3.5)
    middle, slope = np.exp(rng.uniform(np.log(20), np.log(400))), rng.uniform(0.7, 1.8)
    signal = (high + (low - high) / (1 + (conc / middle) ** slope)) * (1 + rng.normal(0, 0.04, conc.size))
    return conc, np.round(signal, 4), str(rng.choice(list(POWERS)))


def by_scipy(conc: np.ndarray, signal: np.ndarray, weight: str, start: list[float]) -> float:
    root = signal ** (-POWERS[weight] / 2)

    def left(theta: np.ndarray) -> np.ndarray:
        a, d, log_c, log_b = theta
        return root * (d + (a - d) / (1 + np.exp(np.exp(log_b) * (np.log(conc) - log_c))) - signal)

    found = least_squares(left, start, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14, max_nfev=20_000)
    return float((found.fun**2).sum())


@CASES
def test_no_start_leads_scipy_to_a_better_curve(n_cases: int) -> None:
    rng = np.random.default_rng(2022)
    for _ in range(n_cases):
        conc, signal, weight = plate(rng)
        try:
            ours = fit(conc, signal, model="4pl", weight=weight)
        except NotEvaluableError:
            continue
        naive = [float(signal.min()), float(signal.max()), float(np.log(np.median(conc))), 0.0]
        params = ours.params
        near = [params.a, params.d, float(np.log(params.c)), float(np.log(params.b))]
        best = min(by_scipy(conc, signal, weight, start) for start in (naive, near))
        assert ours.wrss <= best * (1 + 1e-7) + 1e-15, (weight, conc, signal)


@CASES
def test_every_signal_between_the_plateaus_comes_back_from_its_concentration(n_cases: int) -> None:
    rng = np.random.default_rng(2023)
    for _ in range(n_cases):
        conc, signal, weight = plate(rng)
        try:
            params = fit(conc, signal, model="4pl", weight=weight).params
        except NotEvaluableError:
            continue
        ends = sorted((params.a, params.d))
        wanted = ends[0] + np.linspace(0.02, 0.98, 25) * (ends[1] - ends[0])
        found = inverse(params, wanted)
        again = params.d + (params.a - params.d) / (1 + (found / params.c) ** params.b)
        assert again == pytest.approx(wanted, rel=1e-9)
