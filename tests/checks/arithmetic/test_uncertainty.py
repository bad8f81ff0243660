from __future__ import annotations

import os
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal
from checks.arithmetic.uncertainty.budget import Component, combined, rms_bias
from checks.arithmetic.uncertainty.pooled_precision import PooledPrecision, pooled_precision
from checks.arithmetic.uncertainty.worlds import MeasuredPairs, drawn_values, signed_rank_p, worlds_of

N_LABS = 2000 if os.environ.get("ASSAYGATE_LONG") else 600


def component(name: str, u_percent: float, df: float = inf) -> Component:
    return Component(name, u_percent, df, "-")


def test_the_end_gauge_of_the_gum_comes_out() -> None:
    # JCGM 100:2008, H.1.6: components of 25, 9.7, 2.9 and 16.6 nm with 18, 25.6, 50 and 2 degrees of freedom.
    gauge = [component("standard", 25, 18), component("difference", 9.7, 25.6)]
    gauge += [component("expansion", 2.9, 50), component("temperature", 16.6, 2)]

    found = combined(gauge)

    assert found.u_percent == pytest.approx(32, abs=0.5)
    assert int(found.df) == 16


def test_the_ammonium_of_nordtest_comes_out() -> None:
    # Nordtest TR 537, section 3: within-laboratory 1.67 %, bias 2.26 % (RMS), its reference 1.52 %.
    found = combined([component("precision", 1.67), component("bias", 2.26), component("reference", 1.52)])

    assert found.u_percent == pytest.approx(3.2, abs=0.05)
    assert found.expanded_percent == pytest.approx(6.4, abs=0.1)


def test_precision_is_pooled_about_the_mean_of_each_lot_and_in_total_takes_what_lots_differ_by() -> None:
    lots = {"A": [98.0, 102.0, 100.0], "B": [205.0, 215.0, 210.0, 210.0]}
    by_lot = [np.std(lots[name], ddof=1) / np.mean(lots[name]) for name in lots]
    pooled = ((2 * by_lot[0] ** 2 + 3 * by_lot[1] ** 2) / 5) ** 0.5

    found = pooled_precision(lots, {"A": 100.0, "B": 200.0})

    assert isinstance(found, PooledPrecision)
    assert (found.df, found.n_lots) == (5, 2)
    assert found.cv_percent == pytest.approx(100 * pooled)
    assert found.total_cv_percent == pytest.approx(100 * (pooled**2 + np.var([1.0, 1.05], ddof=1)) ** 0.5)
    assert isinstance(pooled_precision({"A": [1.0, 1.1, 1.2], "B": [5.0]}), Refusal)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(-6, 6), min_size=7, max_size=7), min_size=1, max_size=6), st.booleans())
def test_each_world_has_the_exact_p_of_its_own_ties_and_zeros(rows: list[list[int]], is_pratt: bool) -> None:
    differences = np.array(rows, dtype=np.float64)

    found = signed_rank_p(differences, is_pratt=is_pratt)

    for row, p_values in zip(differences, found, strict=True):
        one = signed_rank(row, zeros="pratt" if is_pratt else "wilcox")
        expected = (one.p_two, one.p_less, one.p_greater) if isinstance(one, SignedRank) else (1, 1, 1)
        assert p_values == pytest.approx(expected, abs=1e-12)


def test_without_uncertainty_every_world_has_the_exact_p() -> None:
    rng = np.random.default_rng(2)
    before, after, none = rng.normal(10, 2, 15).round(1), rng.normal(8, 2, 15).round(1), np.zeros(15)
    pairs = MeasuredPairs(before, after, none, none, 0.0)

    p_values = signed_rank_p(np.round(np.subtract(*drawn_values(pairs, 50)[::-1]), 1))[:, 0]

    exact = signed_rank(np.round(after - before, 1))
    assert isinstance(exact, SignedRank)
    assert p_values == pytest.approx(exact.p_two, abs=1e-12)
    assert worlds_of(p_values, exact.p_two, 0.0).p_low == pytest.approx(exact.p_two)


def test_drawn_values_scatter_as_the_delta_method_says() -> None:
    before, after = np.array([10.0, 20.0]), np.array([14.0, 15.0])
    pairs = MeasuredPairs(before, after, 0.05 * before, 0.05 * after, 0.03)

    first, second = drawn_values(pairs, 40_000)
    drawn = second - first

    expected = np.sqrt((0.05 * before) ** 2 + (0.05 * after) ** 2 + (0.03 * (after - before)) ** 2)
    assert drawn.std(axis=0) == pytest.approx(expected, rel=0.02)


def test_twice_u_covers_the_truth_in_about_95_of_100_laboratories() -> None:
    rng, n_covered = np.random.default_rng(7), 0
    for _ in range(N_LABS):
        # Six lots of 20 control results, each lot with a bias of its own; the sample is measured with one more lot.
        cv, spread = rng.uniform(0.03, 0.12), rng.uniform(0.01, 0.06)
        biases = rng.normal(0, spread, 7)
        lots = {str(n): list(100 * (1 + bias) * (1 + rng.normal(0, cv, 20))) for n, bias in enumerate(biases[:6])}
        found = pooled_precision(lots)
        assert isinstance(found, PooledPrecision)
        bias = rms_bias([float(np.mean(own)) - 100 for own in lots.values()])
        u = combined([component("precision", found.cv_percent, found.df), component("bias", bias, 6)]).u_percent / 100
        measured = (1 + biases[6]) * (1 + rng.normal(0, cv))
        n_covered += abs(measured - 1) <= 2 * u * measured

    assert 0.93 - 2 * (0.05 / N_LABS) ** 0.5 <= n_covered / N_LABS <= 0.97
