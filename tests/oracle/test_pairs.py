"""Third judge: pairs with ties, zeros and limits, beside scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from checks.arithmetic.censoring.censored_pairs import CensoredValues, Recensored, recensor
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.paired_t import PairedT, paired_t
from checks.arithmetic.pairs.sign_flip import SignFlip, sign_flip
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal

MANY = pytest.mark.parametrize("n_cases", [60, pytest.param(8_000, marks=pytest.mark.long)])
FEW = pytest.mark.parametrize("n_cases", [5, pytest.param(500, marks=pytest.mark.long)])
ENDINGS = (("two-sided", "p_two"), ("less", "p_less"), ("greater", "p_greater"))


def differences(rng: np.random.Generator, most: int) -> np.ndarray:
    n_pairs = int(rng.integers(2, most))
    return np.round(rng.normal(rng.choice([0.0, 0.7]), rng.choice([0.5, 2.0]), n_pairs), int(rng.choice([0, 1, 6])))


@MANY
def test_without_ties_the_signed_rank_is_scipys_exact_one_and_t_its_t(n_cases: int) -> None:
    rng = np.random.default_rng(1945)
    for _ in range(n_cases):
        d = rng.normal(0.4, 1, int(rng.integers(3, 40)))
        ranked, t = signed_rank(d), paired_t(d, scale=1.0)
        assert isinstance(ranked, SignedRank)
        assert isinstance(t, PairedT)
        for ending, name in ENDINGS:
            theirs = stats.wilcoxon(d, method="exact", alternative=ending)
            assert getattr(ranked, name) == pytest.approx(theirs.pvalue, rel=1e-9), (ending, d)
            assert getattr(t, name) == pytest.approx(stats.ttest_1samp(d, 0, alternative=ending).pvalue, rel=1e-9)


@FEW
def test_ties_and_zeros_are_those_of_scipys_list_of_all_sign_patterns(n_cases: int) -> None:
    rng = np.random.default_rng(1959)
    every = stats.PermutationMethod(n_resamples=2**12)
    for _ in range(n_cases):
        d = differences(rng, 9)
        for zeros in ("wilcox", "pratt"):
            ranked = signed_rank(d, zeros=zeros)
            if isinstance(ranked, Refusal):
                assert not d.any()
                continue
            for ending, name in ENDINGS:
                theirs = stats.wilcoxon(d, zero_method=zeros, method=every, alternative=ending)
                assert getattr(ranked, name) == pytest.approx(theirs.pvalue, abs=1e-12), (zeros, ending, d)


@FEW
def test_the_sign_flip_of_the_mean_is_scipys(n_cases: int) -> None:
    rng = np.random.default_rng(1937)
    for _ in range(n_cases):
        d = differences(rng, 9)
        flipped = sign_flip(d)
        if isinstance(flipped, SignFlip) and d.size > 1:
            theirs = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf)
            assert flipped.p_two == pytest.approx(theirs.pvalue, abs=1e-12), d


@MANY
def test_limits_and_the_median_of_averages_are_those_of_numpy(n_cases: int) -> None:
    rng = np.random.default_rng(2012)
    for _ in range(n_cases):
        before, after = np.round(rng.lognormal(0, 1, (2, int(rng.integers(2, 20)))), 1)
        limits = rng.choice([0.5, 1.0], (2, before.size))
        visits = list(zip((before, after), limits, strict=True))
        told = [CensoredValues(np.maximum(x, at), x < at, np.zeros(x.size, dtype=np.bool_)) for x, at in visits]
        again = recensor(*told)
        assert isinstance(again, Recensored)
        highest = max([float(at[x < at].max()) for x, at in visits if (x < at).any()], default=-np.inf)
        one, other = (np.maximum(visit.number, highest) for visit in told)
        d = np.round(again.after - again.before, 1)
        assert d == pytest.approx(np.round(other - one, 1))
        shift = hodges_lehmann(d)
        if isinstance(shift, HodgesLehmann):
            i, j = np.triu_indices(d.size)
            assert shift.estimate == pytest.approx(np.median((d[i] + d[j]) / 2), abs=1e-9)
