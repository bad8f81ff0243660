"""Limits of blank, detection and quantitation against other ways to the same numbers, and their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import binom, norm

from checks.arithmetic.detection.blank_limit import blank_limit_by_mean, blank_limit_by_rank
from checks.arithmetic.detection.detection_limit import detection_limit, detection_limit_by_profile
from checks.arithmetic.detection.hit_rate import hit_rate_limit
from checks.arithmetic.detection.low_scatter import low_scatter
from checks.arithmetic.detection.precision_profile import precision_profile
from checks.arithmetic.detection.quantitation_limit import quantitation_limit_by_profile
from checks.arithmetic.refusal import Refusal


@pytest.mark.parametrize("n", [10, 19, 20, 57, 60, 61, 400])
def test_the_rank_of_the_blank_limit_is_hazens_quantile(n):
    values = np.random.default_rng(n).normal(size=n)

    assert blank_limit_by_rank(values) == pytest.approx(np.quantile(values, 0.95, method="hazen"), rel=1e-12)


def test_bounds_rank_below_numbers_and_are_no_limit_themselves():
    few, many = np.full(60, -np.inf), np.full(60, -np.inf)
    few[:10] = np.arange(1.0, 11.0)
    many[:2] = 1.0

    assert blank_limit_by_rank(few) == pytest.approx(7.5)
    assert isinstance(blank_limit_by_rank(many), Refusal)
    assert isinstance(blank_limit_by_mean(few, 5), Refusal)
    assert isinstance(blank_limit_by_rank(np.arange(9.0)), Refusal)


def test_a_profile_of_constant_scatter_gives_the_classical_limit():
    lows = [level + np.array([-0.6, 0.0, 0.6]) for level in (2.0, 3.0, 4.0, 5.0)]
    scatter = low_scatter(lows)
    flat = precision_profile(np.array([2.0, 3, 4, 5]), np.full(4, scatter.sd), np.full(4, 2.0))

    assert detection_limit_by_profile(1.5, flat, scatter.df) == pytest.approx(detection_limit(1.5, scatter), rel=1e-12)


@pytest.mark.parametrize(("intercept", "slope"), [(0.3, 0.05), (0.1, 0.12), (0.5, 0.0)])
def test_limits_of_a_straight_profile_solve_their_equations(intercept, slope):
    x = np.array([0.5, 1.0, 2.0, 4.0, 8.0])
    profile = precision_profile(x, intercept + slope * x, np.full(5, 11.0))
    factor = norm.ppf(0.95) / (1 - 1 / (4 * 55))

    assert detection_limit_by_profile(1.0, profile, 55) == pytest.approx(
        (1 + factor * intercept) / (1 - factor * slope), rel=1e-9
    )
    assert quantitation_limit_by_profile(profile, 20) == pytest.approx(intercept / (0.2 - slope), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_a_probit_line_is_where_the_likelihood_is_highest(seed):
    rng = np.random.default_rng(seed)
    conc = np.array([0.006, 0.014, 0.025, 0.05, 0.15, 0.5])
    tries = np.full(6, 30.0)
    hits = rng.binomial(30, norm.cdf(4.2 + 2.2 * np.log10(conc))).astype(float)

    found = hit_rate_limit(conc, hits, tries)

    def unlikely(line):
        return -binom.logpmf(hits, tries, norm.cdf(line[0] + line[1] * np.log10(conc))).sum()

    best = minimize(unlikely, [4.0, 2.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    # The simplex stops where the likelihood is flat to 1e-12: about 1e-6 of a coefficient.
    assert [found.intercept, found.slope] == pytest.approx(list(best.x), rel=1e-5)
    assert found.lo < found.value < found.hi
    assert norm.cdf(found.intercept + found.slope * np.log10(found.value)) == pytest.approx(0.95, abs=1e-12)


def test_hit_rates_without_a_line_are_refused():
    conc, tries = np.array([1.0, 2.0, 4.0]), np.full(3, 20.0)

    assert isinstance(hit_rate_limit(conc, np.array([0.0, 10.0, 20.0]), tries), Refusal)
    assert isinstance(hit_rate_limit(conc, np.array([19.0, 10.0, 1.0]), tries), Refusal)


@pytest.mark.parametrize("n_lots", [1, 4])
def test_limits_cover_95_of_100(n_lots):
    rng = np.random.default_rng(17)
    shares = []
    for _ in range(400):
        blanks = rng.normal(1.0, 0.5, 60 * n_lots)
        lows = [level + rng.normal(0, 0.6, 12 * n_lots) for level in (3.0, 3.5, 4.0, 4.5, 5.0)]
        for lob in (blank_limit_by_rank(blanks), blank_limit_by_mean(blanks, 5)):
            lod = detection_limit(lob, low_scatter(lows))
            shares.append((norm.cdf((lob - 1) / 0.5), norm.cdf((lod - lob) / 0.6)))

    # 400 sets: standard error 0.1 points; the rank of 60 results aims at 94.3 by its definition.
    assert np.mean(shares, axis=0) == pytest.approx([0.95, 0.95], abs=0.01)
